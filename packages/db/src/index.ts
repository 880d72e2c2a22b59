export { advisoryLockKey } from './advisory-lock-key.ts';
export { openDatabase, type Database, type DatabaseOptions } from './database.ts';
export { joinEmbeddedServer, type JoinedServer } from './embedded/join.ts';
export { startEmbeddedServer, type EmbeddedServer, type EmbeddedServerOptions } from './embedded/server.ts';
export { DbError, isConnectionFailure, sqlState, type DbErrorCode } from './errors.ts';
export { migrate, type MigrateOptions, type MigrateResult, type MigrationSet } from './migrations.ts';
export {
  databaseUrl,
  provisionDatabase,
  type DatabaseLogins,
  type ProvisionOptions,
} from './provision.ts';
export type { PreparedStatement, Queryable } from './queryable.ts';
export { buildTables, type Statement } from './query-builder.ts';
export type { ControllerScope, TransactionOptions, Tx } from './transaction.ts';
