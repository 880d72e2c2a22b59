import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Client } from '../client.ts';
import type { ModuleActions } from '../outbox/event.ts';
import type { ModuleConfig } from './config.ts';
import type { ModuleDatabase } from './module-database.ts';

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
