import { newId } from '@socle/base';
import type { Database, Tx } from '@socle/db';
import { normaliseAcademy } from '../aaf/values.ts';
import { refuse } from '../errors.ts';
import type { ImportId } from '../ids.ts';
import type { Feed } from './feed-folder.ts';
import type { FeedContents } from './feed-counts.ts';
import type { ImportWarning } from './findings.ts';
import type { ImportResult } from './import-types.ts';

type Counts = Omit<ImportResult, 'warnings'>;

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
  const { counts } = row;
  return {
    ...counts,
    created: 0,
    changed: 0,
    unchanged: counts.pupils + counts.relatives + counts.staff,
    suspended: 0,
    warnings: row.report,
  };
}

/** Notes that an import begins; an earlier one of the same feed that never ended is noted as failed. */
export async function openImport(
  tx: Tx,
  feed: Feed,
  run: { readonly academyCode: string; readonly digest: string; readonly at: Date },
): Promise<ImportId> {
  await tx.query(
    `UPDATE directory.imports SET state = 'failed', finished_at = $3
     WHERE academy_code = $1 AND degree = $2 AND state = 'running'`,
    [run.academyCode, feed.degree, run.at],
  );
  const id = newId<ImportId>(run.at);
  await tx.query(
    `INSERT INTO directory.imports (id, academy_code, degree, kind, controller_id, digest, file_name, state, started_at)
     VALUES ($1, $2, $3, $4, (SELECT controller_id FROM directory.academies WHERE code = $2), $5, $6, 'running', $7)`,
    [id, run.academyCode, feed.degree, feed.kind, run.digest, feed.files[0]!.name, run.at],
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
