import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Tx } from '@socle/db';
import { readBytes } from '../aaf/read-bytes.ts';
import { openFeedFile, type FeedHeader } from '../aaf/read-file.ts';
import type { FeedRecord } from '../aaf/read-file.ts';
import { normaliseAcademy } from '../aaf/values.ts';
import type { ContentSum } from '../content/content-sum.ts';
import { refuse } from '../errors.ts';
import type { Feed, FeedFile } from './feed-folder.ts';
import type { Findings } from './findings.ts';
import type { Mapping } from './map-person.ts';
import { mapRecord } from './map-record.ts';
import { openStaging } from './staging.ts';

export interface StageOptions {
  readonly feed: Feed;
  readonly findings: Findings;
  /** What `digestFeed` gave, if it was asked: the bytes read here must be the same. */
  readonly digest: string | undefined;
  /** The academy that the caller expects. */
  readonly academy?: string;
  /** Is told every byte, file by file. */
  readonly content?: ContentSum;
  readonly onBytes: (bytes: number) => void;
  /** See ImportAafOptions. */
  readonly giveWay?: (workedMs: number) => Promise<void>;
}

const CATEGORIES: Readonly<Record<string, string>> = { MatiereEducNat: 'MatEducNat' };
const CHUNK_BYTES = 128 * 1024;

/**
 * Reads the whole feed into the staging tables, in the given transaction; nothing else is touched. Of a delta, the
 * requests are kept as they are (see stageDelta).
 *
 * @returns the code of the feed's academy, and the feed's digest (see digestFeed).
 * @throws DirectoryError as openFeedFile; `feed_of_another_academy` when files, schools and the caller do not name one
 *   academy; `feed_academy_unknown` when none does; `feed_digest_changed` when a file changed while it was read.
 */
export async function stageFeed(
  tx: Tx,
  options: StageOptions,
): Promise<{ readonly academyCode: string; readonly digest: string }> {
  const { feed, findings } = options;
  const staging = openStaging(tx);
  const academies = new Set<string>();
  const mapping: Mapping = { degree: feed.degree, staging, findings, academies, number: 0 };
  const hash = createHash('sha256');
  const pause = openPauses(options.giveWay);
  for (const file of feed.files) {
    hash.update(`${file.name}\0${file.bytes}\0`);
    let bytes = 0;
    options.content?.openFile(file.type);
    const header = await stageFile(feed, file, { mapping, pause }, (chunk) => {
      bytes += chunk.length;
      hash.update(chunk);
      options.content?.write(chunk);
      options.onBytes(chunk.length);
    });
    options.content?.endFile();
    if (bytes !== file.bytes || (await stat(file.path)).mtimeMs !== file.modifiedMs) throw changed();
    const code = header.get('codeAcademieExport');
    if (code) academies.add(normaliseAcademy(code));
    const degree = header.get('degre');
    if (degree && degree !== feed.degree) {
      throw refuse(
        'feed_not_aaf',
        422,
        `${file.name} says that it is of the degree ${degree === '1D' ? '1D' : '2D'}, unlike its name.`,
        { file: file.name },
      );
    }
  }
  await staging.flush();
  const digest = hash.digest('hex');
  if (options.digest !== undefined && digest !== options.digest) throw changed();
  return { academyCode: chooseAcademy(academies, options.academy), digest };
}

const changed = () =>
  refuse(
    'feed_digest_changed',
    409,
    'A file of the feed changed while it was read. Wait until the copy ends, then import again.',
  );

async function stageFile(
  feed: Feed,
  file: FeedFile,
  reading: { readonly mapping: Mapping; readonly pause: () => Promise<void> },
  onChunk: (chunk: Uint8Array) => void,
): Promise<FeedHeader> {
  const { mapping, pause } = reading;
  const category = CATEGORIES[file.type] ?? file.type;
  const reader = openFeedFile({
    file: file.name,
    onRecord: (record) =>
      feed.kind === 'delta' ? keepRequest(record, category, mapping) : mapRecord(record, category, mapping),
  });
  for await (const chunk of readBytes(file.path, CHUNK_BYTES)) {
    onChunk(chunk);
    reader.write(chunk);
    await mapping.staging.drain();
    await pause();
  }
  reader.end();
  return reader.header;
}

const WORKED_MS = 200;

/** What is called after each chunk, and gives way to others once enough was done. */
function openPauses(giveWay: StageOptions['giveWay']): () => Promise<void> {
  let since = performance.now();
  return async () => {
    const worked = performance.now() - since;
    if (!giveWay || worked < WORKED_MS) return;
    await giveWay(worked);
    since = performance.now();
  };
}

/** A delta's request waits until what it does not name can be read: the feed's academy is known at its end. */
function keepRequest(record: FeedRecord, category: string, mapping: Mapping): void {
  if (record.category !== category) {
    mapping.findings.refuse('record_of_another_type', record.id);
    return;
  }
  const academy = record.attributes.get('ENTServAcCodeAcademie')?.[0];
  if (academy) mapping.academies.add(normaliseAcademy(academy));
  mapping.number += 1;
  const attributes = JSON.stringify(Object.fromEntries(record.attributes));
  mapping.staging.add('requests', mapping.number, record.operation, category, record.id, attributes);
}

function chooseAcademy(found: ReadonlySet<string>, wanted: string | undefined): string {
  const expected = wanted === undefined ? undefined : normaliseAcademy(wanted);
  const codes = new Set(found);
  if (expected !== undefined) codes.add(expected);
  const [code] = codes;
  if (code === undefined) {
    throw refuse(
      'feed_academy_unknown',
      422,
      'The feed does not say its academy. Name it with the academy’s code.',
    );
  }
  if (codes.size > 1) {
    throw refuse(
      'feed_of_another_academy',
      422,
      expected === undefined
        ? 'The files of this feed name several academies. Import one academy at a time.'
        : 'This feed is of another academy than the one that was named. Check the folder and the code.',
      { academies: [...codes].filter((each) => /^[A-Za-z0-9]{1,8}$/.test(each)).slice(0, 8) },
    );
  }
  if (!/^[A-Za-z0-9]{1,8}$/.test(code)) {
    throw refuse('feed_academy_unknown', 422, 'The feed’s academy code is not a code.');
  }
  return code;
}
