import { SocleError } from '@socle/base';

/** Codes of failures that @socle/db raises; docs/errors.md gives the remedy of each. */
export type DbErrorCode =
  | 'database_unavailable'
  | 'database_in_use'
  | 'database_folder_unusable'
  | 'database_disk_full'
  | 'database_runtime_missing'
  | 'migration_changed'
  | 'migration_failed'
  | 'migration_newer_than_code'
  | 'migration_pending';

/** A failure of the database room. */
export class DbError extends SocleError<DbErrorCode> {}

/** True for a failure where the connection, not the statement, is at fault (the caller may retry later). */
export function isConnectionFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: string }).code ?? '';
  if (/^(08|57P0|53)/.test(code)) return true;
  if (['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'EACCES'].includes(code)) return true;
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
    error.message,
  );
}

/** SQLSTATE of an error raised by PostgreSQL, or undefined. */
export function sqlState(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** Turns a lost or refused connection into the fault `database_unavailable`; gives any other error back. */
export function asDbFault(error: unknown): unknown {
  if (sqlState(error) === '53100') {
    return new DbError('database_disk_full', {
      status: 503,
      publicMessage: 'The database has no disk space left. Free some space on its volume, then try again.',
      cause: error,
    });
  }
  if (!isConnectionFailure(error)) return error;
  return new DbError('database_unavailable', {
    status: 503,
    publicMessage: 'The database does not answer. Check that PostgreSQL runs, then try again.',
    cause: error,
  });
}
