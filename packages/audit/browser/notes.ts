// Notes and checkpoints (C2SP signed-note, tlog-checkpoint).
import { equal, fromBase64, join, parse, sha256, toHex } from './bytes.ts';
import { Finding } from './finding.ts';

/** A checkpoint; `at` is when a witness received it. */
export interface Note {
  origin: string;
  size: number;
  root: Uint8Array;
  at?: string;
}

/** A verifier key (C2SP signed-note), taken apart. */
export interface Key {
  name: string;
  id: Uint8Array;
  key: CryptoKey;
}

export async function readKey(text: string): Promise<Key | undefined> {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(text.trim());
  const typed = match && fromBase64(match[3]!);
  if (!match || typed?.length !== 33 || typed[0] !== 1) return undefined;
  const id = (await sha256(join(new TextEncoder().encode(`${match[1]}\n`), typed))).subarray(0, 4);
  if (toHex(id) !== match[2]) return undefined;
  const key = await crypto.subtle.importKey('raw', typed.slice(1), 'Ed25519', false, ['verify']);
  return { name: match[1]!, id, key };
}

export async function openNote(note: string, key: Key): Promise<string | undefined> {
  const end = note.lastIndexOf('\n\n');
  const text = note.slice(0, end + 1);
  const match = end < 0 ? null : /^\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)\n$/u.exec(note.slice(end + 2));
  const blob = match && fromBase64(match[2]!);
  if (match?.[1] !== key.name || blob?.length !== 68 || !equal(blob.subarray(0, 4), key.id)) return undefined;
  const valid = await crypto.subtle.verify('Ed25519', key.key, blob.slice(4), new TextEncoder().encode(text));
  return valid ? text : undefined;
}

export async function openCheckpoint(note: string, key: Key): Promise<Note | undefined> {
  const text = await openNote(note, key);
  const match =
    text === undefined ? null : /^([^\n]+)\n(0|[1-9]\d{0,14})\n([A-Za-z0-9+/]{43}=)\n$/.exec(text);
  const root = match && fromBase64(match[3]!);
  return match && root ? { origin: match[1]!, size: Number(match[2]), root } : undefined;
}

export async function readWitness(text: string, origin: string, key: Key): Promise<Note[]> {
  const bySize = new Map<number, Note>();
  for (const [index, line] of text.split('\n').entries()) {
    if (!line.endsWith('"}')) continue; // empty, or cut short by a crash
    const { at, note } = (parse(line) ?? {}) as { at?: unknown; note?: unknown };
    const checkpoint = typeof note === 'string' ? await openCheckpoint(note, key) : undefined;
    if (!checkpoint || typeof at !== 'string')
      throw new Finding(
        'unverifiable',
        `line ${index + 1} of the witness file is not a checkpoint under this key`,
      );
    if (checkpoint.origin !== origin)
      throw new Finding('unverifiable', `line ${index + 1} of the witness file is about another log`);
    const known = bySize.get(checkpoint.size);
    if (known && !equal(known.root, checkpoint.root))
      throw new Finding('forked', `the witness was shown two roots for the size ${known.size}`);
    if (!known && checkpoint.size > 0) bySize.set(checkpoint.size, { ...checkpoint, at });
  }
  return [...bySize.values()].sort((a, b) => a.size - b.size);
}
