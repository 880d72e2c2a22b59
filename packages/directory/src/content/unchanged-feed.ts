import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Database, Tx } from '@socle/db';
import { readBytes } from '../aaf/read-bytes.ts';
import { refuse } from '../errors.ts';
import type { ControllerId } from '@socle/base';
import type { AcademyId } from '../ids.ts';
import type { Feed } from '../import/feed-folder.ts';
import type { Findings, ImportWarning } from '../import/findings.ts';
import { finishImport } from '../import/finish-import.ts';
import { openImport, repeatResult } from '../import/import-ledger.ts';
import type { ImportResult } from '../import/import-types.ts';
import type { RunOptions } from '../import/plan.ts';
import { endGuestsWithoutSponsor } from '../people/end-guests.ts';
import { openContentSum, type ReadContent } from './content-sum.ts';
import { loadReadingRules } from './reading-rules.ts';

/** What is remembered of the complete feed that was applied last. */
interface KnownContent {
  readonly academy_code: string;
  readonly academy: AcademyId;
  readonly controller: ControllerId;
  readonly sum_key: Buffer;
  readonly sum: string;
  readonly records: number;
  readonly counts: Omit<ImportResult, 'warnings'>;
  readonly report: ImportWarning[];
}

const REMEMBERED = `
  SELECT c.academy_code, a.id AS academy, a.controller_id AS controller, c.sum_key, c.sum, c.records, i.counts, i.report
  FROM directory.feed_contents c JOIN directory.imports i ON i.id = c.import_id
  JOIN directory.academies a ON a.code = c.academy_code
  WHERE c.degree = $1 AND ($2::text IS NULL OR c.academy_code = $2) AND c.rules = $3
    AND NOT EXISTS (SELECT FROM directory.imports later WHERE later.academy_code = i.academy_code AND later.degree = i.degree
      AND later.source IS NULL AND later.state <> 'refused' AND later.id <> i.id AND later.started_at >= i.started_at)
    AND directory.rows_of_feeds(c.seen_before, c.own) = c.row_counts`;

/** A feed that says what the last one said. */
export interface UnchangedFeed {
  /** Its contents, and no change. */
  readonly result: ImportResult;
  /** Notes that it was imported, with the event. */
  note(): Promise<void>;
}

/**
 * Recognises a complete feed that says what the last one said, in other files. Undefined when it is to be read and compared: it says
 * something else, or a row that it is compared with was written by somebody else since, or it was read by other rules.
 *
 * @throws DirectoryError `feed_digest_changed` when a file changed while it was read.
 */
export async function findUnchanged(
  database: Database,
  feed: Feed,
  options: RunOptions,
): Promise<UnchangedFeed | undefined> {
  if (feed.kind !== 'complete') return undefined;
  const rules = await loadReadingRules();
  const found = await database.transaction(
    (tx) => tx.query<KnownContent>(REMEMBERED, [feed.degree, options.academy ?? null, rules]),
    { scope: 'all', readOnly: true },
  );
  const [known] = found;
  if (!known || found.length > 1) return undefined;
  const read = await readContent(feed, known, options);
  if (!read) return undefined;
  const result = repeatResult(known.counts, known.report);
  return {
    result,
    async note() {
      options.log.info({ degree: feed.degree }, 'the feed says what the last one said; nothing to do');
      if (options.dryRun) return;
      await database.transaction((tx) => noteRepeated(tx, feed, known, { ...read, result, options }), {
        scope: 'all',
      });
    },
  };
}

/** Reads the files once, as bytes; gives their digest when their records are those that are known. */
async function readContent(
  feed: Feed,
  known: KnownContent,
  options: RunOptions,
): Promise<{ readonly digest: string } | undefined> {
  const content = openContentSum(known.sum_key);
  const hash = createHash('sha256');
  let done = 0;
  for (const file of feed.files) {
    hash.update(`${file.name}\0${file.bytes}\0`);
    content.openFile(file.type);
    let bytes = 0;
    for await (const chunk of readBytes(file.path, 1024 * 1024)) {
      bytes += chunk.length;
      hash.update(chunk);
      content.write(chunk);
    }
    content.endFile();
    if (bytes !== file.bytes || (await stat(file.path)).mtimeMs !== file.modifiedMs) {
      throw refuse(
        'feed_digest_changed',
        409,
        'A file of the feed changed while it was read. Wait until the copy ends, then import again.',
      );
    }
    done += bytes;
    options.onProgress?.({ phase: 'read', done, total: feed.bytes });
  }
  const found = content.result();
  if (!found || found.sum !== known.sum || found.records !== known.records) return undefined;
  return { digest: hash.digest('hex') };
}

async function noteRepeated(
  tx: Tx,
  feed: Feed,
  known: KnownContent,
  run: { readonly digest: string; readonly result: ImportResult; readonly options: RunOptions },
): Promise<void> {
  const { digest, result, options } = run;
  const at = options.clock.now();
  const importId = await openImport(tx, feed, { academyCode: known.academy_code, digest, at, forced: false });
  await endGuestsWithoutSponsor(tx, { audit: options.audit, author: { kind: 'system', id: 'import' }, at });
  const { academy, controller, academy_code: academyCode } = known;
  await finishImport(tx, { importId, digest, academy, academyCode, controller, at }, result, options);
  await tx.query(
    'UPDATE directory.feed_contents SET import_id = $3 WHERE academy_code = $1 AND degree = $2',
    [academyCode, feed.degree, importId],
  );
}

/** A feed that was applied in this run. */
export interface AppliedContent {
  readonly academyCode: string;
  readonly degree: string;
  readonly content: ReadContent;
  readonly findings: Findings;
}

/** Which transactions were over before the first comparison: what others write from here on was not compared. */
export async function markBefore(database: Database): Promise<string> {
  const [row] = await database.query<{ mark: string }>(
    'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS mark',
  );
  return row!.mark;
}

/**
 * Remembers what the feeds of this run said, once all are applied. Forgets it where the order of records counted (a key given
 * twice), where a file held something uncertain, and where others wrote rows meanwhile.
 */
export async function keepContents(
  database: Database,
  applied: readonly AppliedContent[],
  run: { readonly seenBefore: string; readonly own: ReadonlySet<string> },
): Promise<void> {
  const rules = await loadReadingRules();
  await database.transaction(
    async (tx) => {
      await tx.query('SET LOCAL statement_timeout = 0');
      const own = [...run.own];
      for (const { academyCode, degree, content, findings } of applied) {
        await tx.query('DELETE FROM directory.feed_contents WHERE academy_code = $1 AND degree = $2', [
          academyCode,
          degree,
        ]);
        const read = content.sum.result();
        if (!read || findings.list().some(({ kind }) => kind === 'key_duplicate')) continue;
        await tx.query(
          `INSERT INTO directory.feed_contents (academy_code, degree, import_id, sum_key, sum, records, rules, seen_before, own,
             row_counts)
           SELECT $1, $2, i.id, $3, $4, $5, $6, $7, $8::xid8[], r.counts
           FROM directory.rows_of_feeds($7, $8::xid8[]) AS r(counts), LATERAL (
             SELECT id FROM directory.imports WHERE academy_code = $1 AND degree = $2 AND source IS NULL AND state = 'done'
             ORDER BY started_at DESC, id DESC LIMIT 1) i
           WHERE r.counts IS NOT NULL`,
          [academyCode, degree, content.key, read.sum, read.records, rules, run.seenBefore, own],
        );
      }
    },
    { scope: 'all' },
  );
}
