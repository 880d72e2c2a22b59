import pg from 'pg';
import { silentLog, type Log } from '@socle/base';
import { asDbFault } from './errors.ts';
import type { PreparedStatement, Queryable } from './queryable.ts';
import {
  runTransaction,
  scopeText,
  type ControllerScope,
  type TransactionOptions,
  type Tx,
} from './transaction.ts';

/** A pool of connections to one database under one login role. */
export interface Database extends Queryable {
  /**
   * Runs `work` in one transaction: commits when it returns, rolls back when it throws, and runs it again
   * (from the start, so `work` must have no effect outside the database) on a serialisation failure or deadlock.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Listens for NOTIFY on `channel`; reconnects by itself. A hint, never the truth: poll too. */
  listen(channel: string, onNotify: (payload: string) => void): Promise<{ close(): Promise<void> }>;
  /** Connections in use and waiting callers, for metrics. */
  usage(): { total: number; idle: number; waiting: number };
  /** Closes all connections once their work is done. */
  close(): Promise<void>;
  readonly url: string;
}

export interface DatabaseOptions {
  /** `postgres://user:password@host:port/name`, or with a unix socket `postgres://user:password@/name?host=/folder`. */
  readonly url: string;
  /** Most connections at once. Default 10. */
  readonly maxConnections?: number;
  /** Shown in pg_stat_activity. Default `socle`. */
  readonly applicationName?: string;
  /** Longest wait for a free connection. Default 5 000 ms. */
  readonly connectTimeoutMs?: number;
  /** Longest run of one statement; 0 for none. Default 30 000 ms. */
  readonly statementTimeoutMs?: number;
  /**
   * A pool that only reads, and sees the rows of these controllers without a transaction: one statement costs one round
   * trip. Each transaction is read-only unless it says otherwise.
   */
  readonly readScope?: ControllerScope;
  readonly log?: Log;
}

// A date column is a calendar day, never an instant; PostgreSQL's text form is kept.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);
// Counts fit in a JavaScript number up to 2^53; beyond, the parser refuses rather than round.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('a bigint from the database exceeds 2^53');
  return value;
});

/** Opens a pool. No connection is made before the first statement. */
export function openDatabase(options: DatabaseOptions): Database {
  const log = options.log ?? silentLog;
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections ?? 10,
    application_name: options.applicationName ?? 'socle',
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
    ...(options.readScope !== undefined && { options: readingOptions(options.readScope) }),
  });
  pool.on('error', () => log.warn({}, 'an idle database connection was lost'));

  async function query<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    try {
      return (await pool.query(text, values as unknown[])).rows as Row[];
    } catch (error) {
      throw asDbFault(error);
    }
  }

  async function prepared<Row>(
    statement: PreparedStatement,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    try {
      return (await pool.query({ ...statement, values: values as unknown[] })).rows as Row[];
    } catch (error) {
      throw asDbFault(error);
    }
  }

  return {
    url: options.url,
    query,
    prepared,
    run: (statement) => {
      const compiled = statement.compile();
      return query(compiled.sql, compiled.parameters);
    },
    transaction: (work, transactionOptions) => runTransaction(pool, work, transactionOptions ?? {}),
    listen: (channel, onNotify) => openListener(options.url, channel, onNotify, log),
    usage: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    close: () => pool.end(),
  };
}

/** Settings of a connection that only reads (libpq's `options`: a backslash stands before a space or a backslash). */
function readingOptions(scope: ControllerScope): string {
  const value = scopeText(scope).replace(/[\\ ]/g, '\\$&');
  return `-c default_transaction_read_only=on -c socle.controllers=${value}`;
}

const RECONNECT_DELAY_MS = 500;

async function openListener(url: string, channel: string, onNotify: (payload: string) => void, log: Log) {
  let closed = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function connect(): Promise<void> {
    const next = new pg.Client({ connectionString: url, application_name: `listen ${channel}` });
    next.on('notification', (message) => onNotify(message.payload ?? ''));
    next.on('error', () => next.emit('end'));
    next.once('end', () => {
      if (client === next) client = undefined;
      retry();
    });
    try {
      await next.connect();
      await next.query(`LISTEN ${next.escapeIdentifier(channel)}`);
    } catch (error) {
      void next.end().catch(() => undefined);
      throw error;
    }
    client = next;
  }

  /** At most one attempt waits: a failed one tells of its end and of its failure. */
  function retry(): void {
    if (closed || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      connect().catch(() => {
        log.warn({ channel }, 'the notification connection is down; polling goes on');
        retry();
      });
    }, RECONNECT_DELAY_MS).unref();
  }

  await connect().catch((error: unknown) => {
    closed = true;
    clearTimeout(timer);
    throw asDbFault(error);
  });
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await client?.end();
    },
  };
}
