import { advisoryLockKey, type Database } from '@socle/db';
import { refuse } from '../errors.ts';

const LOCK = advisoryLockKey('directory.import');

/**
 * Runs an import alone, with staging empty before and after.
 *
 * @throws DirectoryError `import_already_running`.
 */
export async function runImportAlone<T>(database: Database, work: () => Promise<T>): Promise<T> {
  // The lock lives in a transaction of its own, so that it goes with the process, whatever becomes of it.
  return database.transaction(
    async (lock) => {
      await lock.query('SET LOCAL idle_in_transaction_session_timeout = 0');
      const [row] = await lock.query<{ taken: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS taken', [
        LOCK,
      ]);
      if (!row!.taken) {
        throw refuse('import_already_running', 409, 'Another import is running. Wait until it ends.');
      }
      return withEmptyStaging(database, work);
    },
    { maxAttempts: 1 },
  );
}

/** Another run may have been killed with rows in staging; none are left behind by this one. */
async function withEmptyStaging<T>(database: Database, work: () => Promise<T>): Promise<T> {
  const empty = () =>
    database.transaction((tx) => tx.query('SELECT directory.empty_staging()'), { scope: 'all' });
  await empty();
  try {
    return await work();
  } finally {
    await empty().catch(() => undefined);
  }
}
