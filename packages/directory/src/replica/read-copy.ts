import { invariant } from '@socle/base';
import type { Tx } from '@socle/db';
import { to as copyTo } from 'pg-copy-streams';

/** One row of a binary COPY, where it lies in the buffer it came in; used again for the next row. */
export interface CopiedRow {
  readonly bytes: Buffer;
  /** Where each field starts; -1 for NULL. */
  readonly at: Int32Array;
  /** Where each field ends. */
  readonly end: Int32Array;
}

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** Signature, flags, length of the extension. */
const HEADER_BYTES = SIGNATURE.length + 8;
const NO_BYTES: Buffer = Buffer.alloc(0);

type Writable<T> = { -readonly [Member in keyof T]: T[Member] };

/**
 * Calls with each row of a query, in PostgreSQL's binary form: no text is made or parsed, and memory does not grow with
 * the rows. Much faster than rows as objects, for what reads whole tables.
 *
 * @throws what PostgreSQL says; InvariantViolation when it sends anything but its COPY format.
 */
export async function readCopy(tx: Tx, select: string, onRow: (row: CopiedRow) => void): Promise<number> {
  const stream = tx.connection.query(copyTo(`COPY (${select}) TO STDOUT (FORMAT binary)`));
  const row: Writable<CopiedRow> = { bytes: NO_BYTES, at: new Int32Array(16), end: new Int32Array(16) };
  let rows = 0;
  let isHeaderRead = false;
  let isEnded = false;
  let rest: Buffer = NO_BYTES;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = 0;
    if (!isHeaderRead) {
      if (bytes.length < HEADER_BYTES) {
        rest = bytes;
        continue;
      }
      invariant(bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE), 'COPY answered in another format');
      at = HEADER_BYTES + view.getInt32(HEADER_BYTES - 4);
      isHeaderRead = true;
    }
    row.bytes = bytes;
    for (;;) {
      const next = readRow(view, at, row);
      if (next === PARTIAL) break;
      if (next === END) {
        isEnded = true;
        break;
      }
      onRow(row);
      rows += 1;
      at = next;
    }
    rest = bytes.subarray(at);
  }
  invariant(isEnded, 'COPY ended without its trailer');
  return rows;
}

const PARTIAL = -1;
const END = -2;

/** Reads the bounds of the fields of a row: where the next one starts. */
function readRow(view: DataView, start: number, row: { at: Int32Array; end: Int32Array }): number {
  const length = view.byteLength;
  if (start + 2 > length) return PARTIAL;
  const fields = view.getInt16(start);
  if (fields === -1) return END;
  let at = start + 2;
  for (let field = 0; field < fields; field += 1) {
    if (at + 4 > length) return PARTIAL;
    const size = view.getInt32(at);
    at += 4;
    row.at[field] = size === -1 ? -1 : at;
    if (size !== -1) at += size;
    if (at > length) return PARTIAL;
    row.end[field] = at;
  }
  return at;
}
