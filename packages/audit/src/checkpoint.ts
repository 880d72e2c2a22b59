import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { sha256 } from '@socle/base';

/** The state of a log that was, or is to be, signed (C2SP tlog-checkpoint). */
export interface Checkpoint {
  /** Names the log for ever; no space around it, no line feed. */
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

/** Signs with one Ed25519 key under a name (C2SP signed-note). */
export interface NoteSigner {
  readonly keyName: string;
  /** `<name>+<hash>+<key>`: what a verifier must be given by another way than the log. */
  readonly verifierKey: string;
  /** Ed25519 signature of the bytes, 64 bytes. */
  sign(message: Uint8Array): Buffer;
}

const ED25519 = 1;

/** The text of a checkpoint: origin, size, root in base64, each on a line. */
export function buildCheckpointText(checkpoint: Checkpoint): string {
  return `${checkpoint.origin}\n${checkpoint.size}\n${checkpoint.root.toString('base64')}\n`;
}

/** Signs a text that ends with a line feed: the text, an empty line, the signature line (C2SP signed-note). */
export function signNote(text: string, signer: NoteSigner): string {
  const key = parseVerifierKey(signer.verifierKey);
  const blob = Buffer.concat([key.hash, signer.sign(Buffer.from(text, 'utf8'))]);
  return `${text}\n\u2014 ${signer.keyName} ${blob.toString('base64')}\n`;
}

/** The verifier key of an Ed25519 public key under a name (C2SP signed-note). */
export function buildVerifierKey(name: string, publicKey: KeyObject): string {
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url');
  const typed = Buffer.concat([Buffer.from([ED25519]), raw]);
  return `${name}+${keyHash(name, typed).toString('hex')}+${typed.toString('base64')}`;
}

/** True when `note` is exactly a text signed by the key, and that text is returned by `text`. */
export function checkNote(note: string, verifierKey: string): { valid: boolean; text: string } {
  const end = note.lastIndexOf('\n\n');
  const text = note.slice(0, end + 1);
  const key = parseVerifierKey(verifierKey);
  for (const line of note.slice(end + 2).split('\n')) {
    const [dash, name, encoded = ''] = line.split(' ');
    const blob = Buffer.from(encoded, 'base64');
    if (dash !== '\u2014' || name !== key.name || !blob.subarray(0, 4).equals(key.hash)) continue;
    return { valid: verify(null, Buffer.from(text, 'utf8'), key.publicKey, blob.subarray(4)), text };
  }
  return { valid: false, text };
}

/** Reads the three lines of a checkpoint's text, or gives undefined. */
export function parseCheckpointText(text: string): Checkpoint | undefined {
  const [origin = '', size = '', root = ''] = text.split('\n');
  const bytes = Buffer.from(root, 'base64');
  if (!/^(0|[1-9]\d{0,14})$/.test(size) || bytes.length !== 32 || origin === '') return undefined;
  return { origin, size: Number(size), root: bytes };
}

function parseVerifierKey(verifierKey: string): { name: string; hash: Buffer; publicKey: KeyObject } {
  const [name = '', hash = '', ...rest] = verifierKey.split('+');
  const typed = Buffer.from(rest.join('+'), 'base64');
  return {
    name,
    hash: Buffer.from(hash, 'hex'),
    publicKey: createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: typed.subarray(1).toString('base64url') },
      format: 'jwk',
    }),
  };
}

function keyHash(name: string, typed: Buffer): Buffer {
  return sha256(Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), typed])).subarray(0, 4);
}
