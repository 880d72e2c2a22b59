import { createHash, hash, randomBytes } from 'node:crypto';

/** What the records of a feed say, in whatever order and in however many files they came. */
export interface ContentSum {
  /** Starts a file of this type; the one before must have ended. */
  openFile(type: string): void;
  write(chunk: Uint8Array): void;
  endFile(): void;
  /** The sum in hexadecimal; undefined when a file had something that no record is cut from with certainty. */
  result(): { readonly sum: string; readonly records: number } | undefined;
}

/** The sum of a feed that is being read, and the secret it is made with. */
export interface ReadContent {
  readonly key: Uint8Array;
  readonly sum: ContentSum;
}

/** A sum with a new secret. */
export function openContent(): ReadContent {
  const key = randomBytes(32);
  return { key, sum: openContentSum(key) };
}

const OPENS = Buffer.from('<addRequest>');
const CLOSES = Buffer.from('</addRequest>');
const MARK = Buffer.from('<!');
const MAX_RECORD_BYTES = 1024 * 1024;
const PREFIX_BYTES = 64;

/**
 * Cuts the bytes of a complete feed's files into records, without reading them as XML, and adds up a keyed hash of each modulo
 * 2^256 (MSet-Add-Hash of Clarke, Devadas, van Dijk, Gassend and Suh, 2003): two feeds have the same sum when they hold the same
 * records. What stands at the top of a file counts with each of its records, but for the comments that name no academy and no degree: the
 * date of export is one. In memory of one record.
 *
 * @param key 32 random bytes that nobody who writes feeds knows.
 */
export function openContentSum(key: Uint8Array): ContentSum {
  const total = new Uint32Array(8);
  let records = 0;
  let certain = true;
  let type = '';
  // What is not cut yet, in memory that is used again: a buffer a chunk would be a trail for the collector.
  let pending: Buffer = Buffer.alloc(2 * MAX_RECORD_BYTES);
  let filled = 0;
  let inRecords = false;
  const work = Buffer.alloc(PREFIX_BYTES + MAX_RECORD_BYTES);
  work.set(key, 0);

  const add = (bytes: Buffer) => {
    bytes.copy(work, PREFIX_BYTES);
    const digest = hash('sha256', work.subarray(0, PREFIX_BYTES + bytes.length), 'buffer');
    let carry = 0;
    for (let lane = 0; lane < 8; lane += 1) {
      const sum = total[lane]! + digest.readUInt32LE(lane * 4) + carry;
      total[lane] = sum;
      carry = sum > 0xffffffff ? 1 : 0;
    }
    records += 1;
  };

  const begin = (head: Buffer) => {
    certain &&= isHead(head);
    work.set(createHash('sha256').update(`${type}\0`).update(readHead(head)).digest(), 32);
    inRecords = true;
  };

  /** Takes whole records from the front; gives where the rest begins. */
  const cut = (bytes: Buffer): number => {
    let at = 0;
    if (!inRecords) {
      const start = bytes.indexOf(OPENS);
      if (start < 0) {
        certain &&= bytes.length <= MAX_RECORD_BYTES;
        return 0;
      }
      begin(bytes.subarray(0, start));
      at = start;
    }
    for (;;) {
      while (at < bytes.length && isSpace(bytes[at]!)) at += 1;
      const close = bytes.indexOf(CLOSES, at);
      if (close < 0) break;
      const record = bytes.subarray(at, close + CLOSES.length);
      // A comment or a section of character data may hold what looks like an end.
      if (
        record.length > MAX_RECORD_BYTES ||
        record.compare(OPENS, 0, OPENS.length, 0, OPENS.length) !== 0 ||
        record.indexOf(MARK) >= 0
      ) {
        certain = false;
        return at;
      }
      add(record);
      at = close + CLOSES.length;
    }
    certain &&= bytes.length - at <= MAX_RECORD_BYTES;
    return at;
  };

  return {
    openFile(name) {
      type = name;
      filled = 0;
      inRecords = false;
    },
    write(chunk) {
      if (!certain) return;
      if (filled + chunk.length > pending.length) {
        pending = Buffer.concat([pending.subarray(0, filled)], filled + chunk.length + MAX_RECORD_BYTES);
      }
      pending.set(chunk, filled);
      filled += chunk.length;
      const at = cut(pending.subarray(0, filled));
      pending.copyWithin(0, at, filled);
      filled -= at;
    },
    endFile() {
      if (!certain) return;
      const end = pending.toString('latin1', 0, filled).trim();
      certain = inRecords ? end === '</ficAlimMENESR>' : isEmptyFeed(end);
    },
    result: () => (certain ? { sum: Buffer.from(total.buffer).toString('hex'), records } : undefined),
  };
}

const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
const COMMENT = /<!--[\s\S]*?-->/g;

/** What the top of a file means for its records: encoding, root, academy, degree. */
function readHead(head: Buffer): string {
  const text = head.toString('latin1');
  const said = [...text.matchAll(COMMENT)].flatMap(([comment]) => [
    ...comment.matchAll(/\b(codeAcademieExport|degre)\s*=\s*"([^"]*)"/g),
  ]);
  const values = said.map(([, name, value]) => `${name}=${value}`);
  return `${text.replaceAll(COMMENT, '').replaceAll(/\s+/g, ' ').trim()}\0${values.join('\0')}`;
}

const isHead = (head: Buffer) =>
  /^(\xef\xbb\xbf)?\s*(<\?xml[^<>]*\?>)?\s*(<!DOCTYPE[^<>[]*>)?\s*<ficAlimMENESR>\s*$/.test(
    head.toString('latin1').replaceAll(COMMENT, ''),
  );

const isEmptyFeed = (text: string) =>
  text.replaceAll(COMMENT, '').replaceAll(/\s+/g, '').endsWith('<ficAlimMENESR></ficAlimMENESR>');
