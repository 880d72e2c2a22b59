// One line of events.ndjson.
import { decodeLatin1, fromBase64, join, parse, sha256, toHex } from './bytes.ts';
import { Finding } from './finding.ts';

/** A line of events.ndjson; its members are checked where they are used. */
export interface Line {
  leaf: number;
  class?: unknown;
  day?: unknown;
  salt?: unknown;
  commitment?: unknown;
  columns?: Record<string, unknown>;
  payload?: Payload;
  masked?: Payload;
}

export interface Payload {
  id?: unknown;
  ts?: unknown;
  controller?: unknown;
  action?: unknown;
  actor?: { kind?: unknown; id?: unknown };
  target?: { kind?: unknown; id?: unknown };
  outcome?: unknown;
  detail?: Record<string, unknown>;
}

const PREFIX = new TextEncoder().encode('socle-audit/1\0');

/** Recomputes a line's leaf over the very bytes between the first `,"payload":` and the last brace. */
export async function readLine(bytes: Uint8Array): Promise<{ line: Line; hash: Uint8Array | undefined }> {
  const malformed = (why: string) =>
    new Finding('tampered', `events.ndjson is not as it was written: ${why}`, { file: 'events.ndjson' });
  const text = decodeLatin1(bytes);
  const line = parse(text) as Line | undefined;
  if (!line) throw malformed('a line is not JSON');
  if (!Number.isSafeInteger(line.leaf) || line.leaf < 0) throw malformed('a line has no leaf number');
  const mark = text.indexOf(',"payload":');
  if (mark < 0) {
    const known = typeof line.commitment === 'string' && /^[0-9a-f]{64}$/.test(line.commitment);
    return {
      line: { ...line, payload: undefined } as unknown as Line,
      hash: known ? await hashEntry(line, line.commitment as string) : undefined,
    };
  }
  const salt = typeof line.salt === 'string' ? fromBase64(line.salt) : undefined;
  if (typeof line.payload !== 'object' || line.payload === null || !text.endsWith('}'))
    throw malformed('a payload is not an object');
  if (salt?.length !== 32) throw malformed('a salt is not 32 bytes');
  const commitment = await sha256(
    join(PREFIX, salt, bytes.subarray(mark + ',"payload":'.length, bytes.length - 1)),
  );
  const hash = await hashEntry(line, toHex(commitment));
  if (!hash) throw malformed('a class or day is missing');
  return { line, hash };
}

async function hashEntry({ class: name, day }: Line, commitment: string): Promise<Uint8Array | undefined> {
  if (
    typeof name !== 'string' ||
    !/^[ABC]$/.test(name) ||
    typeof day !== 'string' ||
    !/^\d{4}-\d\d-\d\d$/.test(day)
  )
    return undefined;
  return sha256(new TextEncoder().encode(`\0{"C":"${commitment}","class":"${name}","day":"${day}","v":1}`));
}

/** The name of the first search column that the payload does not give, or undefined. */
export function findWrongColumn({ columns = {}, day }: Line, payload: Payload): string | undefined {
  const { id, ts, controller, action, actor, target, outcome } = payload;
  const expected = {
    id,
    at: ts,
    controller,
    action,
    actor: `${String(actor?.kind)}:${String(actor?.id)}`,
    target: target ? `${String(target.kind)}:${String(target.id)}` : null,
    outcome,
  };
  const wrong = Object.entries(expected).find(([name, value]) => columns[name] !== value)?.[0];
  return wrong ?? (typeof ts === 'string' && ts.startsWith(String(day)) ? undefined : 'day');
}
