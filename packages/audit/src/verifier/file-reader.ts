import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { Finding } from './verdict.ts';

const CHUNK_BYTES = 1 << 18;
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
  // what was read and not yet taken: buffer[start, end)
  let buffer: Buffer = Buffer.alloc(0);
  let start = 0;
  let end = 0;
  let bytes = 0;

  /** Reads on. What was handed out stays as it is: each piece of the file has memory of its own. False at the end. */
  function fill(): boolean {
    const kept = end - start;
    const next = Buffer.allocUnsafeSlow(kept + CHUNK_BYTES);
    buffer.copy(next, 0, start, end);
    const length = readSync(descriptor, next, kept, CHUNK_BYTES, null);
    if (length === 0) return false;
    digest.update(next.subarray(kept, kept + length));
    bytes += length;
    buffer = next;
    start = 0;
    end = kept + length;
    return true;
  }

  function cut(to: number): Buffer {
    const piece = buffer.subarray(start, to);
    start = to;
    return piece;
  }

  return {
    take(length) {
      while (end - start < length && fill());
      return cut(Math.min(start + length, end));
    },
    takeLine() {
      let searched = 0;
      for (;;) {
        const found = buffer.indexOf(LINE_FEED, start + searched);
        if (found >= 0 && found < end) {
          const line = cut(found);
          start += 1;
          return line;
        }
        searched = end - start;
        if (searched > MAX_LINE_BYTES)
          throw new Finding('tampered', `${name} has a line too long`, { file: name });
        if (!fill()) return start === end ? undefined : cut(end);
      }
    },
    finish() {
      do start = end;
      while (fill());
      return { bytes, sha256: digest.digest('hex') };
    },
    close: () => closeSync(descriptor),
  };
}
