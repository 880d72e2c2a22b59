import { hash } from 'node:crypto';
import { leafHash } from './merkle.ts';
import { decodeBase64 } from './signed-note.ts';
import { Finding } from './verdict.ts';

/** One line of events.ndjson after its checks. */
export interface EventLine {
  readonly leaf: number;
  readonly day: string;
  /** The leaf's hash, recomputed from the line. Undefined when the content is gone without a trace. */
  readonly hash: Buffer | undefined;
  /** Undefined when the content was deleted and its commitment kept. */
  readonly payload: EventPayload | undefined;
  /** The search columns as the database held them. */
  readonly columns: Readonly<Record<string, unknown>>;
}

/** The members of a payload that the verifier reads. */
export interface EventPayload {
  readonly v: unknown;
  readonly id: unknown;
  readonly ts: unknown;
  readonly controller: unknown;
  readonly action: unknown;
  readonly actor: { readonly kind: unknown; readonly id: unknown };
  readonly target?: { readonly kind: unknown; readonly id: unknown };
  readonly outcome: unknown;
  readonly detail: Readonly<Record<string, unknown>>;
}

interface Header {
  readonly leaf: unknown;
  readonly class: unknown;
  readonly day: unknown;
  readonly salt?: unknown;
  readonly columns?: Readonly<Record<string, unknown>>;
  readonly commitment?: unknown;
}

const FILE = 'events.ndjson';
const PAYLOAD_MARK = Buffer.from(',"payload":');
const COMMITMENT_PREFIX = Buffer.from('socle-audit/1\0');

/**
 * Reads a line and recomputes its leaf: the payload is taken as the bytes that stand between `"payload":` and the
 * line's last brace, never serialised again.
 *
 * @throws Finding `tampered` when the line is not well formed, or a search column says other than the payload.
 */
export function readEventLine(line: Buffer): EventLine {
  const mark = line.indexOf(PAYLOAD_MARK);
  const header = parse(mark < 0 ? line.toString('utf8') : `${line.toString('utf8', 0, mark)}}`) as Header;
  const { leaf, day } = header;
  if (!Number.isSafeInteger(leaf) || (leaf as number) < 0) throw malformed('a line has no leaf number');
  const place = leaf as number;
  if (mark < 0) return readAbsentLine(header, place);
  if (typeof day !== 'string' || typeof header.class !== 'string')
    throw malformed('class or day is missing', place);
  const raw = line.subarray(mark + PAYLOAD_MARK.length, line.length - 1);
  const salt = typeof header.salt === 'string' ? decodeBase64(header.salt) : undefined;
  if (salt?.length !== 32) throw malformed('the salt is not 32 bytes', place);
  const commitment = hash('sha256', Buffer.concat([COMMITMENT_PREFIX, salt, raw]), 'hex');
  const payload = parse(raw.toString('utf8'), place) as EventPayload;
  const computed = leafHash(buildEntry(commitment, header.class, day));
  return { leaf: place, day, hash: computed, payload, columns: header.columns ?? {} };
}

function readAbsentLine(header: Header, leaf: number): EventLine {
  const { commitment, day } = header;
  if (typeof commitment !== 'string' || typeof header.class !== 'string' || typeof day !== 'string') {
    return { leaf, day: '', hash: undefined, payload: undefined, columns: {} };
  }
  const hashOfEntry = leafHash(buildEntry(commitment, header.class, day));
  return { leaf, day, hash: hashOfEntry, payload: undefined, columns: {} };
}

/** The name of the first search column that its payload does not give, or undefined. */
export function findWrongColumn(line: EventLine): string | undefined {
  const { payload, columns } = line;
  if (!payload) return undefined;
  const { actor, target } = payload;
  const expected: Readonly<Record<string, unknown>> = {
    id: payload.id,
    at: payload.ts,
    controller: payload.controller,
    action: payload.action,
    actor: `${String(actor?.kind)}:${String(actor?.id)}`,
    target: target ? `${String(target.kind)}:${String(target.id)}` : null,
    outcome: payload.outcome,
  };
  for (const name of Object.keys(expected)) if (columns[name] !== expected[name]) return name;
  return typeof payload.ts === 'string' && payload.ts.startsWith(line.day) ? undefined : 'day';
}

function buildEntry(commitment: string, eventClass: string, day: string): Buffer {
  return Buffer.from(
    `{"C":${JSON.stringify(commitment)},"class":${JSON.stringify(eventClass)},"day":${JSON.stringify(day)},"v":1}`,
    'utf8',
  );
}

function parse(text: string, leaf?: number): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // said below
  }
  throw malformed('a line is not JSON', leaf);
}

function malformed(why: string, leaf?: number): Finding {
  return new Finding(
    'tampered',
    `${FILE} is not as it was written: ${why}`,
    leaf === undefined ? { file: FILE } : { file: FILE, leaf },
  );
}
