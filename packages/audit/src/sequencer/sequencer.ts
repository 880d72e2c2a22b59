import { invariant, silentLog, type Clock, type Log } from '@socle/base';
import { advisoryLockKey, openDatabase, type Database } from '@socle/db';
import type { NoteSigner } from '../checkpoint.ts';
import { AuditError, type AuditErrorCode } from '../errors.ts';
import { HINT_CHANNEL } from '../hint-channel.ts';
import { loadRoot } from '../merkle/proofs.ts';
import { countPending, keepCheckpoint, loadTile, pickPending } from './batch-store.ts';
import { appendWitness, loadLastWitness } from './witness-file.ts';
import { claimTree, type TreeWriter } from './writer.ts';

/** What a sequencer tells about a batch, for metrics. */
export interface BatchReport {
  /** Leaves in the tree after the batch. */
  readonly size: number;
  readonly sequenced: number;
  /** Age of the oldest event of the batch when its checkpoint was signed, in milliseconds. */
  readonly lagMs: number;
}

export interface SequencerOptions {
  /** Where the login `socle_sequencer` connects: one connection that works, and one that listens. */
  readonly url?: string;
  /** The same, by a pool whose address is taken; the pool itself is not used. One of the two must be given. */
  readonly database?: Pick<Database, 'url'>;
  readonly clock: Clock;
  readonly signer: NoteSigner;
  /** First line of every checkpoint; names this log for ever. */
  readonly origin: string;
  readonly log?: Log;
  /** An append-only file of checkpoints, elsewhere. At start the log must contain the last of them. */
  readonly witnessFile?: string;
  /** Called after each batch. */
  readonly onBatch?: (report: BatchReport) => void;
  /** Most events a batch. Default 1 000. */
  readonly maxBatch?: number;
  /** Least time between two batches that are not full. Default 50 ms. */
  readonly batchMs?: number;
  /** Longest time between two looks at the queue; a notification may shorten it. Default 200 ms. */
  readonly pollMs?: number;
  /** How often a checkpoint is kept and handed to the witness while events arrive. Default 1 000 ms. */
  readonly publishMs?: number;
}

export interface SequencerStatus {
  /** True while this sequencer holds the lock and the fence. */
  readonly leader: boolean;
  /** Set when it refuses to go on until a person has looked: the code of the error. */
  readonly halted: AuditErrorCode | undefined;
}

/** Figures of the log as this sequencer last saw them. */
export interface SequencerMetrics {
  /** Leaves in the tree; 0 on a follower. */
  readonly size: number;
  /** Events that waited, counted at most once a second; at most 100 000 are counted. */
  readonly pending: number;
  /** Age of the oldest event of the last batch when its checkpoint was signed. */
  readonly lagMs: number;
  /**
   * How far the clock of an event ran ahead of this sequencer's, in milliseconds: the most of the last five minutes. Events
   * come after they happen, so anything beyond network time means that two machines disagree about the hour.
   */
  readonly driftMs: number;
}

/** Turns queued events into leaves, one leader at a time. */
export interface Sequencer {
  status(): SequencerStatus;
  metrics(): SequencerMetrics;
  /** Sequences all that waits now, and hands the checkpoint to the witness. Does nothing on a follower. */
  flush(): Promise<void>;
  /** Ends after the batch under way; the lock goes to another sequencer. */
  close(): Promise<void>;
}

const LEADER_LOCK = advisoryLockKey('audit.sequencer');
const RETRY_MS = 500;
const COUNT_MS = 1_000;
const DRIFT_KEPT_MS = 300_000;
const PARTITION_CHECK_MS = 3_600_000;

