import pg from 'pg';
import { asDbFault } from './errors.ts';

/** Logins of one database. Table owners cannot log in; the service's role owns nothing. */
export interface DatabaseLogins {
  /** May act as `<name>_owner`: migrations only. */
  readonly migrator: string;
  /** The service. */
  readonly app: string;
  /** Other least-privilege logins, by suffix (for instance `sequencer`). */
  readonly others: Readonly<Record<string, string>>;
}

export interface ProvisionOptions {
  /** A superuser's URL. */
  readonly adminUrl: string;
  /** The database to create, and the prefix of its roles. Lower-case letters, digits and underscores. */
  readonly name: string;
  /** Password of every login of this database. */
  readonly password: string;
  /** Suffixes of further logins. Default none. */
  readonly extraLogins?: readonly string[];
}

/**
 * Creates the database and its roles where they are missing: `<name>_owner` (no login, owns all),
 * `<name>_migrator` (may become the owner), `<name>_app` and the extra ones (granted rights by migrations only).
 * Running it again sets the passwords anew and changes nothing else.
 */
export async function provisionDatabase(options: ProvisionOptions): Promise<DatabaseLogins> {
  const { name } = options;
  if (!/^[a-z][a-z0-9_]{0,30}$/.test(name)) throw new TypeError(`not a database name: ${name}`);
  await provisionRoles(options);
  const client = new pg.Client({ connectionString: options.adminUrl });
  try {
    await client.connect();
    const exists = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (exists.rowCount === 0) await client.query(`CREATE DATABASE "${name}" OWNER "${name}_owner"`);
    await client.query(`REVOKE ALL ON DATABASE "${name}" FROM PUBLIC`);
    for (const login of loginNames(options))
      await client.query(`GRANT CONNECT ON DATABASE "${name}" TO "${login}"`);
  } catch (error) {
    throw asDbFault(error);
  } finally {
    await client.end().catch(() => {});
  }
  const url = (login: string) =>
    databaseUrl(options.adminUrl, { database: name, user: login, password: options.password });
  return {
    migrator: url(`${name}_migrator`),
    app: url(`${name}_app`),
    others: Object.fromEntries(
      (options.extraLogins ?? []).map((suffix) => [suffix, url(`${name}_${suffix}`)]),
    ),
  };
}

/** Creates the roles of `provisionDatabase` alone (they belong to the whole server). */
async function provisionRoles(options: ProvisionOptions): Promise<void> {
  const { name } = options;
  const client = new pg.Client({ connectionString: options.adminUrl });
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock(5073747)');
    await ensureRole(client, `${name}_owner`, 'NOLOGIN');
    const password = client.escapeLiteral(options.password);
    for (const login of loginNames(options)) await ensureRole(client, login, `LOGIN PASSWORD ${password}`);
    await client.query(`GRANT "${name}_owner" TO "${name}_migrator"`);
  } catch (error) {
    throw asDbFault(error);
  } finally {
    await client.end().catch(() => {});
  }
}

/** The same server, another database or login. */
export function databaseUrl(
  base: string,
  change: { readonly database?: string; readonly user?: string; readonly password?: string },
): string {
  // A URL without a host (unix socket) is legal for PostgreSQL and not for the URL class.
  const url = new URL(base.replace(/@\//, '@socket/'));
  if (change.database !== undefined) url.pathname = `/${change.database}`;
  if (change.user !== undefined) url.username = change.user;
  if (change.password !== undefined) url.password = change.password;
  return url.href.replace('@socket/', '@/');
}

function loginNames(options: ProvisionOptions): string[] {
  return ['migrator', 'app', ...(options.extraLogins ?? [])].map((suffix) => `${options.name}_${suffix}`);
}

async function ensureRole(client: pg.Client, role: string, attributes: string): Promise<void> {
  const exists = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  const verb = exists.rowCount === 0 ? 'CREATE' : 'ALTER';
  await client.query(`${verb} ROLE "${role}" NOSUPERUSER NOCREATEDB NOCREATEROLE ${attributes}`);
}
