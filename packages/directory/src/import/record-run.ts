import path from 'node:path';
import { isSocleError, newId, type SchoolId } from '@socle/base';
import type { Clock } from '@socle/base';
import type { Database } from '@socle/db';
import { normaliseAcademy } from '../aaf/values.ts';
import type { ImportRunId } from '../ids.ts';
import type { Author } from '../people/grant-role.ts';
import type { SchoolCounts } from './change-events.ts';
import type { GuardedFeed } from './guard-feed.ts';
import type { ImportProgress, ImportResult } from './import-types.ts';

/** How a run of an import is told of itself. */
export interface RunObserver {
  /** The academy and the very bytes of the feed, once they are known. */
  onPrepared(prepared: { readonly academyCode: string; readonly digest: string }): void;
  onProgress(progress: ImportProgress): void;
  /** A school that the run changed, or would. */
  onSchool(school: SchoolId, counts: SchoolCounts): void;
  /** What the guard counted, where it stops the run or would have. */
  onGuarded(feed: GuardedFeed): void;
}

/** What is known of a run before it begins. */
export interface RunToRecord {
  readonly database: Database;
  readonly clock: Clock;
  readonly format: 'aaf' | 'csv' | 'oneroster';
  /** The path of the feed, of which the last part is kept. */
  readonly source: string;
  readonly academy?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly runId?: ImportRunId | undefined;
  /** Default: the command line. */
  readonly startedBy?: Author | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
}

/** Between two notes of how far a run is, and between two signs of life. */
const NOTE_MS = 500;
const SIGN_OF_LIFE_MS = 10_000;
const GUARDED = ['feed_departures_exceed_guard', 'feed_changes_exceed_guard', 'feed_force_unconfirmed'];

/** Does an import and notes its run: who started it, how far it is, how it ended. A killed run stays without an end. */
export async function recordRun(
  about: RunToRecord,
  work: (observer: RunObserver) => Promise<ImportResult>,
): Promise<ImportResult> {
  const { database, clock } = about;
  const id = about.runId ?? newId<ImportRunId>(clock.now());
  const by = about.startedBy ?? { kind: 'system', id: 'command-line' };
  const schools: { readonly school: SchoolId; readonly counts: SchoolCounts }[] = [];
  const guarded: GuardedFeed[] = [];
  let academy = about.academy === undefined ? null : normaliseAcademy(about.academy);
  let writing = Promise.resolve();
  const write = (sql: string, values: readonly unknown[]) =>
    database.transaction((tx) => tx.query(sql, [id, ...values]), { scope: 'all' });
  // notes follow one another, and one that fails stops no import
  const note = (sql: string, values: readonly unknown[]): void => {
    writing = writing.then(async () => void (await write(sql, values))).catch(() => undefined);
  };
  await write(
    `INSERT INTO directory.import_runs (id, format, file_name, is_rehearsal, started_by_kind, started_by, academy_id,
       controller_id, started_at, seen_at)
     SELECT $1, $2, $3, $4, $5, $6, a.id, a.controller_id, $8, $8
     FROM (SELECT 1) one LEFT JOIN directory.academies a ON a.code = $7`,
    [
      about.format,
      path.basename(about.source).slice(-255) || about.format,
      about.dryRun === true,
      by.kind === 'person' ? 'person' : 'system',
      by.id,
      academy,
      clock.now(),
    ],
  );
  let noted = 0;
  const observer: RunObserver = {
    onPrepared({ academyCode, digest }) {
      academy = academyCode;
      note(
        `UPDATE directory.import_runs r SET digest = $3, academy_id = a.id, controller_id = a.controller_id
         FROM (SELECT 1) one LEFT JOIN directory.academies a ON a.code = $2 WHERE r.id = $1`,
        [academyCode, digest],
      );
    },
    onProgress(progress) {
      about.onProgress?.(progress);
      const now = Date.now();
      if (now - noted < NOTE_MS && progress.done < progress.total) return;
      noted = now;
      note('UPDATE directory.import_runs SET phase = $2, done = $3, total = $4, seen_at = $5 WHERE id = $1', [
        progress.phase,
        progress.done,
        progress.total,
        clock.now(),
      ]);
    },
    onSchool: (school, counts) => void schools.push({ school, counts }),
    onGuarded: (feed) => void guarded.push(feed),
  };
  const sign = setInterval(
    () => note('UPDATE directory.import_runs SET seen_at = $2 WHERE id = $1', [clock.now()]),
    SIGN_OF_LIFE_MS,
  );
  sign.unref();
  const end = async (state: string, result: ImportResult | undefined, refusal: object | undefined) => {
    clearInterval(sign);
    await writing;
    const { warnings, ...counts } = result ?? { warnings: undefined };
    await write(
      `UPDATE directory.import_runs r SET state = $2, finished_at = $3, seen_at = $3, counts = $4, report = $5, schools = $6,
         guarded = $7, refusal = $8, academy_id = a.id, controller_id = a.controller_id
       FROM (SELECT 1) one LEFT JOIN directory.academies a ON a.code = $9 WHERE r.id = $1`,
      [
        state,
        clock.now(),
        result ? JSON.stringify(counts) : null,
        warnings ? JSON.stringify(warnings) : null,
        JSON.stringify(schools),
        JSON.stringify(guarded),
        refusal ? JSON.stringify(refusal) : null,
        academy,
      ],
    );
  };
  try {
    const result = await work(observer);
    await end('done', result, undefined);
    return result;
  } catch (error) {
    const isRefusal = isSocleError(error) && error.kind === 'refusal';
    const state = !isRefusal ? 'failed' : GUARDED.includes(error.code) ? 'guarded' : 'refused';
    const refusal = isRefusal
      ? { code: error.code, message: error.publicMessage, lines: error.details?.['lines'] ?? [] }
      : undefined;
    await end(state, undefined, refusal).catch(() => undefined);
    throw error;
  }
}
