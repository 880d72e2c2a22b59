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
    is_former: boolean;
  };
}

const tables = buildTables<Tables>('socle');

/** Puts a logo in place of the one that a school had, which is kept until the next change. */
export async function saveLogo(
  tx: Tx,
  school: { readonly id: string; readonly controller: string },
  logo: Logo,
  at: Date,
): Promise<void> {
  await removeLogo(tx, school.id);
  const { digest, png, width, height } = logo;
  const row = { digest, png, width, height, controller_id: school.controller, set_at: at };
  await tx.run(tables.insertInto('school_logos').values({ ...row, school_id: school.id, is_former: false }));
}

/** Takes the logo of a school away, keeping it until the next change. False when it had none. */
export async function removeLogo(tx: Tx, schoolId: string): Promise<boolean> {
  await lockSchool(tx, schoolId);
  if ((await findLogoDigest(tx, schoolId)) === undefined) return false;
  await deleteRow(tx, schoolId, true);
  await tx.run(tables.updateTable('school_logos').set({ is_former: true }).where('school_id', '=', schoolId));
  return true;
}

/** Brings back the logo that stood before the last change. Its digest, or undefined when there was none to bring back. */
export async function restoreLogo(tx: Tx, schoolId: string): Promise<string | undefined> {
  await lockSchool(tx, schoolId);
  const [former] = await tx.run(
    tables
      .selectFrom('school_logos')
      .select('digest')
      .where('school_id', '=', schoolId)
      .where('is_former', '=', true),
  );
  if (!former) return undefined;
  await deleteRow(tx, schoolId, false);
  await tx.run(
    tables.updateTable('school_logos').set({ is_former: false }).where('school_id', '=', schoolId),
  );
  return former.digest;
}

/** The logo of a school, if it has one. */
export async function findLogo(tx: Tx, schoolId: string): Promise<Logo | undefined> {
  const [row] = await tx.run(
    tables
      .selectFrom('school_logos')
      .select(['digest', 'png', 'width', 'height'])
      .where('school_id', '=', schoolId)
      .where('is_former', '=', false),
  );
  return row;
}

/** The digest of a school's logo, without its bytes: what a page needs. */
export async function findLogoDigest(tx: Tx, schoolId: string): Promise<string | undefined> {
  const [row] = await tx.run(
    tables
      .selectFrom('school_logos')
      .select('digest')
      .where('school_id', '=', schoolId)
      .where('is_former', '=', false),
  );
  return row?.digest;
}

/** The picture of this digest, whichever school's it is now. */
export async function loadLogoPicture(tx: Tx, digest: string): Promise<Buffer | undefined> {
  const [row] = await tx.run(
    tables
      .selectFrom('school_logos')
      .select('png')
      .where('digest', '=', digest)
      .where('is_former', '=', false)
      .limit(1),
  );
  return row?.png;
}

// Two changes at once come one after the other; the row to lock may not exist yet.
async function lockSchool(tx: Tx, schoolId: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`school logo ${schoolId}`]);
}

async function deleteRow(tx: Tx, schoolId: string, isFormer: boolean): Promise<void> {
  await tx.run(
    tables.deleteFrom('school_logos').where('school_id', '=', schoolId).where('is_former', '=', isFormer),
  );
}
