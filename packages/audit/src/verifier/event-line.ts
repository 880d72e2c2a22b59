import { hash } from 'node:crypto';
import { Finding } from './verdict.ts';

/** One line of events.ndjson after its checks. */
export interface EventLine {
  readonly leaf: number;
  readonly day: string;
  /** The leaf's hash, recomputed from the line, as text of one character a byte. Undefined when the content is gone without a trace. */
  readonly hash: string | undefined;
  /** Undefined when the content was deleted. */
  readonly payload: EventPayload | undefined;
  /** What the maker of a masked export shows of it; the leaf does not prove it. */
  readonly masked: EventPayload | undefined;
  /** The search columns as the database held them. */
  readonly columns: Readonly<Record<string, unknown>>;
}

/** The members of a payload that the verifier reads. */
export interface EventPayload {
  readonly id?: unknown;
  readonly ts?: unknown;
  readonly controller?: unknown;
  readonly action?: unknown;
  readonly actor?: { readonly kind?: unknown; readonly id?: unknown };
  readonly target?: { readonly kind?: unknown; readonly id?: unknown };
  readonly outcome?: unknown;
  readonly detail?: Readonly<Record<string, unknown>>;
}

interface Line {
  readonly leaf?: unknown;
  readonly class?: unknown;
  readonly day?: unknown;
  readonly salt?: unknown;
  readonly columns?: Readonly<Record<string, unknown>>;
  readonly commitment?: unknown;
  readonly payload?: EventPayload;
  readonly masked?: unknown;
}

const FILE = 'events.ndjson';
const PAYLOAD_MARK = Buffer.from(',"payload":');
const CLOSING_BRACE = 0x7d;
const COMMITMENT_PREFIX = Buffer.from('socle-audit/1\0');
const SALT_BYTES = 32;
const RAW_START = COMMITMENT_PREFIX.length + SALT_BYTES;
const CLASS = /^[ABC]$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const HEX_DIGEST = /^[0-9a-f]{64}$/;
const MAX_LINE_BYTES = 64 * 1024;

// Scratch, filled anew before each hash: two allocations a line are a tenth of the time.
const committed = Buffer.alloc(RAW_START + MAX_LINE_BYTES);
COMMITMENT_PREFIX.copy(committed);
// 0x00, then the entry: canonical JSON of { C, class, day, v }, whose parts all have a fixed length.
const leafInput = Buffer.from(`\0{"C":"${'0'.repeat(64)}","class":"A","day":"0000-00-00","v":1}`, 'latin1');
const DIGEST_AT = '\0{"C":"'.length;
const CLASS_AT = DIGEST_AT + 64 + '","class":"'.length;
const DAY_AT = CLASS_AT + 1 + '","day":"'.length;

/**
 * Reads a line and recomputes its leaf. The commitment is taken over the very bytes that stand between the first
 * `,"payload":` and the line's last brace, never over the payload serialised again.
 *
 * @throws Finding `tampered` when the line is not well formed.
 */
export function readEventLine(bytes: Buffer): EventLine {
  // as latin1, whose every byte is one character: cheaper, and columns equal the payload only where their bytes do
  const line = parse(bytes.toString('latin1'));
  const { leaf } = line;
  if (typeof leaf !== 'number' || !Number.isSafeInteger(leaf) || leaf < 0)
    throw malformed('a line has no leaf number');
  const mark = bytes.indexOf(PAYLOAD_MARK);
  return mark < 0 ? readAbsent(line, leaf) : readPresent(line, leaf, bytes, mark + PAYLOAD_MARK.length);
}

function readPresent(line: Line, leaf: number, bytes: Buffer, start: number): EventLine {
  const { salt, payload, columns } = line;
  const end = bytes.length - 1;
  if (typeof payload !== 'object' || payload === null || bytes[end] !== CLOSING_BRACE) {
    throw malformed('a payload is not an object', leaf);
  }
  const length = RAW_START + end - start;
  if (length > committed.length) throw malformed('a payload is too long', leaf);
  if (
    typeof salt !== 'string' ||
    committed.write(salt, COMMITMENT_PREFIX.length, SALT_BYTES, 'base64') !== SALT_BYTES
  ) {
    throw malformed('a salt is not 32 bytes', leaf);
  }
  bytes.copy(committed, RAW_START, start, end);
  const leafHash = hashEntry(line, hash('sha256', committed.subarray(0, length), 'hex'));
  if (!leafHash) throw malformed('a class or day is missing', leaf);
  return {
    leaf,
    day: line.day as string,
    hash: leafHash,
    payload,
    masked: undefined,
    columns: columns ?? {},
  };
}

function readAbsent(line: Line, leaf: number): EventLine {
  const { commitment } = line;
  const known = typeof commitment === 'string' && HEX_DIGEST.test(commitment);
  const leafHash = known ? hashEntry(line, commitment) : undefined;
  const nothing = { leaf, payload: undefined, masked: undefined, columns: {} };
  if (!leafHash) return { ...nothing, day: '', hash: undefined };
  const masked = typeof line.masked === 'object' && line.masked !== null ? line.masked : undefined;
  return { ...nothing, day: line.day as string, hash: leafHash, masked };
}

/** Hash of the logged entry (RFC 9162 §2.1.1: SHA-256 of 0x00 and the entry); undefined when class or day is none. */
function hashEntry(line: Line, commitment: string): string | undefined {
  const { class: eventClass, day } = line;
  if (typeof eventClass !== 'string' || !CLASS.test(eventClass)) return undefined;
  if (typeof day !== 'string' || !DAY.test(day)) return undefined;
  leafInput.write(commitment, DIGEST_AT, 'latin1');
  leafInput.write(eventClass, CLASS_AT, 'latin1');
  leafInput.write(day, DAY_AT, 'latin1');
  return hash('sha256', leafInput, 'binary');
}

/** The name of the first search column that the payload does not give, or undefined. */
export function findWrongColumn({ payload, columns, day }: EventLine): string | undefined {
  if (!payload) return undefined;
  const { id, ts, controller, action, actor, target, outcome } = payload;
  if (columns['id'] !== id) return 'id';
  if (columns['at'] !== ts) return 'at';
  if (columns['controller'] !== controller) return 'controller';
  if (columns['action'] !== action) return 'action';
  if (columns['actor'] !== `${String(actor?.kind)}:${String(actor?.id)}`) return 'actor';
  if (columns['target'] !== (target ? `${String(target.kind)}:${String(target.id)}` : null)) return 'target';
  if (columns['outcome'] !== outcome) return 'outcome';
  return typeof ts === 'string' && ts.startsWith(day) ? undefined : 'day';
}

function parse(text: string): Line {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // said below
  }
  throw malformed('a line is not JSON');
}

function malformed(why: string, leaf?: number): Finding {
  const place = leaf === undefined ? { file: FILE } : { file: FILE, leaf };
  return new Finding('tampered', `${FILE} is not as it was written: ${why}`, place);
}
