import { migrations as audit } from '@socle/audit';
import { migrate, type MigrationSet } from '@socle/db';
import { migrations as directory } from '@socle/directory';
import { migrations as identity } from '@socle/identity';
import { ServiceError } from './errors.ts';

/** Role that owns every table of the socle's database and cannot log in. */
export const ownerRole = 'socle_owner';

/** Every migration of the socle's database, in the order in which the packages build on one another. */
export const migrationSets: readonly MigrationSet[] = [
  audit,
  directory,
  identity,
  { name: 'socle', folder: new URL('../migrations/', import.meta.url) },
];

/**
 * Resolves when the database is at the state that this code expects.
 *
 * @throws ServiceError `not_ready` that says to migrate, DbError `migration_newer_than_code`.
 */
export async function requireCurrentSchema(url: string): Promise<void> {
  const { pending } = await migrate({ url, sets: migrationSets, checkOnly: true });
  if (pending.length === 0) return;
  throw new ServiceError('not_ready', {
    status: 503,
    publicMessage: `The database lacks ${pending.length} migrations. Run "socle migrate" first.`,
  });
}
