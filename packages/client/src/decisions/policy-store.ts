import type { ModuleDatabase } from '../module/module-database.ts';

/** A bundle as it is kept: with the keys by which it was verified, and the highest number ever taken. */
export interface KeptPolicies {
  readonly number: number;
  readonly highest: number;
  readonly delivery: string;
  readonly publicKeys: readonly string[];
}

/** The bundle that this module decided by last; undefined when it never had one. */
export async function loadKeptPolicies(database: ModuleDatabase): Promise<KeptPolicies | undefined> {
  const [row] = await database.query<KeptPolicies>(
    'SELECT number, highest, delivery, public_keys AS "publicKeys" FROM client.policies',
  );
  return row;
}

/** Keeps a bundle that was verified. Of several instances, one that is behind changes nothing. */
export async function keepPolicies(
  database: ModuleDatabase,
  { number, highest, delivery, publicKeys }: KeptPolicies,
  at: Date,
): Promise<void> {
  await database.query(
    `INSERT INTO client.policies AS kept (number, highest, delivery, public_keys, kept_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (singleton) DO UPDATE SET number = EXCLUDED.number, highest = EXCLUDED.highest,
       delivery = EXCLUDED.delivery, public_keys = EXCLUDED.public_keys, kept_at = EXCLUDED.kept_at
     WHERE kept.highest <= EXCLUDED.highest`,
    [number, highest, delivery, publicKeys, at],
  );
}
