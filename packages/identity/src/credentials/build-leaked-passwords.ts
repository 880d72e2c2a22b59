import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { IdentityError } from '../errors.ts';
import {
  LEAKED_BUCKETS,
  LEAKED_HEADER_BYTES,
  LEAKED_MAGIC,
  LEAKED_RECORD_BYTES,
} from './leaked-passwords.ts';

/** What was written. */
export interface LeakedBuild {
  readonly entries: number;
  /** Lines that were seen less often than `minCount`. */
  readonly skipped: number;
  readonly bytes: number;
}

const DIGEST = /^([0-9A-Fa-f]{40})(?::(\d+))?\s*$/;
/** Passwords in clear are sorted in memory; digests must come sorted. */
const MAX_PLAIN = 5_000_000;
const FLUSH_BYTES = 1_048_576;

/**
 * Writes the compact list from a text file: one SHA-1 in hexadecimal a line, ascending, with or without `:count` (the
 * form of public breach corpora), or one password a line. The list appears under its name only once it is whole.
 *
 * @throws IdentityError `leaked_list_refused` when digests are not ascending, or there are too many passwords in clear.
 */
export async function buildLeakedPasswords(options: {
  readonly from: string;
  readonly to: string;
  /** Least count of a line; lines without a count are kept. Default 1. */
  readonly minCount?: number;
}): Promise<LeakedBuild> {
  const draft = `${options.to}.new`;
  const file = await open(draft, 'w', 0o644);
  try {
    const built = await writeList(file, options.from, options.minCount ?? 1);
    await file.sync();
    await file.close();
    await rename(draft, options.to);
    return built;
  } catch (error) {
    await file.close().catch(() => {});
    await rm(draft, { force: true });
    throw error;
  }
}

async function writeList(file: FileHandle, from: string, minCount: number): Promise<LeakedBuild> {
  const counts = new Array<number>(LEAKED_BUCKETS).fill(0);
  let entries = 0;
  let skipped = 0;
  let position = LEAKED_HEADER_BYTES;
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  const flush = async () => {
    await file.write(Buffer.concat(pending), 0, pendingBytes, position);
    position += pendingBytes;
    pending = [];
    pendingBytes = 0;
  };
  let last = Buffer.alloc(6);
  for await (const { digest, count } of readDigests(from)) {
    if (count < minCount) {
      skipped += 1;
      continue;
    }
    const order = entries === 0 ? 1 : digest.compare(last, 0, 6, 0, 6);
    if (order < 0)
      throw refused('The digests are not in ascending order. Sort the file, then build it again.');
    if (order === 0) continue;
    last = Buffer.from(digest.subarray(0, 6));
    counts[digest.readUInt16BE(0)]! += 1;
    pending.push(Buffer.from(digest.subarray(2, 2 + LEAKED_RECORD_BYTES)));
    pendingBytes += LEAKED_RECORD_BYTES;
    entries += 1;
    if (pendingBytes >= FLUSH_BYTES) await flush();
  }
  if (pendingBytes > 0) await flush();
  await file.write(buildHeader(counts), 0, LEAKED_HEADER_BYTES, 0);
  return { entries, skipped, bytes: position };
}

function buildHeader(counts: readonly number[]): Buffer {
  const header = Buffer.alloc(LEAKED_HEADER_BYTES);
  LEAKED_MAGIC.copy(header);
  let offset = 0;
  counts.forEach((count, bucket) => {
    header.writeBigUInt64BE(BigInt(offset), LEAKED_MAGIC.length + bucket * 8);
    offset += count;
  });
  header.writeBigUInt64BE(BigInt(offset), LEAKED_HEADER_BYTES - 8);
  return header;
}

interface Line {
  readonly digest: Buffer;
  readonly count: number;
}

/** Digests in the order of the file; passwords in clear as sorted digests, after them. */
async function* readDigests(from: string): AsyncGenerator<Line> {
  const plain: Buffer[] = [];
  for await (const line of createInterface({ input: createReadStream(from, 'utf8'), crlfDelay: Infinity })) {
    const [, digest, count] = DIGEST.exec(line) ?? [];
    if (digest !== undefined) {
      if (plain.length > 0) throw refused('The file mixes digests and passwords. Give one kind at a time.');
      yield { digest: Buffer.from(digest, 'hex'), count: count === undefined ? Infinity : Number(count) };
    } else if (line !== '') {
      if (plain.length >= MAX_PLAIN)
        throw refused('More than five million passwords in clear: give their sorted SHA-1.');
      plain.push(createHash('sha1').update(line.normalize('NFC')).digest());
    }
  }
  for (const digest of plain.sort((a, b) => a.compare(b))) yield { digest, count: Infinity };
}

function refused(publicMessage: string): IdentityError {
  return new IdentityError('leaked_list_refused', { status: 400, publicMessage });
}
