import { sha256 } from '@socle/base';
import { readFile, readdir } from 'node:fs/promises';
import pg from 'pg';
import { openDatabase, type Database } from './database.ts';
import { migrate, type MigrationSet } from './migrations.ts';
import { databaseUrl, provisionDatabase } from './provision.ts';

/** Name of the environment variable that holds the test server's superuser URL (set by the test runner). */
export const TEST_SERVER_VARIABLE = 'SOCLE_TEST_POSTGRES';

/** A database of its own for one test file, cloned from a migrated template. */
export interface TestDatabase {
  /** The pool of the service's login. */
  readonly app: Database;
  /** URL for the login `<prefix>_<suffix>`: `app`, `migrator`, or one of the extra logins. */
  url(suffix: string): string;
  /** URL of a superuser on this database, for what only a test may do (tamper, inspect). */
  readonly adminUrl: string;
  /** Opens a further pool, for instance as another login; closed by `close`. */
  open(suffix: string): Database;
  /** A superuser's pool on this database; closed by `close`. */
  openAdmin(): Database;
  close(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** Prefix of the roles. Default `socle`. */
  readonly prefix?: string;
  /** Default `['sequencer']`. */
  readonly extraLogins?: readonly string[];
}

const PASSWORD = 'test';

/**
 * Opens a fresh database with the tables of `sets`, in milliseconds: each distinct group of migrations is
 * applied once a run to a template, which is then cloned.
 */
export async function openTestDatabase(
  sets: readonly MigrationSet[],
  options: TestDatabaseOptions = {},
): Promise<TestDatabase> {
  const server = process.env[TEST_SERVER_VARIABLE];
  if (!server) {
    throw new Error(
      `${TEST_SERVER_VARIABLE} is not set: run the tests with vitest and the repository's own config`,
    );
  }
  const prefix = options.prefix ?? 'socle';
  const extraLogins = options.extraLogins ?? ['sequencer'];
  const template = `t_${(await fingerprint(sets, prefix)).slice(0, 24)}`;
  const name = `f_${Date.now().toString(36)}_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  try {
    await admin.query('SELECT pg_advisory_lock(5073748)');
    const ready = await admin.query('SELECT datistemplate FROM pg_database WHERE datname = $1', [template]);
    if (!ready.rows[0]?.datistemplate) await makeTemplate(admin, server, template, prefix, extraLogins, sets);
    await admin.query(
      `CREATE DATABASE "${name}" TEMPLATE "${template}" OWNER "${prefix}_owner" STRATEGY file_copy`,
    );
  } finally {
    await admin.end();
  }
  const opened: Database[] = [];
  const track = (url: string) => {
    const database = openDatabase({ url, maxConnections: 20 });
    opened.push(database);
    return database;
  };
  const url = (suffix: string) =>
    databaseUrl(server, { database: name, user: `${prefix}_${suffix}`, password: PASSWORD });
  const adminUrl = databaseUrl(server, { database: name });
  return {
    app: track(url('app')),
    url,
    adminUrl,
    open: (suffix) => track(url(suffix)),
    openAdmin: () => track(adminUrl),
    async close() {
      await Promise.all(opened.map((database) => database.close()));
      const last = new pg.Client({ connectionString: server });
      await last.connect();
      await last.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
      await last.end();
    },
  };
}

async function makeTemplate(
  admin: pg.Client,
  server: string,
  template: string,
  prefix: string,
  extraLogins: readonly string[],
  sets: readonly MigrationSet[],
): Promise<void> {
  await admin.query(`DROP DATABASE IF EXISTS "${template}" WITH (FORCE)`);
  await provisionDatabase({ adminUrl: server, name: prefix, password: PASSWORD, extraLogins });
  await admin.query(`CREATE DATABASE "${template}" OWNER "${prefix}_owner"`);
  await migrate({
    url: databaseUrl(server, { database: template, user: `${prefix}_migrator`, password: PASSWORD }),
    ownerRole: `${prefix}_owner`,
    sets,
  });
  await admin.query(`ALTER DATABASE "${template}" WITH IS_TEMPLATE true`);
}

async function fingerprint(sets: readonly MigrationSet[], prefix: string): Promise<string> {
  const parts: string[] = [prefix];
  for (const set of sets) {
    const names = (await readdir(set.folder)).sort();
    for (const file of names) {
      parts.push(
        `${set.name}/${file}`,
        await readFile(new URL(file, `${set.folder.href.replace(/\/?$/, '/')}`), 'utf8'),
      );
    }
  }
  return sha256(parts.join('\0')).toString('hex');
}
