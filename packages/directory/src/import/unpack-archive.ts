import { open, type FileHandle, rm } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parseFeedFileName } from '../aaf/file-name.ts';
import { DirectoryError, refuse } from '../errors.ts';
import { makeOwnFolder, removeLeftFolders } from './own-folder.ts';

/** Bounds of what an archive may hold. */
export interface ArchiveLimits {
  readonly maxEntries: number;
  /** All entries together, unpacked. */
  readonly maxBytes: number;
  /** Unpacked bytes for each byte of the archive, beyond the first 64 MiB. */
  readonly maxRatio: number;
}

const ARCHIVE_LIMITS: ArchiveLimits = Object.freeze({
  maxEntries: 20_000,
  maxBytes: 16 * 1024 ** 3,
  maxRatio: 200,
});

/** Which entries of an archive are a feed's files. */
export interface ArchiveNames {
  /** Entries that must be of the feed. */
  readonly claims: RegExp;
  readonly isOfFeed: (name: string) => boolean;
}

const AAF_NAMES: ArchiveNames = {
  claims: /\.xml$/i,
  isOfFeed: (name) => parseFeedFileName(name) !== undefined,
};

const FREE_BYTES = 64 * 1024 ** 2;
const KIND = /\.(zip|tgz|tar\.gz)$/i;

/** True for a path that is read as an archive. */
export const isArchive = (source: string): boolean => KIND.test(source);

/**
 * Unpacks the files of a feed from a `.zip` or `.tgz` into a new private folder, a piece at a time, and removes it when the work is
 * done. Names are taken from the feed's own pattern, never as paths: an entry elsewhere than at the top or in one folder,
 * a link, or a name with `..` refuses the archive.
 *
 * @throws DirectoryError `feed_archive_invalid`; `feed_archive_too_large` beyond the limits.
 */
export async function withUnpacked<T>(
  archive: string,
  work: (folder: string) => Promise<T>,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
  names: ArchiveNames = AAF_NAMES,
): Promise<T> {
  await removeLeftFolders();
  const folder = await makeOwnFolder();
  try {
    const handle = await open(archive).catch(() => {
      throw invalid('cannot be opened');
    });
    const packedBytes = (await handle.stat()).size;
    await handle.close();
    const sink = openSink(folder, packedBytes, limits, names);
    try {
      if (/\.zip$/i.test(archive)) await unpackZip(archive, sink);
      else await unpackTar(archive, sink);
    } catch (error) {
      throw error instanceof DirectoryError ? error : invalid('is damaged or truncated');
    }
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const invalid = (what: string) =>
  refuse('feed_archive_invalid', 422, `The archive ${what}. Ask for it again, or unpack it into a folder.`);

/** Where entries go. */
interface Sink {
  /** Checks a name; gives the file's, or undefined for an entry that is left alone. */
  choose(name: string, isFile: boolean): string | undefined;
  write(file: string, content: Readable): Promise<void>;
  /** Counts bytes that are thrown away. */
  skip(content: Readable): Promise<void>;
}

function openSink(folder: string, packedBytes: number, limits: ArchiveLimits, names: ArchiveNames): Sink {
  const seen = new Set<string>();
  let entries = 0;
  let bytes = 0;
  const allowed = Math.min(limits.maxBytes, FREE_BYTES + packedBytes * limits.maxRatio);
  const count = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > allowed) throw tooLarge();
  };
  return {
    choose(name, isFile) {
      entries += 1;
      if (entries > limits.maxEntries) throw tooLarge();
      const parts = name.split('/').filter((part) => part !== '' && part !== '.');
      if (parts.includes('..') || name.startsWith('/') || /[\\\0:]/.test(name))
        throw invalid('holds a name that leads out of it');
      if (name.endsWith('/')) return undefined;
      if (!isFile) throw invalid('holds a link or a device');
      const file = parts.at(-1) ?? '';
      if (!names.claims.test(file)) return undefined;
      if (parts.length > 2 || !names.isOfFeed(file)) throw invalid('holds files that are not of a feed');
      if (seen.has(file)) throw invalid('holds a file twice');
      seen.add(file);
      return file;
    },
    async write(file, content) {
      // `wx`: nothing that exists is ever written through.
      const handle = await open(path.join(folder, file), 'wx', 0o600);
      try {
        await copy(content, handle, count);
      } finally {
        await handle.close();
      }
    },
    async skip(content) {
      for await (const chunk of content) count(chunk as Buffer);
    },
  };
}

async function copy(content: Readable, handle: FileHandle, count: (chunk: Buffer) => void): Promise<void> {
  for await (const chunk of content) {
    count(chunk as Buffer);
    await handle.write(chunk as Buffer);
  }
}

const tooLarge = () =>
  refuse(
    'feed_archive_too_large',
    422,
    'The archive unpacks to more than a feed can be. If it is right, unpack it into a folder and import that.',
  );

async function unpackTar(archive: string, sink: Sink): Promise<void> {
  const { default: tar } = await import('tar-stream');
  const extract = tar.extract();
  const source = createReadStream(archive);
  const gunzip = createGunzip();
  const stop = (error: Error) => extract.destroy(error);
  source.on('error', stop);
  gunzip.on('error', stop);
  source.pipe(gunzip).pipe(extract);
  let seen = 0;
  try {
    for await (const entry of extract) {
      const { name, type } = entry.header;
      seen += 1;
      const directory = type === 'directory';
      const file = sink.choose(directory && !name.endsWith('/') ? `${name}/` : name, type === 'file');
      const content = entry as unknown as Readable;
      if (file) await sink.write(file, content);
      else await sink.skip(content);
    }
  } finally {
    source.destroy();
    gunzip.destroy();
  }
  if (seen === 0) throw invalid('is empty');
}

async function unpackZip(archive: string, sink: Sink): Promise<void> {
  const { default: yauzl } = await import('yauzl');
  const zip = await yauzl.openPromise(archive, {
    lazyEntries: true,
    strictFileNames: true,
    validateEntrySizes: true,
  });
  try {
    for await (const entry of zip.eachEntry()) {
      // The upper half holds the Unix mode, where the archive was made there; 0o100000 is a plain file.
      const mode = (entry.externalFileAttributes >>> 16) & 0o170000;
      const plain = mode === 0 || mode === 0o100000 || entry.fileName.endsWith('/');
      if (entry.isEncrypted()) throw invalid('is encrypted');
      const file = sink.choose(entry.fileName, plain);
      if (file) await sink.write(file, await zip.openReadStreamPromise(entry));
    }
  } finally {
    zip.close();
  }
}
