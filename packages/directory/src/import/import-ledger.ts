import { newId, type ControllerId } from '@socle/base';
import type { Database, Tx } from '@socle/db';
import { normaliseAcademy } from '../aaf/values.ts';
import { refuse } from '../errors.ts';
import type { ImportId } from '../ids.ts';
import type { Feed } from './feed-folder.ts';
import type { FeedContents } from './feed-counts.ts';
import type { ImportWarning } from './findings.ts';
import type { ImportResult } from './import-types.ts';
import type { PlannedFeed } from './plan.ts';

type Counts = Omit<ImportResult, 'warnings'>;

/** True when a feed whose first file has this name was applied before. */
export async function wasApplied(database: Database, feed: Feed): Promise<boolean> {
  const rows = await database.transaction(
    (tx) =>
      tx.query(`SELECT FROM directory.imports WHERE file_name = $1 AND state = 'done' LIMIT 1`, [
        feed.files[0]!.name,
      ]),
    { scope: 'all', readOnly: true },
  );
  return rows.length > 0;
}

/**
 * The result of importing this feed once more, when it is the last that was applied for its academy and degree: its
 * contents, and no change. Undefined when it is to be imported.
 */
export async function findApplied(
  database: Database,
  digest: string,
  academy: string | undefined,
): Promise<ImportResult | undefined> {
  const [row] = await database.transaction(
    (tx) =>
      tx.query<{ academy_code: string; counts: Counts; report: ImportWarning[] }>(
        `SELECT i.academy_code, i.counts, i.report FROM directory.imports i
         WHERE i.digest = $1 AND i.state = 'done' AND NOT EXISTS (
           SELECT FROM directory.imports later WHERE later.academy_code = i.academy_code AND later.degree = i.degree
             AND later.source IS NOT DISTINCT FROM i.source
             AND later.state <> 'refused' AND later.id <> i.id AND later.started_at >= i.started_at)
         ORDER BY i.started_at DESC LIMIT 1`,
        [digest],
      ),
    { scope: 'all', readOnly: true },
  );
  if (!row) return undefined;
  if (academy !== undefined && normaliseAcademy(academy) !== row.academy_code) {
    throw refuse(
      'feed_of_another_academy',
      422,
      'This feed is of another academy than the one that was named. Check the folder and the code.',
    );
  }
  return repeatResult(row.counts, row.report);
}

/** What importing a feed again gives, when nothing changed: its contents and its warnings. */
export const repeatResult = (counts: Counts, report: readonly ImportWarning[]): ImportResult => ({
  ...counts,
  created: 0,
  changed: 0,
  unchanged: counts.pupils + counts.relatives + counts.staff,
  suspended: 0,
  warnings: report,
});

const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_DELTA_DAYS = 7;

/**
 * A delta only says what changed since the one before, so it must follow what was applied here.
 *
 * @throws DirectoryError `feed_delta_without_complete`, `feed_delta_out_of_order` when it is dated on or before the last
 *   feed applied, `feed_delta_out_of_date` when it is more than 7 days away from today.
 */
export async function requireInOrder(
  tx: Tx,
  feed: PlannedFeed,
  run: { readonly academyCode: string; readonly now: Date },
): Promise<void> {
  if (feed.kind === 'complete') return;
  const [last] = await tx.query<{ complete: boolean | null; late: boolean | null }>(
    `SELECT bool_or(kind = 'complete') AS complete, max(feed_day) >= to_date($3, 'YYYYMMDD') AS late
     FROM directory.imports WHERE academy_code = $1 AND degree = $2 AND state = 'done'`,
    [run.academyCode, feed.degree, feed.day],
  );
  if (!last?.complete) {
    throw refuse(
      'feed_delta_without_complete',
      409,
      'This is a delta, and no complete feed of this academy and degree was imported yet. Import the complete feed first.',
    );
  }
  if (last.late) {
    throw refuse(
      'feed_delta_out_of_order',
      409,
      'This delta is dated on or before the last feed that was applied. Apply deltas in the order of their days.',
    );
  }
  const day = Date.parse(`${feed.day.slice(0, 4)}-${feed.day.slice(4, 6)}-${feed.day.slice(6)}T12:00:00Z`);
  if (!(Math.abs(run.now.getTime() - day) <= (MAX_DELTA_DAYS + 0.5) * DAY_MS)) {
    throw refuse(
      'feed_delta_out_of_date',
      409,
      `This delta is dated more than ${MAX_DELTA_DAYS} days away from today. Import a complete feed instead.`,
    );
  }
}

/** Notes that an import begins; an earlier one of the same feed that never ended is noted as failed. */
export async function openImport(
  tx: Tx,
  feed: PlannedFeed,
  run: {
    readonly academyCode: string;
    readonly digest: string;
    readonly at: Date;
    /** A second person confirmed what the guard had stopped. */
    readonly forced: boolean;
    /** Of a feed that is not AAF, with who answers for it. */
    readonly source?: { readonly name: string; readonly controller: ControllerId };
  },
): Promise<ImportId> {
  await tx.query(
    `UPDATE directory.imports SET state = 'failed', finished_at = $3
     WHERE academy_code = $1 AND degree = $2 AND source IS NOT DISTINCT FROM $4 AND state = 'running'`,
    [run.academyCode, feed.degree, run.at, run.source?.name ?? null],
  );
  const id = newId<ImportId>(run.at);
  await tx.query(
    `INSERT INTO directory.imports (id, academy_code, degree, kind, controller_id, digest, file_name, feed_day, state,
       started_at, source, forced)
     VALUES ($1, $2, $3, $4, coalesce($10, (SELECT controller_id FROM directory.academies WHERE code = $2)), $5, $6, to_date($8, 'YYYYMMDD'),
       'running', $7, $9, $11)`,
    [
      id,
      run.academyCode,
      feed.degree,
      feed.kind,
      run.digest,
      feed.files[0]!.name,
      run.at,
      feed.day,
      run.source?.name ?? null,
      run.source?.controller ?? null,
      run.forced,
    ],
  );
  return id;
}

/** Notes how an import ended. */
export async function closeImport(
  tx: Tx,
  id: ImportId,
  end: {
    readonly state: 'done' | 'refused' | 'failed';
    readonly at: Date;
    readonly counts?: Counts | FeedContents;
    readonly report?: readonly ImportWarning[];
  },
): Promise<void> {
  await tx.query(
    `UPDATE directory.imports SET state = $2, finished_at = $3, counts = $4, report = $5 WHERE id = $1`,
    [id, end.state, end.at, JSON.stringify(end.counts ?? {}), JSON.stringify(end.report ?? [])],
  );
}
