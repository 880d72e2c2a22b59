import path from 'node:path';
import type { Log } from '@socle/base';
import {
  joinEmbeddedServer,
  provisionDatabase,
  startEmbeddedServer,
  type DatabaseLogins,
  type EmbeddedServer,
} from '@socle/db';
import type { Config } from './config.ts';
import { ServiceError } from './errors.ts';

/** Where the service's data is: the configured PostgreSQL, or the embedded one. */
export interface RuntimeDatabase {
  /** URL of each login of the socle's own database. */
  readonly socle: { readonly app: string; readonly migrator?: string; readonly sequencer?: string };
  /** Provisions a further database (a module's own) on the embedded server; undefined with a configured one. */
  readonly provisionModule?: (name: string) => Promise<DatabaseLogins>;
  /** Resolves when the embedded server ends without having been told to. Never resolves otherwise. */
  readonly crashed: Promise<void>;
  /** Stops the embedded server if this process started it. */
  close(): Promise<void>;
}

export interface OpenRuntimeDatabaseOptions {
  readonly config: Config;
  readonly log: Log;
  /**
   * May this process join the embedded server of another one (the command line beside a running service)?
   * The service itself must own it: false.
   */
  readonly mayJoin: boolean;
  /** Told when the data had to be put elsewhere. */
  readonly onNotice?: (sentence: string) => void;
}

const NEVER = new Promise<void>(() => {});

/** Opens the database that the configuration names. @throws DbError, ServiceError `configuration_refused`. */
export async function openRuntimeDatabase(options: OpenRuntimeDatabaseOptions): Promise<RuntimeDatabase> {
  const { config } = options;
  if (config.databaseUrl) return useConfigured(config, config.databaseUrl);
  const folder = path.join(config.dataDir, 'postgres');
  if (options.mayJoin) {
    const joined = await joinEmbeddedServer(folder);
    if (joined) return withSocleDatabase(joined, NEVER, async () => {});
  }
  const server = await startEmbeddedServer({ folder, log: options.log });
  if (server.folders.notice) options.onNotice?.(server.folders.notice);
  try {
    return await withSocleDatabase(server, server.crashed, () => server.stop());
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function useConfigured(config: Config, app: string): RuntimeDatabase {
  return {
    socle: {
      app,
      ...(config.migratorDatabaseUrl ? { migrator: config.migratorDatabaseUrl } : {}),
      ...(config.sequencerDatabaseUrl ? { sequencer: config.sequencerDatabaseUrl } : {}),
    },
    crashed: NEVER,
    async close() {},
  };
}

async function withSocleDatabase(
  server: Pick<EmbeddedServer, 'adminUrl' | 'password'>,
  crashed: Promise<void>,
  close: () => Promise<void>,
): Promise<RuntimeDatabase> {
  const provision = (name: string, extraLogins: readonly string[] = []) =>
    provisionDatabase({ adminUrl: server.adminUrl, name, password: server.password, extraLogins });
  const logins = await provision('socle', ['sequencer']);
  return {
    socle: { app: logins.app, migrator: logins.migrator, sequencer: logins.others.sequencer! },
    provisionModule: (name) => provision(name),
    crashed,
    close,
  };
}

/** The login that a command needs, or the sentence that says which variable to set. */
export function requireLogin(database: RuntimeDatabase, login: 'migrator' | 'sequencer'): string {
  const url = database.socle[login];
  if (url) return url;
  throw new ServiceError('configuration_refused', {
    status: 400,
    publicMessage: `SOCLE_${login.toUpperCase()}_DATABASE_URL is needed beside SOCLE_DATABASE_URL for this.`,
  });
}