/** Starts a sequencer. Any number may run; one works, the others wait for its lock. */
export function openSequencer(options: SequencerOptions): Sequencer {
  const log = options.log ?? silentLog;
  const maxBatch = options.maxBatch ?? 1_000;
  const batchMs = options.batchMs ?? 50;
  const pollMs = options.pollMs ?? 200;
  const publishMs = options.publishMs ?? 1_000;
  // One connection, so that the session that holds the advisory lock is the one that writes.
  const url = options.url ?? options.database?.url;
  invariant(url !== undefined, 'a sequencer needs a url or a database');
  const database = openDatabase({ url, maxConnections: 1, applicationName: 'socle sequencer' });

  let writer: TreeWriter | undefined;
  let lockPid = 0;
  let lagMs = 0;
  let drift = { ms: 0, seenAt: Number.NEGATIVE_INFINITY };
  let pending = 0;
  let countedAt = Number.NEGATIVE_INFINITY;
  let halted: AuditErrorCode | undefined;
  let published = -1;
  let publishedAt = 0;
  let partitionsAt = Number.NEGATIVE_INFINITY;
  let closing = false;
  let wake = () => {};
  let hinted = false;

  async function lead(): Promise<boolean> {
    const [row] = await database.query<{ locked: boolean; pid: number }>(
      'SELECT pg_try_advisory_lock($1) AS locked, pg_backend_pid() AS pid',
      [LEADER_LOCK],
    );
    if (!row!.locked) return false;
    lockPid = row!.pid;
    writer = await claimTree({ ...options, database });
    await checkWitness(writer);
    published = -1;
    log.info({ size: writer.head.size, epoch: writer.head.epoch }, 'this sequencer leads the audit log');
    return true;
  }

  async function checkWitness(claimed: TreeWriter): Promise<void> {
    if (options.witnessFile === undefined) return;
    const last = await loadLastWitness(options.witnessFile);
    if (!last || last.size === 0) return;
    const read = async (level: number, index: number) =>
      (await loadTile(database, level, index)) ?? Buffer.alloc(0);
    if (last.size <= claimed.head.size && (await loadRoot(last.size, read)).equals(last.root)) return;
    throw new AuditError('audit_log_behind_witness', {
      status: 503,
      publicMessage:
        'The witness has seen an audit log that this database does not contain: it was truncated, rewritten or restored from an old backup. No event is sequenced until a person has looked.',
    });
  }

  /** Sequences one batch. Gives the number of events taken off the queue. */
  async function step(): Promise<number> {
    if (!writer && !(await lead())) return 0;
    const picked = await pickPending(database, maxBatch);
    if (picked.backendPid !== lockPid) return resign('the connection that held the lock was lost');
    const written = await writer!.write(picked);
    if (!written) return resign('another sequencer has taken over');
    const sequenced = picked.eventIds.length;
    if (sequenced > 0) {
      const now = options.clock.now().getTime();
      lagMs = Math.max(0, now - picked.oldestAt!.getTime());
      noteDrift(Math.max(0, picked.newestAt!.getTime() - now), now);
      options.onBatch?.({ size: writer!.head.size, sequenced, lagMs });
    }
    return sequenced + picked.settledIds.length;
  }

  function noteDrift(ms: number, now: number): void {
    if (ms >= drift.ms || now - drift.seenAt > DRIFT_KEPT_MS) drift = { ms, seenAt: now };
  }

  function resign(why: string): 0 {
    log.warn({}, `${why}: this sequencer follows`);
    writer = undefined;
    return 0;
  }

  async function publish(): Promise<void> {
    if (!writer || writer.head.size === published || writer.head.size === 0) return;
    const { head } = writer;
    await keepCheckpoint(database, head);
    publishedAt = performance.now();
    if (options.witnessFile !== undefined) {
      try {
        await appendWitness(options.witnessFile, head.note, options.clock.now());
      } catch (error) {
        // the log goes on; the next publication hands a checkpoint that covers this one too
        log.error({ code: (error as { code?: string }).code }, 'the witness file cannot be written');
        return;
      }
    }
    published = head.size;
  }

  async function keepPartitions(): Promise<void> {
    if (!writer || performance.now() - partitionsAt < PARTITION_CHECK_MS) return;
    partitionsAt = performance.now();
    await database
      .query('SELECT audit.ensure_partitions(3)')
      .catch(() =>
        log.warn({}, 'the next months of the audit log could not be prepared; trying again in an hour'),
      );
  }

  async function countWaiting(): Promise<void> {
    if (performance.now() - countedAt < COUNT_MS) return;
    countedAt = performance.now();
    pending = await countPending(database);
  }

  function recover(error: unknown): void {
    writer = undefined;
    if (error instanceof AuditError) {
      halted = error.code;
      log.error({ code: error.code }, error.publicMessage);
    } else {
      log.warn({ code: (error as { code?: string }).code }, 'the sequencer failed and tries again');
    }
  }

  function rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (closing || hinted) wake();
    });
  }

  async function turn(): Promise<void> {
    const startedAt = performance.now();
    let restMs = pollMs;
    try {
      const taken = await step();
      if (performance.now() - publishedAt >= publishMs || taken === 0) await publish();
      await keepPartitions();
      await countWaiting();
      if (taken >= maxBatch) restMs = 0;
      else if (taken > 0) restMs = batchMs;
    } catch (error) {
      recover(error);
      restMs = RETRY_MS;
    }
    if (restMs === 0 || closing) return;
    await rest(restMs);
    // a hint must not make batches of one: the pace stays
    const early = batchMs - (performance.now() - startedAt);
    if (hinted && early > 0 && !closing) await new Promise((resolve) => setTimeout(resolve, early));
    hinted = false;
  }

  let flushes: { resolve: () => void; reject: (error: unknown) => void }[] = [];

  async function drain(): Promise<void> {
    const asked = flushes;
    flushes = [];
    if (asked.length === 0) return;
    try {
      while ((await step()) > 0);
      await publish();
      for (const { resolve } of asked) resolve();
    } catch (error) {
      recover(error);
      for (const { reject } of asked) reject(error);
    }
  }

  async function run(): Promise<void> {
    while (!closing && halted === undefined) {
      await drain();
      if (!closing && halted === undefined) await turn();
    }
    await drain();
    if (halted === undefined) await publish().catch(recover);
  }

  const running = run();
  const listener = database
    .listen(HINT_CHANNEL, () => {
      hinted = true;
      wake();
    })
    .catch(() => undefined);

  async function end(): Promise<void> {
    closing = true;
    wake();
    await running;
    await (await listener)?.close();
    await database.close();
  }

  let ended: Promise<void> | undefined;

  return {
    status: () => ({ leader: writer !== undefined, halted }),
    metrics: () => ({
      size: writer?.head.size ?? 0,
      pending,
      lagMs,
      driftMs: options.clock.now().getTime() - drift.seenAt > DRIFT_KEPT_MS ? 0 : drift.ms,
    }),
    flush: () =>
      new Promise((resolve, reject) => {
        flushes.push({ resolve, reject });
        hinted = true;
        wake();
        if (closing || halted !== undefined) resolve();
      }),
    close: () => (ended ??= end()),
  };
}
