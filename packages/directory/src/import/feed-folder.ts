import { createHash } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseFeedFileName, type Degree, type FeedFileName, type FeedType } from '../aaf/file-name.ts';
import { readBytes } from '../aaf/read-bytes.ts';
import { openFeedFile, type FeedHeader } from '../aaf/read-file.ts';
import { refuse } from '../errors.ts';

/** One file of a feed, in its place. */
export interface FeedFile {
  readonly path: string;
  readonly name: string;
  readonly type: FeedType;
  readonly bytes: number;
  /** When it was last written to, as its folder says. */
  readonly modifiedMs: number;
}

/** The files of one degree and one generation. */
export interface Feed {
  readonly degree: Degree;
  readonly kind: 'complete' | 'delta';
  /** `YYYYMMDD`. */
  readonly day: string;
  /** Types in the order in which they are read, parts in order within a type. */
  readonly files: readonly FeedFile[];
  readonly bytes: number;
}

const TYPES_NEEDED: Readonly<Record<Degree, readonly FeedType[]>> = {
  '2D': ['EtabEducNat', 'MatiereEducNat', 'MefEducNat', 'PersEducNat', 'Eleve', 'PersRelEleve'],
  '1D': ['EtabEducNat', 'PersEducNat', 'Eleve', 'PersRelEleve'],
};

/**
 * Finds the feeds of a folder: one a degree. Files that are no XML are left alone.
 *
 * @throws DirectoryError `feed_folder_unreadable`; `feed_not_aaf` when an XML file's name is not of the feed, or there is
 *   none; `feed_incomplete` when a type is missing from a complete feed, or the files are of several days;
 *   `feed_kinds_mixed`.
 */
export async function findFeeds(folder: string): Promise<readonly Feed[]> {
  const files = await listFiles(folder);
  const feeds: Feed[] = [];
  for (const degree of ['2D', '1D'] as const) {
    const ofDegree = files.filter((file) => file.degree === degree);
    if (ofDegree.length > 0) feeds.push(buildFeed(degree, ofDegree));
  }
  return feeds;
}

interface ListedFile extends FeedFile {
  readonly says: FeedFileName;
  readonly degree: Degree;
}

async function listFiles(folder: string): Promise<readonly ListedFile[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch {
    throw refuse(
      'feed_folder_unreadable',
      422,
      'The feed must be a folder of XML files that may be read. Check its path and its rights.',
    );
  }
  const listed: ListedFile[] = [];
  for (const name of names.filter((candidate) => /\.xml$/i.test(candidate)).toSorted()) {
    const says = parseFeedFileName(name);
    if (!says) {
      throw refuse(
        'feed_not_aaf',
        422,
        `${name} is not named like a file of an AAF feed (<PROJECT>_Complet_<YYYYMMDD>_<Type>_<NNNN>.xml). Take it out of the folder, or check that this is the right one.`,
        { file: name },
      );
    }
    const place = path.join(folder, name);
    const degree = says.degree ?? ((await readHeader(place, name)).get('degre') === '1D' ? '1D' : '2D');
    const { size, mtimeMs } = await stat(place);
    listed.push({ path: place, name, type: says.type, bytes: size, modifiedMs: mtimeMs, says, degree });
  }
  if (listed.length === 0) {
    throw refuse(
      'feed_not_aaf',
      422,
      'The folder holds no XML file of an AAF feed. Unpack the archive there first.',
    );
  }
  return listed;
}

function buildFeed(degree: Degree, files: readonly ListedFile[]): Feed {
  const { kind, day } = files[0]!.says;
  if (files.some(({ says }) => says.kind !== kind)) {
    throw refuse(
      'feed_kinds_mixed',
      422,
      'The folder holds files of a complete feed and of a delta. Import one, then the other.',
    );
  }
  if (files.some(({ says }) => says.day !== day)) {
    throw refuse(
      'feed_incomplete',
      422,
      'The folder holds files of several days. Keep one generation of the feed in it.',
    );
  }
  const missing = TYPES_NEEDED[degree].filter((type) => !files.some((file) => file.type === type));
  if (kind === 'complete' && missing.length > 0) {
    throw refuse(
      'feed_incomplete',
      422,
      `The feed lacks files of the type ${missing.join(', ')}; a complete feed without them would end rights wrongly. Ask for the whole feed.`,
      { missing },
    );
  }
  const sorted = TYPES_NEEDED[degree].flatMap((type) => files.filter((file) => file.type === type));
  return { degree, kind, day, files: sorted, bytes: sorted.reduce((sum, file) => sum + file.bytes, 0) };
}

const HEADER_BYTES = 16 * 1024;

async function readHeader(place: string, name: string): Promise<FeedHeader> {
  const handle = await open(place);
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(HEADER_BYTES) });
    const reader = openFeedFile({ file: name, onRecord: () => {} });
    reader.write(buffer.subarray(0, bytesRead));
    return reader.header;
  } finally {
    await handle.close();
  }
}

/** SHA-256 over the names and bytes of the feed's files, in hexadecimal. */
export async function digestFeed(feed: Feed): Promise<string> {
  const hash = createHash('sha256');
  for (const file of feed.files) {
    hash.update(`${file.name}\0${file.bytes}\0`);
    for await (const chunk of readBytes(file.path, 1024 * 1024)) hash.update(chunk);
  }
  return hash.digest('hex');
}
