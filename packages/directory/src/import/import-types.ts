import type { AuditAppender } from '@socle/audit';
import type { Clock, ControllerId, Log } from '@socle/base';
import type { Database } from '@socle/db';
import type { ImportRunId } from '../ids.ts';
import type { Author } from '../people/grant-role.ts';
import type { ConfirmGuarded } from './guard-feed.ts';
import type { FeedContents } from './feed-counts.ts';
import type { ImportWarning } from './findings.ts';

/** Where an import stands. */
export interface ImportProgress {
  /** `read`: bytes of the feed; `apply`: schools. */
  readonly phase: 'read' | 'apply';
  readonly done: number;
  readonly total: number;
}

export interface ImportAafOptions {
  /**
   * A folder of XML files, or a `.zip` or `.tgz` of them: feeds of the second degree, the first, or both, of one academy,
   * complete or delta.
   */
  readonly source: string;
  /** Logged in as `socle_app`. */
  readonly database: Database;
  readonly audit: AuditAppender;
  readonly clock: Clock;
  /** The academy's code that the feed must have. Default: the feed's own, when it is the only academy here. */
  readonly academy?: string;
  /** Do everything but the writing: the same statements, rolled back. */
  readonly dryRun?: boolean;
  /**
   * Accept what the guard stops (see guardFeed). A function says whether a second person confirmed this very feed.
   * Default: not.
   */
  readonly force?: boolean | ConfirmGuarded;
  /** Controller of schools seen for the first time. Default: the head (second degree) or the academy (first). */
  readonly controller?: ControllerId;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Under which id the run is noted, so that somebody may follow it. Default: a new one. */
  readonly runId?: ImportRunId;
  /** Who started it. Default: the command line. */
  readonly startedBy?: Author;
  /** Told the number of the server's process that a transaction runs in, so that the caller may lower its priority. */
  readonly onBackend?: (pid: number) => void;
  /** Called now and then while the feed is read, and after each school, with the time that was worked; work goes on when this is done. */
  readonly giveWay?: (workedMs: number) => Promise<void>;
  readonly log?: Log;
}

/** What an import found and did: the JSON document of `socle import aaf --json`. */
export interface ImportResult extends FeedContents {
  /** People who were not known. */
  readonly created: number;
  /** Known people of whom a name, date, role, class, course or link changed. */
  readonly changed: number;
  readonly unchanged: number;
  /** People whom the feed no longer names: their departure clock started. */
  readonly suspended: number;
  /** Records left out. */
  readonly refused: number;
  readonly warnings: readonly ImportWarning[];
}
