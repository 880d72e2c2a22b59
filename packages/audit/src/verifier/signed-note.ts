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

/** Parses `<name>+<8 hex digits>+<base64 of 0x01 and the key>`. Undefined when it is not exactly that. */
export function parseKey(text: string): VerifierKey | undefined {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(text);
  if (!match) return undefined;
  const [, name = '', id = '', encoded = ''] = match;
  const typed = decodeBase64(encoded);
  if (typed?.length !== 33 || typed[0] !== 1) return undefined;
  const expected = hash(
    'sha256',
    Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), typed]),
    'buffer',
  ).subarray(0, 4);
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
