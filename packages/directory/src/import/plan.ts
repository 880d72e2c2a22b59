import type { Log } from '@socle/base';
import type { Tx } from '@socle/db';
import type { ReadContent } from '../content/content-sum.ts';
import type { RosterPlan } from '../roster/roster-plan.ts';
import type { Feed } from './feed-folder.ts';
import type { Findings } from './findings.ts';
import type { GuardedFeed } from './guard-feed.ts';
import type { ImportAafOptions } from './import-types.ts';
import type { FeedLane } from './pass.ts';
import type { RunObserver } from './record-run.ts';

/** The caller's options, with a log. */
export type RunOptions = Omit<ImportAafOptions, 'source'> & {
  readonly log: Log;
  readonly observer: RunObserver;
};

/** Runs work in a transaction that sees every controller, and the staged feed of one degree. */
export type Runner = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

/** What the steps after reading need to know of a feed. */
export type PlannedFeed = Pick<Feed, 'kind' | 'day'> & {
  readonly degree: FeedLane;
  readonly files: readonly { readonly name: string }[];
};

/** A feed that is staged and checked, ready to be applied. */
export interface Plan {
  readonly feed: PlannedFeed;
  readonly digest: string;
  readonly academyCode: string;
  readonly findings: Findings;
  readonly run: Runner;
  /** The source of a feed that is not AAF. */
  readonly roster?: RosterPlan;
  /** Of a complete AAF feed: what it says, to recognise it when it says the same. */
  readonly content?: ReadContent;
  /** Set when the feed is applied on a second person's word, which opening the import uses up. */
  readonly guarded?: GuardedFeed;
}

/** A runner for the degree of a feed, and the kind of its keys. */
export function openRunner(
  feed: Pick<PlannedFeed, 'degree'>,
  options: Pick<RunOptions, 'database' | 'onBackend'>,
  keys: 'aaf' | 'csv' | 'oneroster' = 'aaf',
  /** Gets the number of each transaction that wrote something. */
  written: Set<string> = new Set(),
): Runner {
  return (work) =>
    options.database.transaction(
      async (tx) => {
        const [backend] = await tx.query<{ pid: number }>(
          `SELECT set_config('socle.import_degree', $1, true), set_config('socle.import_keys', $2, true),
             pg_backend_pid() AS pid`,
          [feed.degree, keys],
        );
        options.onBackend?.(backend!.pid);
        const result = await work(tx);
        const [own] = await tx.query<{ id: string | null }>(
          'SELECT pg_current_xact_id_if_assigned()::text AS id',
        );
        if (own!.id !== null) written.add(own!.id);
        return result;
      },
      { scope: 'all' },
    );
}
