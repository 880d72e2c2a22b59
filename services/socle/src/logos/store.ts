import { buildTables, type Tx } from '@socle/db';
import type { Logo } from './redraw-logo.ts';

interface Tables {
  school_logos: {
    school_id: string;
    controller_id: string;
    digest: string;
    png: Buffer;
    width: number;
    height: number;
    set_at: Date;
  };
}

const tables = buildTables<Tables>('socle');

/** Puts a logo in place of the one that a school had. */
export async function saveLogo(
  tx: Tx,
  school: { readonly id: string; readonly controller: string },
  logo: Logo,
  at: Date,
): Promise<void> {
  const row = { ...logo, controller_id: school.controller, set_at: at };
  await tx.run(
    tables
      .insertInto('school_logos')
      .values({ ...row, school_id: school.id })
      .onConflict((conflict) => conflict.column('school_id').doUpdateSet(row)),
  );
}

/** Takes the logo of a school away. False when it had none. */
export async function removeLogo(tx: Tx, schoolId: string): Promise<boolean> {
  const rows = await tx.run(
    tables.deleteFrom('school_logos').where('school_id', '=', schoolId).returning('digest'),
  );
  return rows.length > 0;
}

/** The logo of a school, if it has one. */
export async function findLogo(tx: Tx, schoolId: string): Promise<Logo | undefined> {
  const [row] = await tx.run(
    tables
      .selectFrom('school_logos')
      .select(['digest', 'png', 'width', 'height'])
      .where('school_id', '=', schoolId),
  );
  return row;
}

/** The digest of a school's logo, without its bytes: what a page needs. */
export async function findLogoDigest(tx: Tx, schoolId: string): Promise<string | undefined> {
  const [row] = await tx.run(
    tables.selectFrom('school_logos').select('digest').where('school_id', '=', schoolId),
  );
  return row?.digest;
}

/** The picture of this digest, whichever school's it is. */
export async function loadLogoPicture(tx: Tx, digest: string): Promise<Buffer | undefined> {
  const [row] = await tx.run(
    tables.selectFrom('school_logos').select('png').where('digest', '=', digest).limit(1),
  );
  return row?.png;
}
