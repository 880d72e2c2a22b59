import { invariant, silentLog, type Clock, type Log } from '@socle/base';
import { advisoryLockKey, openDatabase, type Database } from '@socle/db';
import { AuditError, type AuditErrorCode } from '../errors.ts';
import { stampCheckpoint } from '../sequencer/stamp-queue.ts';
import { loadNewestCheckpoint } from './anchor-store.ts';
import { submitCheckpoint, type WitnessAddress } from './submit-checkpoint.ts';

export interface AnchorOptions {
  /** Where the login `socle_sequencer` connects. */
  readonly url?: string;
  /** The same, by a pool whose address is taken. One of the two must be given. */
  readonly database?: Pick<Database, 'url'>;
  readonly clock: Clock;
  readonly witnesses: readonly WitnessAddress[];
  /** A time-stamp authority (RFC 3161), and where its stamps are kept. */
  readonly timeStamp?: { readonly url: string; readonly folder: string };
  readonly log?: Log;
  /** Least time between two submissions to one witness. Default 60 s. */
  readonly everyMs?: number;
  /** Least time between two time stamps, which some authorities charge for. Default a day. */
  readonly stampEveryMs?: number;
}

/** How one anchor stands. */
export interface AnchorStatus {
  /** The witness's key name, or `time-stamp`. */
  readonly name: string;
  /** Leaves that it vouches for. */
  readonly size: number;
  /** When it last answered as it should; undefined before that. */
  readonly anchoredAt: Date | undefined;
  /** Why it did not, the last time; undefined when it did. */
  readonly failure: AuditErrorCode | 'unexpected' | undefined;
}

/** Hands checkpoints to those who vouch for them, one instance at a time. */
export interface Anchors {
  status(): readonly AnchorStatus[];
  /** Asks every anchor now, and waits. What fails waits for the next time. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

interface Anchor {
  readonly name: string;
  readonly everyMs: number;
  run(): Promise<number>;
  size: number;
  anchoredAt: Date | undefined;
  failure: AnchorStatus['failure'];
  failures: number;
  dueAt: number;
}

const LOCK = advisoryLockKey('audit.anchors');
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 300_000;
const TICK_MS = 500;

/**
 * Starts the anchoring of the log. The queue is what the log has published beyond what an anchor holds: it survives every
 * crash, and one answer covers all that waited.
 */
export function openAnchors(options: AnchorOptions): Anchors {
  const { clock, timeStamp, log = silentLog } = options;
  const url = options.url ?? options.database?.url;
  invariant(url !== undefined, 'anchors need a url or a database');
  const database = openDatabase({ url, maxConnections: 1, applicationName: 'socle anchors' });
  const fresh = {
    size: 0,
    anchoredAt: undefined,
    failure: undefined,
    failures: 0,
    dueAt: Number.NEGATIVE_INFINITY,
  };
  const anchors: Anchor[] = options.witnesses.map((witness) => ({
    ...fresh,
    name: witness.verifierKey.split('+')[0]!,
    everyMs: options.everyMs ?? 60_000,
    run: () => submitCheckpoint({ database, witness }),
  }));
  if (timeStamp) {
    anchors.push({
      ...fresh,
      name: 'time-stamp',
      everyMs: options.stampEveryMs ?? 86_400_000,
      run: async () => {
        const newest = await loadNewestCheckpoint(database);
        if (!newest) return 0;
        const { waiting } = await stampCheckpoint(newest.note, timeStamp);
        if (waiting > 0) throw new AuditError('audit_time_stamp_failed', { status: 503, publicMessage: '' });
        return newest.size;
      },
    });
  }

  async function ask(anchor: Anchor): Promise<void> {
    try {
      anchor.size = await anchor.run();
      if (anchor.size > 0) anchor.anchoredAt = clock.now();
      anchor.failure = undefined;
      anchor.failures = 0;
      anchor.dueAt = performance.now() + anchor.everyMs;
    } catch (error) {
      anchor.failures += 1;
      anchor.failure = error instanceof AuditError ? error.code : 'unexpected';
      anchor.dueAt = performance.now() + backoffMs(anchor.failures);
      log.error(
        { anchor: anchor.name, code: anchor.failure },
        'a checkpoint of the audit log has no anchor yet',
      );
    }
  }

  async function round(isDue: (anchor: Anchor) => boolean): Promise<void> {
    const due = anchors.filter(isDue);
    if (due.length === 0) return;
    const [row] = await database.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [
      LOCK,
    ]);
    // another instance works; its successes are read from the database by whoever comes next
    if (!row!.locked) return;
    try {
      for (const anchor of due) await ask(anchor);
    } finally {
      await database.query('SELECT pg_advisory_unlock($1)', [LOCK]).catch(() => undefined);
    }
  }

  let last: Promise<void> = Promise.resolve();
  let busy = false;
  function queue(isDue: (anchor: Anchor) => boolean): Promise<void> {
    busy = true;
    const mine = last
      .then(() => round(isDue))
      .catch(() => log.warn({}, 'the anchors of the audit log wait'))
      .finally(() => (busy = last !== mine));
    last = mine;
    return mine;
  }

  const timer = setInterval(() => {
    if (!busy) void queue(({ dueAt }) => dueAt <= performance.now());
  }, TICK_MS);
  timer.unref();

  return {
    status: () => anchors.map(({ name, size, anchoredAt, failure }) => ({ name, size, anchoredAt, failure })),
    flush: () => queue(() => true),
    async close() {
      clearInterval(timer);
      await last;
      await database.close();
    },
  };
}

/** Doubles from a second to five minutes, less up to a quarter so that instances do not march in step. */
function backoffMs(failures: number): number {
  const full = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 12));
  return full * (0.75 + Math.random() * 0.25);
}
