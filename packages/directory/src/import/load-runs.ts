import type { ControllerId, SchoolId } from '@socle/base';
import type { Tx } from '@socle/db';
import type { AcademyId, ImportRunId } from '../ids.ts';
import type { SchoolCounts } from './change-events.ts';
import type { ImportWarning } from './findings.ts';
import type { GuardedFeed } from './guard-feed.ts';
import type { ImportProgress, ImportResult } from './import-types.ts';

/** One run of an import, or a rehearsal of one. */
export interface ImportRun {
  readonly id: ImportRunId;
  readonly format: 'aaf' | 'csv' | 'oneroster';
  /** Name of the file, archive or folder. */
  readonly fileName: string;
  /** A rehearsal tells what an import would change, and changes nothing. */
  readonly isRehearsal: boolean;
  readonly startedBy: { readonly kind: 'person' | 'system'; readonly id: string };
  /** Absent until the feed says it. */
  readonly academy?: AcademyId;
  readonly controller?: ControllerId;
  /** SHA-256 of what was read, in hexadecimal; of a feed of two degrees, of the one read last. */
  readonly digest?: string;
  /**
   * `guarded`: the guard stopped it. `refused`: the feed cannot be taken. `failed`: something broke. `lost`: it no longer
   * gives a sign of life, and running it again finishes it.
   */
  readonly state: 'running' | 'done' | 'refused' | 'guarded' | 'failed' | 'lost';
  readonly progress?: ImportProgress;
  readonly startedAt: Date;
  readonly finishedAt?: Date;
  /** Of one that is done. */
  readonly counts?: Omit<ImportResult, 'warnings'>;
  readonly warnings: readonly ImportWarning[];
  /** Schools that it changed, or would. */
  readonly schools: readonly { readonly school: SchoolId; readonly counts: SchoolCounts }[];
  /** The feeds that the guard stopped, or would have stopped, with what it counted: one a degree. */
  readonly guarded: readonly GuardedFeed[];
  readonly refusal?: {
    readonly code: string;
    readonly message: string;
    /** Of a file with wrong rows: line, column and what to write, never what stands there. */
    readonly lines: readonly string[];
  };
}

/** Without a sign of life for so long, a run was killed. */
const LOST_SECONDS = 60;

/** The latest runs, newest first: of these academies, or started by this person before their academy was known. */
export async function loadImportRuns(
  tx: Tx,
  filter: { readonly academies: readonly AcademyId[]; readonly startedBy: string },
  page: { readonly at: Date; readonly limit: number },
): Promise<readonly ImportRun[]> {
  const rows = await tx.query<RunRow>(
    `${SELECT_RUNS} WHERE academy_id = ANY ($2::uuid[]) OR (academy_id IS NULL AND started_by = $3)
     ORDER BY started_at DESC, id DESC LIMIT $4`,
    [new Date(page.at.getTime() - LOST_SECONDS * 1_000), filter.academies, filter.startedBy, page.limit],
  );
  return rows.map(readRun);
}

/** One run; undefined when there is none that the scope shows. */
export async function findImportRun(tx: Tx, id: ImportRunId, at: Date): Promise<ImportRun | undefined> {
  const [row] = await tx.query<RunRow>(`${SELECT_RUNS} WHERE id = $2`, [
    new Date(at.getTime() - LOST_SECONDS * 1_000),
    id,
  ]);
  return row && readRun(row);
}

const SELECT_RUNS = `SELECT id, format, file_name, is_rehearsal, started_by_kind, started_by, academy_id, controller_id, digest,
  CASE WHEN state = 'running' AND seen_at < $1 THEN 'lost' ELSE state END AS state, phase, done::float8 AS done,
  total::float8 AS total, started_at, finished_at, counts, report, schools, guarded, refusal FROM directory.import_runs`;

interface RunRow {
  readonly id: ImportRunId;
  readonly format: ImportRun['format'];
  readonly file_name: string;
  readonly is_rehearsal: boolean;
  readonly started_by_kind: 'person' | 'system';
  readonly started_by: string;
  readonly academy_id: AcademyId | null;
  readonly controller_id: ControllerId | null;
  readonly digest: string | null;
  readonly state: ImportRun['state'];
  readonly phase: ImportProgress['phase'] | null;
  readonly done: number;
  readonly total: number;
  readonly started_at: Date;
  readonly finished_at: Date | null;
  readonly counts: ImportRun['counts'] | null;
  readonly report: readonly ImportWarning[] | null;
  readonly schools: ImportRun['schools'] | null;
  readonly guarded: readonly GuardedFeed[] | null;
  readonly refusal: NonNullable<ImportRun['refusal']> | null;
}

function readRun(row: RunRow): ImportRun {
  return {
    id: row.id,
    format: row.format,
    fileName: row.file_name,
    isRehearsal: row.is_rehearsal,
    startedBy: { kind: row.started_by_kind, id: row.started_by },
    ...(row.academy_id ? { academy: row.academy_id } : {}),
    ...(row.controller_id ? { controller: row.controller_id } : {}),
    ...(row.digest ? { digest: row.digest } : {}),
    state: row.state,
    ...(row.phase ? { progress: { phase: row.phase, done: row.done, total: row.total } } : {}),
    startedAt: row.started_at,
    ...(row.finished_at ? { finishedAt: row.finished_at } : {}),
    ...(row.counts ? { counts: row.counts } : {}),
    warnings: row.report ?? [],
    schools: row.schools ?? [],
    guarded: row.guarded ?? [],
    ...(row.refusal ? { refusal: row.refusal } : {}),
  };
}
