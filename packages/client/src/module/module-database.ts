import type { Log } from '@socle/base';
import type { Database } from '@socle/db';

/** A module's own database, at its own login: transactions, statements, nothing that would cross schemas' owners. */
export interface ModuleDatabase extends Pick<Database, 'transaction' | 'query' | 'run' | 'usage' | 'close'> {
  /** The module's name, which is also the PostgreSQL schema of its tables. */
  readonly name: string;
}

export interface ModuleDatabaseOptions {
  /** Login of the service: `postgres://grades_app:…@…/grades`. */
  readonly url: string;
  /** Login that may become `<name>_owner`. When given, migrations are applied; otherwise they are only checked. */
  readonly migratorUrl?: string;
  /** The module's short name: its schema and the prefix of its roles. */
  readonly name: string;
  /** The folder of the module's `NNNN_verb_noun.sql` files. */
  readonly migrations: URL;
  readonly log?: Log;
  /** Most connections at once. Default 10. */
  readonly maxConnections?: number;
}
