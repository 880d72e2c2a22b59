import type { Log } from '@socle/base';
import type { Tx } from '@socle/db';
import type { Feed } from './feed-folder.ts';
import type { Findings } from './findings.ts';
import type { ImportAafOptions } from './import-types.ts';

/** The caller's options, with a log. */
export type RunOptions = ImportAafOptions & { readonly log: Log };

/** Runs work in a transaction that sees every controller, and the staged feed of one degree. */
export type Runner = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

/** A feed that is staged and checked, ready to be applied. */
export interface Plan {
  readonly feed: Feed;
  readonly digest: string;
  readonly academyCode: string;
  readonly findings: Findings;
  readonly run: Runner;
}

/** A runner for the degree of a feed. */
export function openRunner(feed: Feed, options: RunOptions): Runner {
  return (work) =>
    options.database.transaction(
      async (tx) => {
        await tx.query(`SELECT set_config('socle.import_degree', $1, true)`, [feed.degree]);
        return work(tx);
      },
      { scope: 'all' },
    );
}
