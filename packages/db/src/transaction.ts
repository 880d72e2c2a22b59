import type pg from 'pg';
import { asDbFault, sqlState } from './errors.ts';
import type { PreparedStatement, Queryable } from './queryable.ts';
import type { Statement } from './query-builder.ts';

/** Controllers (art. 4.7 GDPR) whose rows this transaction may see; row-level security enforces it. */
export type ControllerScope = 'all' | readonly string[];

export interface TransactionOptions {
  /** Default `read committed`. */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable';
  readonly readOnly?: boolean;
  /** Rows of which controllers are visible. Default: none, so that a forgotten scope shows nothing. */
  readonly scope?: ControllerScope;
  /** Runs at most this many times on serialisation failures and deadlocks. Default 5. */
  readonly maxAttempts?: number;
}

/** One open transaction. It must not be used after its `work` has returned. */
export interface Tx extends Queryable {
  /** The connection itself, for COPY and cursors only. */
  readonly connection: pg.PoolClient;
  /** Runs once this transaction has committed, in order; never after a rollback. */
  afterCommit(action: () => void): void;
}

const SERIALISATION_FAILURE = '40001';
const DEADLOCK = '40P01';

/** See Database.transaction. */
export async function runTransaction<T>(
  pool: pg.Pool,
  work: (tx: Tx) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  const maxAttempts = options.maxAttempts ?? 5;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptOnce(pool, work, options);
    } catch (error) {
      const state = sqlState(error);
      const mayRetry = state === SERIALISATION_FAILURE || state === DEADLOCK;
      if (!mayRetry || attempt >= maxAttempts) throw asDbFault(error);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * 2 ** attempt));
    }
  }
}

async function attemptOnce<T>(
  pool: pg.Pool,
  work: (tx: Tx) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  const connection = await pool.connect();
  const afterCommit: (() => void)[] = [];
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  connection.on('error', onError);
  try {
    await connection.query(openingStatement(connection, options));
    const result = await work(buildTx(connection, afterCommit));
    await connection.query('COMMIT');
    for (const action of afterCommit) action();
    return result;
  } catch (error) {
    await connection.query('ROLLBACK').catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    connection.off('error', onError);
    connection.release(broken);
  }
}

function openingStatement(connection: pg.PoolClient, options: TransactionOptions): string {
  const begin = [
    'BEGIN',
    options.isolation ? `ISOLATION LEVEL ${options.isolation.toUpperCase()}` : '',
    options.readOnly ? 'READ ONLY' : '',
  ]
    .filter(Boolean)
    .join(' ');
  if (options.scope === undefined) return begin;
  return `${begin}; SELECT set_config('socle.controllers', ${connection.escapeLiteral(scopeText(options.scope))}, true)`;
}

/** A scope as the policies of row-level security read it. */
export function scopeText(scope: ControllerScope): string {
  return scope === 'all' ? '*' : `{${scope.map((id) => JSON.stringify(id)).join(',')}}`;
}

function buildTx(connection: pg.PoolClient, afterCommit: (() => void)[]): Tx {
  async function query<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await connection.query(text, values as unknown[])).rows as Row[];
  }
  return {
    connection,
    query,
    prepared: async <Row>(statement: PreparedStatement, values: readonly unknown[] = []) =>
      (await connection.query({ ...statement, values: values as unknown[] })).rows as Row[],
    run: <Row>(statement: Statement<Row>) => {
      const compiled = statement.compile();
      return query<Row>(compiled.sql, compiled.parameters);
    },
    afterCommit: (action) => afterCommit.push(action),
  };
}
