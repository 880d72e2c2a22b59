import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { Finding } from './verdict.ts';

const CHUNK_BYTES = 1 << 17;
const MAX_LINE_BYTES = 64 * 1024;
const LINE_FEED = 0x0a;

/** Reads a file once from start to end, a piece at a time, and knows the digest of what was read. */
export interface FileReader {
  /** Exactly `length` bytes, fewer at the end of the file. */
  take(length: number): Buffer;
  /** The next line without its line feed; undefined at the end. */
  takeLine(): Buffer | undefined;
  /** Reads what is left, and gives the file's length and SHA-256 in hexadecimal. */
  finish(): { bytes: number; sha256: string };
  close(): void;
}

/** Opens a file of the export. @throws Finding `unverifiable` when it cannot be read. */
export function openFile(folder: string, name: string): FileReader {
  let descriptor: number;
  try {
    descriptor = openSync(`${folder}/${name}`, 'r');
  } catch {
    throw new Finding('unverifiable', `the file ${name} is missing or cannot be read`, { file: name });
  }
  const digest = createHash('sha256');
  let rest: Buffer = Buffer.alloc(0);
  let bytes = 0;

  /** Adds a piece of the file to `rest`. False at the end. */
  function fill(): boolean {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const length = readSync(descriptor, chunk, 0, CHUNK_BYTES, null);
    if (length === 0) return false;
    const read = chunk.subarray(0, length);
    digest.update(read);
    bytes += length;
    rest = rest.length === 0 ? read : Buffer.concat([rest, read]);
    return true;
  }

  function cut(length: number): Buffer {
    const piece = rest.subarray(0, length);
    rest = rest.subarray(length);
    return piece;
  }

  return {
    take(length) {
      while (rest.length < length && fill());
      return cut(length);
    },
    takeLine() {
      let searched = 0;
      for (;;) {
        const end = rest.indexOf(LINE_FEED, searched);
        if (end >= 0) {
          const line = cut(end);
          rest = rest.subarray(1);
          return line;
        }
        if (rest.length > MAX_LINE_BYTES)
          throw new Finding('tampered', `${name} has a line too long`, { file: name });
        searched = rest.length;
        if (!fill()) return rest.length === 0 ? undefined : cut(rest.length);
      }
    },
    finish() {
      do rest = Buffer.alloc(0);
      while (fill());
      return { bytes, sha256: digest.digest('hex') };
    },
    close: () => closeSync(descriptor),
  };
}
