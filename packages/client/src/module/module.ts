import type { Log } from '@socle/base';
import type { Database } from '@socle/db';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Client } from '../client.ts';
import type { ModuleActions } from '../outbox/event.ts';
import type { ModuleConfig } from './config.ts';

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

/** What a module's routes are given. */
export interface ModuleParts {
  readonly config: ModuleConfig;
  readonly client: Client;
  readonly database: ModuleDatabase;
}

export interface ModuleOptions {
  readonly config: ModuleConfig;
  /** The module's short name: schema, prefix of the database roles. */
  readonly name: string;
  readonly title: { readonly fr: string; readonly en: string };
  readonly migrations: URL;
  /** `module.actions` of the registration document: events of other actions are refused at once. */
  readonly actions: ModuleActions;
  /** A pino logger. */
  readonly log: FastifyBaseLogger;
  /** Registers the module's own routes. Form tokens, error pages, sign-in and security headers are there already. */
  routes(app: FastifyInstance, parts: ModuleParts): void | Promise<void>;
}

/** A module that listens. */
export interface RunningModule extends ModuleParts {
  readonly app: FastifyInstance;
  /** Stops taking requests, lets those in hand end, then closes delivery and the database. */
  stop(): Promise<void>;
}
