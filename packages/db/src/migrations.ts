import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { sha256 } from '@socle/base';
import { DbError, asDbFault } from './errors.ts';

/** The numbered SQL files of one package. */
export interface MigrationSet {
  /** The package's short name, which is also its PostgreSQL schema. */
  readonly name: string;
  /** The folder of `NNNN_verb_noun.sql` files. */
  readonly folder: URL;
}

export interface MigrateOptions {
  /** A login that may act as `ownerRole` (or owns the database). */
  readonly url: string;
  /** Role that will own the tables; the session switches to it. Default: the login itself. */
  readonly ownerRole?: string;
  /** In the order in which they must be applied. */
  readonly sets: readonly MigrationSet[];
  /** Apply nothing, only tell what would be. */
  readonly checkOnly?: boolean;
}

/** Names of files that were applied (or, with `checkOnly`, would be), as `package/file`. */
export interface MigrateResult {
  readonly pending: readonly string[];
  readonly applied: number;
}

interface MigrationFile {
  readonly set: string;
  readonly number: number;
  readonly file: string;
  readonly text: string;
  readonly checksum: string;
  readonly transactional: boolean;
}

const FILE_NAME = /^(\d{4})_[a-z0-9]+(?:_[a-z0-9]+)*\.sql$/;
const ADVISORY_LOCK = 5_073_746; // one number for all of Socle: 'SOCLE' on a telephone's keys, roughly

/**
 * Brings the database up to the code: each file once, in order, each in its own transaction
 * (but for files whose first line is `-- no-transaction`), under an advisory lock so that instances that start
 * together wait for one another.
 *
 * @throws DbError `migration_changed` when an applied file no longer has the bytes it had,
 *   `migration_newer_than_code` when the database knows files this code does not,
 *   `migration_failed` with the file's name when PostgreSQL refuses it, `database_unavailable`.
 */
export async function migrate(options: MigrateOptions): Promise<MigrateResult> {
  const files = (await Promise.all(options.sets.map(loadFiles))).flat();
  const client = new pg.Client({ connectionString: options.url, application_name: 'socle migrate' });
  client.on('error', () => {});
  try {
    await client.connect();
    if (options.ownerRole) await client.query(`SET ROLE ${client.escapeIdentifier(options.ownerRole)}`);
    if (!options.checkOnly) await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    return await applyMissing(client, files, options);
  } catch (error) {
    throw asDbFault(error);
  } finally {
    await client.end().catch(() => {});
  }
}

async function applyMissing(
  client: pg.Client,
  files: readonly MigrationFile[],
  options: MigrateOptions,
): Promise<MigrateResult> {
  if (!options.checkOnly) await createLedger(client);
  const known = await loadApplied(client);
  checkLedger(files, known, options.sets);
  const missing = files.filter((file) => !known.has(key(file)));
  const pending = missing.map((file) => `${file.set}/${file.file}`);
  if (options.checkOnly) return { pending, applied: 0 };
  for (const file of missing) await applyFile(client, file);
  return { pending, applied: missing.length };
}

async function createLedger(client: pg.Client): Promise<void> {
  await client.query(`
    CREATE SCHEMA IF NOT EXISTS migrations;
    CREATE TABLE IF NOT EXISTS migrations.applied (
      package text NOT NULL,
      number int NOT NULL,
      file text NOT NULL,
      checksum text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (package, number)
    );
    -- a service may see whether it fits the database; only the owner writes here
    GRANT USAGE ON SCHEMA migrations TO PUBLIC;
    GRANT SELECT ON migrations.applied TO PUBLIC`);
}

async function loadApplied(client: pg.Client): Promise<Map<string, { file: string; checksum: string }>> {
  const exists = await client.query(`SELECT to_regclass('migrations.applied') IS NOT NULL AS yes`);
  if (!exists.rows[0].yes) return new Map();
  const rows = await client.query('SELECT package, number, file, checksum FROM migrations.applied');
  return new Map(rows.rows.map((row) => [`${row.package}/${row.number}`, row]));
}

function checkLedger(
  files: readonly MigrationFile[],
  known: ReadonlyMap<string, { file: string; checksum: string }>,
  sets: readonly MigrationSet[],
): void {
  const ours = new Map(files.map((file) => [key(file), file]));
  for (const [id, applied] of known) {
    const [set = ''] = id.split('/');
    if (!sets.some((candidate) => candidate.name === set)) continue;
    const file = ours.get(id);
    if (!file) {
      throw new DbError('migration_newer_than_code', {
        status: 503,
        publicMessage: `The database already has ${set}/${applied.file}, which this version does not know. Run the newer version, or restore the matching backup.`,
      });
    }
    if (file.checksum !== applied.checksum) {
      throw new DbError('migration_changed', {
        status: 503,
        publicMessage: `The file ${set}/${file.file} was changed after it had been applied. Put the original back and write a new migration.`,
      });
    }
  }
}

async function applyFile(client: pg.Client, file: MigrationFile): Promise<void> {
  const record = () =>
    client.query('INSERT INTO migrations.applied (package, number, file, checksum) VALUES ($1, $2, $3, $4)', [
      file.set,
      file.number,
      file.file,
      file.checksum,
    ]);
  try {
    if (!file.transactional) {
      for (const statement of file.text
        .split(/;\s*$/m)
        .filter((part) => part.replace(/^--.*$/gm, '').trim())) {
        await client.query(statement);
      }
      await record();
      return;
    }
    await client.query('BEGIN');
    await client.query(file.text);
    await record();
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    const fault = asDbFault(error);
    if (fault instanceof DbError) throw fault;
    throw new DbError('migration_failed', {
      status: 503,
      publicMessage: `The migration ${file.set}/${file.file} was refused by PostgreSQL: ${(error as Error).message}. Nothing of it was applied.`,
      cause: error,
    });
  }
}

async function loadFiles(set: MigrationSet): Promise<MigrationFile[]> {
  const folder = fileURLToPath(set.folder);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const files = await Promise.all(
    names.map(async (file): Promise<MigrationFile> => {
      const match = FILE_NAME.exec(file);
      if (!match) {
        throw new DbError('migration_failed', {
          status: 503,
          publicMessage: `The file ${set.name}/${file} is not named NNNN_verb_noun.sql.`,
        });
      }
      const text = await readFile(new URL(file, `${set.folder.href.replace(/\/?$/, '/')}`), 'utf8');
      return {
        set: set.name,
        number: Number(match[1]),
        file,
        text,
        checksum: sha256(text).toString('hex'),
        transactional: !text.startsWith('-- no-transaction'),
      };
    }),
  );
  files.forEach((file, index) => {
    if (file.number !== index + 1) {
      throw new DbError('migration_failed', {
        status: 503,
        publicMessage: `The migrations of ${set.name} must be numbered 0001, 0002, … without a gap; found ${file.file} in place ${index + 1}.`,
      });
    }
  });
  return files;
}

function key(file: MigrationFile): string {
  return `${file.set}/${file.number}`;
}
