import type { PersonId } from '@socle/base';
import { buildTables, type Tx } from '@socle/db';
import { parseArrangement, type Arrangement } from './arrangement.ts';

interface Tables {
  portal_arrangements: {
    person_id: PersonId;
    controller_id: string;
    arrangement: unknown;
    changed_at: Date;
  };
}

const tables = buildTables<Tables>('socle');

/** How this person arranged their portal; nothing arranged when they never did. */
export async function loadArrangement(tx: Tx, person: PersonId): Promise<Arrangement> {
  const [row] = await tx.run(
    tables.selectFrom('portal_arrangements').select('arrangement').where('person_id', '=', person),
  );
  return parseArrangement(row?.arrangement);
}

/** Changes a person's arrangement; two changes at once both count, one after the other. */
export async function changeArrangement(
  tx: Tx,
  owner: { readonly person: PersonId; readonly controller: string },
  at: Date,
  change: (before: Arrangement) => Arrangement,
): Promise<void> {
  // the row to lock may not exist yet
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`portal ${owner.person}`]);
  const arrangement = JSON.stringify(change(await loadArrangement(tx, owner.person))) as unknown;
  const row = { controller_id: owner.controller, arrangement, changed_at: at };
  await tx.run(
    tables
      .insertInto('portal_arrangements')
      .values({ ...row, person_id: owner.person })
      .onConflict((conflict) => conflict.column('person_id').doUpdateSet(row)),
  );
}

/** Forgets what this person arranged: the order offered is back. */
export async function clearArrangement(tx: Tx, person: PersonId): Promise<void> {
  await tx.run(tables.deleteFrom('portal_arrangements').where('person_id', '=', person));
}
