import { createPublicKey, hash, verify, type KeyObject } from 'node:crypto';

/** A verifier key (C2SP signed-note), taken apart. */
export interface VerifierKey {
  readonly name: string;
  /** First four bytes of SHA-256(name ‖ LF ‖ 0x01 ‖ public key). */
  readonly id: Buffer;
  readonly publicKey: KeyObject;
}

/** A signed state of the log (C2SP tlog-checkpoint). */
export interface SignedCheckpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

/** Signature types of C2SP signed-note: a log signs its checkpoints, a witness cosigns them with the time. */
export const SIGNATURE_TYPES = Object.freeze({ log: 1, witness: 4 });

/** Parses `<name>+<8 hex digits>+<base64 of the type and the key>`. Undefined when it is not exactly that, of that type. */
export function parseKey(text: string, type: number = SIGNATURE_TYPES.log): VerifierKey | undefined {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(text);
  if (!match) return undefined;
  const [, name = '', id = '', encoded = ''] = match;
  const typed = decodeBase64(encoded);
  if (typed?.length !== 33 || typed[0] !== type) return undefined;
  const named = Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), typed]);
  const expected = hash('sha256', named, 'buffer').subarray(0, 4);
  if (!expected.equals(Buffer.from(id, 'hex'))) return undefined;
  const publicKey = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: typed.subarray(1).toString('base64url') },
    format: 'jwk',
  });
  return { name, id: expected, publicKey };
}

/**
 * The text of a note that bears one valid signature of the key and nothing else; undefined otherwise. Signatures by
 * other keys are not accepted beside it: each byte of the note must be accounted for.
 */
export function openNote(note: string, key: VerifierKey): string | undefined {
  const end = note.lastIndexOf('\n\n');
  if (end < 0) return undefined;
  const text = note.slice(0, end + 1);
  const match = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)\n$/u.exec(note.slice(end + 2));
  if (match?.[1] !== key.name) return undefined;
  const blob = decodeBase64(match[2]!);
  if (blob?.length !== 68 || !blob.subarray(0, 4).equals(key.id)) return undefined;
  return verify(null, Buffer.from(text, 'utf8'), key.publicKey, blob.subarray(4)) ? text : undefined;
}

/** One signature line of a note, taken apart; whose it is, and whether it is true, is not known yet. */
interface SignatureLine {
  readonly name: string;
  /** Key id, then the signature. */
  readonly blob: Buffer;
}

/** A note's text and its signature lines, however many; undefined when it is not a note of at most `MAX_SIGNATURES`. */
function splitNote(note: string): { text: string; lines: readonly SignatureLine[] } | undefined {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) return undefined;
  const written = note.slice(end + 2, -1).split('\n');
  if (written.length > MAX_SIGNATURES) return undefined;
  const lines: SignatureLine[] = [];
  for (const line of written) {
    const match = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)$/u.exec(line);
    const blob = match && decodeBase64(match[2]!);
    if (!blob || blob.length < 5) return undefined;
    lines.push({ name: match[1]!, blob });
  }
  return { text: note.slice(0, end + 1), lines };
}

const MAX_SIGNATURES = 64;

function linesOf(lines: readonly SignatureLine[], key: VerifierKey): readonly Buffer[] {
  return lines
    .filter(({ name, blob }) => name === key.name && blob.subarray(0, 4).equals(key.id))
    .map(({ blob }) => blob.subarray(4));
}

/**
 * The text of a note that one of the keys has signed, whoever signed it besides (C2SP signed-note). Undefined when none of
 * them has, or a signature under one of them is wrong.
 */
export function openSharedNote(note: string, keys: readonly VerifierKey[]): string | undefined {
  const parts = splitNote(note);
  if (!parts) return undefined;
  const message = Buffer.from(parts.text, 'utf8');
  const checked = keys.flatMap((key) =>
    linesOf(parts.lines, key).map((signature) => verify(null, message, key.publicKey, signature)),
  );
  return checked.length > 0 && checked.every(Boolean) ? parts.text : undefined;
}

/**
 * When a witness says, under this key, that it saw the checkpoint (C2SP tlog-cosignature, cosignature/v1): seconds since 1970.
 * Undefined when the note bears no true cosignature of it.
 */
export function openCosignature(note: string, witness: VerifierKey): number | undefined {
  const parts = splitNote(note);
  for (const signed of parts ? linesOf(parts.lines, witness) : []) {
    if (signed.length !== 72) return undefined;
    const at = signed.readBigUInt64BE(0);
    const message = Buffer.from(`cosignature/v1\ntime ${at}\n${parts!.text}`, 'utf8');
    if (at <= MAX_TIME && verify(null, message, witness.publicKey, signed.subarray(8))) return Number(at);
  }
  return undefined;
}

/** The year 9999: beyond it, no instant can be written as ISO 8601. */
const MAX_TIME = 253_402_300_799n;

/** The checkpoint that a note's text holds: exactly three lines. */
export function parseCheckpoint(text: string): SignedCheckpoint | undefined {
  const match = /^([^\n]+)\n(0|[1-9]\d{0,14})\n([A-Za-z0-9+/]{43}=)\n$/.exec(text);
  const root = match && decodeBase64(match[3]!);
  return root ? { origin: match[1]!, size: Number(match[2]), root } : undefined;
}

/** Strict base64: the one encoding of its bytes, or undefined. */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
