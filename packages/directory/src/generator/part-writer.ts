import { createHash, type Hash } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';

/** One file of the feed. */
export interface FeedFile {
  readonly name: string;
  readonly bytes: number;
  readonly records: number;
  /** SHA-256 of the bytes, in hexadecimal. */
  readonly sha256: string;
}

export interface PartWriterOptions {
  readonly folder: string;
  /** Name up to the number: `ENT2DVA-SOCLE_Complet_20260901_Eleve`. */
  readonly stem: string;
  /** XML declaration, DOCTYPE, root's start tag and comments. */
  readonly header: string;
  readonly footer: string;
  readonly recordsPerPart: number;
}

const BUFFER_UNITS = 64 * 1024;

/** Writes records into numbered files, a bounded buffer at a time. */
export interface PartWriter {
  /** True when `drain` should be awaited before more records come. */
  readonly full: boolean;
  readonly bytes: number;
  add(record: string): void;
  drain(): Promise<void>;
  /** Ends the last file. A writer that got no record still makes one file, without records. */
  close(): Promise<readonly FeedFile[]>;
  /** Removes every file written so far. */
  abandon(): Promise<void>;
}

interface OpenPart {
  readonly name: string;
  readonly handle: FileHandle;
  readonly hash: Hash;
  bytes: number;
  records: number;
}

/** Opens a writer; no file is made before the first `drain` or `close`. */
export function openPartWriter(options: PartWriterOptions): PartWriter {
  const files: FeedFile[] = [];
  let pending: { text: string; records: number; ends: boolean }[] = [];
  let text = '';
  let records = 0;
  let recordsInPart = 0;
  let buffered = 0;
  let bytes = 0;
  let part: OpenPart | undefined;
  const scratch = Buffer.allocUnsafeSlow(BUFFER_UNITS * 4);

  const cut = (ends: boolean) => {
    pending.push({ text, records, ends });
    text = '';
    records = 0;
    if (ends) recordsInPart = 0;
  };
  const write = async (target: OpenPart, chunk: string) => {
    // One buffer for all chunks: fresh ones would be garbage outside the heap, which is collected late.
    const fits = chunk.length * 3 <= scratch.length;
    const encoded = fits ? scratch.subarray(0, scratch.write(chunk, 'utf8')) : Buffer.from(chunk, 'utf8');
    target.hash.update(encoded);
    target.bytes += encoded.length;
    bytes += encoded.length;
    await target.handle.writeFile(encoded);
  };
  const openPart = async (): Promise<OpenPart> => {
    const name = `${options.stem}_${String(files.length).padStart(4, '0')}.xml`;
    const handle = await open(path.join(options.folder, name), 'wx');
    part = { name, handle, hash: createHash('sha256'), bytes: 0, records: 0 };
    await write(part, options.header);
    return part;
  };
  const finishPart = async (target: OpenPart) => {
    await write(target, options.footer);
    await target.handle.close();
    part = undefined;
    const { name, records: written } = target;
    files.push({ name, bytes: target.bytes, records: written, sha256: target.hash.digest('hex') });
  };
  const flush = async () => {
    const chunks = pending;
    pending = [];
    buffered = 0;
    for (const chunk of chunks) {
      const target = part ?? (await openPart());
      if (chunk.text !== '') await write(target, chunk.text);
      target.records += chunk.records;
      if (chunk.ends) await finishPart(target);
    }
  };
  return {
    get full() {
      return buffered >= BUFFER_UNITS;
    },
    get bytes() {
      return bytes;
    },
    add(record) {
      if (recordsInPart === options.recordsPerPart) cut(true);
      text += record;
      buffered += record.length;
      records += 1;
      recordsInPart += 1;
    },
    async drain() {
      cut(false);
      await flush();
    },
    async close() {
      cut(true);
      await flush();
      return files;
    },
    async abandon() {
      const names = files.map((file) => file.name);
      if (part) {
        names.push(part.name);
        await part.handle.close().catch(() => undefined);
      }
      await Promise.all(names.map((name) => rm(path.join(options.folder, name), { force: true })));
    },
  };
}
