import { isSocleError } from '@socle/base';
import { DbError, migrate, openDatabase, type MigrationSet } from '@socle/db';
import { migrations } from '../migrations.ts';
import type { ModuleDatabase, ModuleDatabaseOptions } from './module-database.ts';

/**
 * Opens a module's own database, with this package's tables (schema `client`) and the module's (schema `name`).
 *
 * With `migratorUrl`, what is missing is applied first, as the role `<name>_owner`; without it, the service refuses to
 * run on a database that is behind its code.
 *
 * @throws DbError `database_unavailable`, `migration_pending`, `migration_changed`, `migration_failed`,
 *   `migration_newer_than_code`.
 */
export async function openModuleDatabase(options: ModuleDatabaseOptions): Promise<ModuleDatabase> {
  const { name, url, migratorUrl } = options;
  const sets: readonly MigrationSet[] = [migrations, { name, folder: options.migrations }];
  if (migratorUrl !== undefined) await migrate({ url: migratorUrl, ownerRole: `${name}_owner`, sets });
  const { pending } = await checkMigrations(url, sets);
  if (pending.length > 0) {
    throw new DbError('migration_pending', {
      status: 503,
      publicMessage: `The database lacks ${pending.length} migrations of this version. Give the migrator's address once, then start again.`,
      details: { pending: [...pending] },
    });
  }
  const database = openDatabase({
    url,
    applicationName: name,
    ...(options.log === undefined ? {} : { log: options.log }),
    ...(options.maxConnections === undefined ? {} : { maxConnections: options.maxConnections }),
  });
  const { transaction, query, run, usage, close } = database;
  return Object.freeze({ name, transaction, query, run, usage, close });
}

async function checkMigrations(
  url: string,
  sets: readonly MigrationSet[],
): Promise<{ readonly pending: readonly string[] }> {
  try {
    return await migrate({ url, sets, checkOnly: true });
  } catch (error) {
    if (isSocleError(error)) throw error;
    // The service may not read the ledger before this package's first migration has granted it.
    if ((error as { code?: unknown }).code === '42501')
      return { pending: ['client/0001_create_sign_in_tables.sql'] };
    throw error;
  }
}
