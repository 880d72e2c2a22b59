import type { Insertable, Selectable } from 'kysely';
import { advisoryLockKey, type Queryable, type Tx } from '@socle/db';
import { tables, type SigningAlgorithm, type SigningKeyRow } from './tables.ts';

/** All signing keys, oldest first. */
export function loadKeys(db: Queryable): Promise<Selectable<SigningKeyRow>[]> {
  return db.run(tables.selectFrom('signing_keys').selectAll().orderBy('published_at').orderBy('kid'));
}

/** Keeps other rotations out until this transaction ends. */
export async function lockKeys(tx: Tx): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [advisoryLockKey('identity.signing-keys')]);
}

export async function insertKey(tx: Tx, row: Insertable<SigningKeyRow>): Promise<void> {
  await tx.run(tables.insertInto('signing_keys').values(row));
}

/** Lets the present signer of `alg` retire at `retireAt`, and signs with `kid` from now on. */
export async function promoteKey(
  tx: Tx,
  change: { kid: string; alg: SigningAlgorithm; now: Date; retireAt: Date },
): Promise<void> {
  await tx.run(
    tables
      .updateTable('signing_keys')
      .set({ status: 'retiring', retire_at: change.retireAt })
      .where('alg', '=', change.alg)
      .where('status', '=', 'signing'),
  );
  await tx.run(
    tables
      .updateTable('signing_keys')
      .set({ status: 'signing', signing_from: change.now })
      .where('kid', '=', change.kid),
  );
}

/** Deletes retiring keys that no valid token needs any more. */
export function deleteRetired(tx: Tx, now: Date): Promise<{ kid: string; alg: SigningAlgorithm }[]> {
  return tx.run(
    tables
      .deleteFrom('signing_keys')
      .where('status', '=', 'retiring')
      .where('retire_at', '<=', now)
      .returning(['kid', 'alg']),
  );
}
