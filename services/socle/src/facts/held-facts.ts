import type { FactsReplica } from '@socle/authorization';
import type { Clock, Log } from '@socle/base';
import type { Database } from '@socle/db';
import { followFacts, loadFactsReplicaFrom } from '@socle/directory';

/** Everybody's facts in this instance's memory, where it has them. What it does not have is asked of the database. */
export interface HeldFacts {
  /**
   * The replica, when it has reached `revision` and knows of the instant `at`; undefined otherwise.
   * Without a revision: the replica as it is, when it was found to be in force within the last two seconds.
   */
  find(revision: number | undefined, at: Date): FactsReplica | undefined;
  /**
   * Tells it that this revision is in force: it reads who changed, or everybody when it has missed something. Never
   * throws: what fails is tried again at a later call, and until then the database is asked.
   */
  follow(revision: number): Promise<void>;
  readonly state: {
    readonly revision: number;
    readonly people: number;
    readonly bytes: number;
    /** Times that everybody was read. */
    readonly loads: number;
    readonly failures: number;
  };
  /** Waits for the reading that is under way, and forgets all. */
  close(): Promise<void>;
}

const FRESH_MS = 2_000;
/** Everybody is read at most so often, and no longer than for a fifth of the time: a large import changes everybody often. */
const LEAST_INTERVAL_MS = 1_000;
const REST = 5;
const AFTER_FAILURE_MS = 10_000;

/** Opens it empty: the first {@link HeldFacts.follow} reads everybody. */
export function openHeldFacts(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
}): HeldFacts {
  const { database, clock, log } = options;
  let replica: FactsReplica | undefined;
  /** When the replica was last found to be in force. */
  let confirmedAt = -Infinity;
  let nextLoadAt = -Infinity;
  let [loads, failures] = [0, 0];
  let wanted = 0;
  let closed = false;
  let working: Promise<void> | undefined;

  const load = async (): Promise<void> => {
    if (performance.now() < nextLoadAt) return;
    const start = performance.now();
    const loaded = await loadFactsReplicaFrom(database, clock);
    const took = performance.now() - start;
    nextLoadAt = performance.now() + Math.max(LEAST_INTERVAL_MS, took * REST);
    loads += 1;
    if (!closed) replica = loaded;
    log.info(
      { people: loaded.people, revision: loaded.revision, milliseconds: Math.round(took) },
      'the facts of everybody are in memory',
    );
  };
  const catchUp = async (): Promise<void> => {
    try {
      if (replica === undefined) await load();
      // What is told meanwhile is read too, so that it does not wait for the next call.
      while (replica !== undefined && replica.revision < wanted)
        if ((await followFacts(database, replica, clock)) === 'gap') {
          // Of no use any more: its place is needed for the next one.
          replica = undefined;
          await load();
        }
      if (replica !== undefined && replica.revision >= wanted) confirmedAt = performance.now();
    } catch (error) {
      failures += 1;
      // Half of a change may be in it only if it threw while it was written, which changes nothing; it is read anew all the same.
      replica = undefined;
      nextLoadAt = performance.now() + AFTER_FAILURE_MS;
      log.warn({ name: (error as Error).name }, 'facts are not held in memory; the database is asked');
    }
  };

  return {
    find(revision, at) {
      if (replica === undefined) return undefined;
      if (replica.knownFrom !== undefined && at < replica.knownFrom) return undefined;
      const isFresh =
        revision === undefined ? performance.now() - confirmedAt < FRESH_MS : replica.revision >= revision;
      return isFresh ? replica : undefined;
    },
    follow(revision) {
      wanted = Math.max(wanted, revision);
      if (closed) return Promise.resolve();
      if (replica !== undefined && replica.revision >= wanted && working === undefined) {
        confirmedAt = performance.now();
        return Promise.resolve();
      }
      working ??= catchUp().finally(() => (working = undefined));
      return working;
    },
    get state() {
      return {
        revision: replica?.revision ?? 0,
        people: replica?.people ?? 0,
        bytes: replica?.bytes ?? 0,
        loads,
        failures,
      };
    },
    async close() {
      closed = true;
      await working;
      replica = undefined;
    },
  };
}
