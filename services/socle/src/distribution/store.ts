import type { Queryable, Tx } from '@socle/db';

/** The bundle that decides, as the database names it. */
export interface StoredPolicies {
  readonly number: number;
  readonly highest: number;
  readonly digest: string;
  /** The signed bundle, and the signed rollback that led back to it. */
  readonly bundle: string;
  readonly rollback: string | null;
}

/** Channel on which a change of the policies in force is told. A hint: polling is the truth. */
export const POLICIES_CHANNEL = 'socle_policies';

const SELECT = `SELECT f.number, f.highest, b.digest, b.bundle, f.rollback
  FROM socle.policies_in_force f JOIN socle.policy_bundles b ON b.number = f.number`;

export async function loadPoliciesInForce(db: Queryable): Promise<StoredPolicies | undefined> {
  const [row] = await db.query<StoredPolicies>(SELECT);
  return row;
}

/** The same, for a change: rivals wait until this transaction ends. */
export async function lockPoliciesInForce(tx: Tx): Promise<StoredPolicies | undefined> {
  await tx.query('LOCK TABLE socle.policies_in_force IN SHARE ROW EXCLUSIVE MODE');
  return loadPoliciesInForce(tx);
}

/** The text of a bundle that was in force once; undefined when none has that number. */
export async function findBundle(db: Queryable, number: number): Promise<string | undefined> {
  const [row] = await db.query<{ bundle: string }>(
    'SELECT bundle FROM socle.policy_bundles WHERE number = $1',
    [number],
  );
  return row?.bundle;
}

/** The digest of a bundle that was published. */
export async function findDigest(db: Queryable, number: number): Promise<string | undefined> {
  const [row] = await db.query<{ digest: string }>(
    'SELECT digest FROM socle.policy_bundles WHERE number = $1',
    [number],
  );
  return row?.digest;
}

/** Puts a bundle in force, which is kept for good. */
export async function putInForce(tx: Tx, policies: StoredPolicies, at: Date): Promise<void> {
  const { number, highest, digest, bundle, rollback } = policies;
  await tx.query(
    `INSERT INTO socle.policy_bundles (number, digest, bundle, published_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (number) DO NOTHING`,
    [number, digest, bundle, at],
  );
  await tx.query(
    `INSERT INTO socle.policies_in_force (number, highest, rollback, moved_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (singleton) DO UPDATE
       SET number = EXCLUDED.number, highest = EXCLUDED.highest, rollback = EXCLUDED.rollback, moved_at = EXCLUDED.moved_at`,
    [number, highest, rollback, at],
  );
  await tx.query('SELECT pg_notify($1, $2)', [POLICIES_CHANNEL, String(number)]);
}
