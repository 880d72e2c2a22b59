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

/** @param type of the signatures: 1 for a log, 4 for a witness (C2SP tlog-cosignature). */
export async function readKey(text: string, type = 1): Promise<Key | undefined> {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(text.trim());
  const typed = match && fromBase64(match[3]!);
  if (!match || typed?.length !== 33 || typed[0] !== type) return undefined;
  const id = (await sha256(join(new TextEncoder().encode(`${match[1]}\n`), typed))).subarray(0, 4);
  if (toHex(id) !== match[2]) return undefined;
  const key = await crypto.subtle.importKey('raw', typed.slice(1), 'Ed25519', false, ['verify']);
  return { name: match[1]!, id, key };
}

/** The text of a note that bears exactly one signature, by one of the keys. */
export async function openNote(note: string, keys: readonly Key[]): Promise<string | undefined> {
  const end = note.lastIndexOf('\n\n');
  const lines = end < 0 ? [] : note.slice(end + 2).split('\n');
  if (lines.length !== 2 || lines[1] !== '') return undefined;
  for (const key of keys) {
    const text = await openSharedNote(note, key);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** A note's text and the signatures in it by this key; undefined when it is not a note. */
function readSignatures(note: string, key: Key): { text: string; blobs: Uint8Array[] } | undefined {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) return undefined;
  const blobs: Uint8Array[] = [];
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const match = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)$/u.exec(line);
    const blob = match && fromBase64(match[2]!);
    if (!blob || blob.length < 5) return undefined;
    if (match[1] === key.name && equal(blob.subarray(0, 4), key.id)) blobs.push(blob.slice(4));
  }
  return { text: note.slice(0, end + 1), blobs };
}

/** The text of a note that the key has signed, whoever signed it besides. */
export async function openSharedNote(note: string, key: Key): Promise<string | undefined> {
  const found = readSignatures(note, key);
  for (const blob of found?.blobs ?? []) {
    const message = new TextEncoder().encode(found!.text);
    if (
      blob.length !== 64 ||
      !(await crypto.subtle.verify('Ed25519', key.key, blob as BufferSource, message))
    )
      return undefined;
  }
  return found && found.blobs.length > 0 ? found.text : undefined;
}

/** When a witness cosigned the checkpoint, in seconds since 1970 (cosignature/v1); undefined when it did not. */
async function openCosignature(note: string, witness: Key): Promise<number | undefined> {
  const found = readSignatures(note, witness);
  const blob = found?.blobs[0];
  if (blob?.length !== 72) return undefined;
  const at = new DataView(blob.buffer, blob.byteOffset).getBigUint64(0);
  const message = new TextEncoder().encode(`cosignature/v1\ntime ${at}\n${found!.text}`);
  const valid = await crypto.subtle.verify('Ed25519', witness.key, blob.slice(8), message);
  return valid && at <= 253_402_300_799n ? Number(at) : undefined;
}

/** The keys of a log from the trusted one on, by the statements that name each successor and that both have signed. */
export async function followSuccessions(trusted: string, statements: unknown): Promise<Key[]> {
  const first = await readKey(trusted);
  if (!first) return [];
  const keys = [first];
  let current = trusted.trim();
  for (const note of Array.isArray(statements) ? (statements as unknown[]) : []) {
    if (typeof note !== 'string') continue;
    const [format, origin, oldKey, newKey = ''] = note.split('\n');
    const next = await readKey(newKey);
    if (format !== 'socle-audit-succession/1' || origin !== first.name || oldKey !== current) continue;
    if (next?.name !== first.name) continue;
    if ((await openSharedNote(note, keys.at(-1)!)) === undefined) continue;
    if ((await openSharedNote(note, next)) === undefined) continue;
    keys.push(next);
    current = newKey;
  }
  return keys;
}

function readCheckpoint(text: string | undefined): Note | undefined {
  const match =
    text === undefined ? null : /^([^\n]+)\n(0|[1-9]\d{0,14})\n([A-Za-z0-9+/]{43}=)\n$/.exec(text);
  const root = match && fromBase64(match[3]!);
  return match && root ? { origin: match[1]!, size: Number(match[2]), root } : undefined;
}

export async function openCheckpoint(note: string, keys: readonly Key[]): Promise<Note | undefined> {
  return readCheckpoint(await openNote(note, keys));
}

/** The checkpoints of cosigned.ndjson that one of the given witnesses has cosigned. */
export async function readCosigned(
  text: string,
  witnessKeys: readonly string[],
  origin: string,
  keys: readonly Key[],
): Promise<Note[]> {
  const witnesses = await Promise.all(witnessKeys.map((key) => readKey(key, 4)));
  if (witnesses.includes(undefined))
    throw new Finding('unverifiable', 'a witness key that was given is not one');
  const believed: Note[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const { note } = (parse(line) ?? {}) as { note?: unknown };
    let signed: string | undefined;
    for (const key of keys) signed ??= typeof note === 'string' ? await openSharedNote(note, key) : undefined;
    const checkpoint = readCheckpoint(signed);
    if (checkpoint?.origin !== origin)
      throw new Finding('tampered', 'cosigned.ndjson is not as it was written', { file: 'cosigned.ndjson' });
    const times = await Promise.all(witnesses.map((witness) => openCosignature(note as string, witness!)));
    const known = times.filter((at) => at !== undefined);
    if (known.length > 0)
      believed.push({ ...checkpoint, at: new Date(Math.min(...known) * 1000).toISOString() });
  }
  return believed;
}

export async function readWitness(text: string, origin: string, keys: readonly Key[]): Promise<Note[]> {
  const received: Note[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (!line.endsWith('"}')) continue; // empty, or cut short by a crash
    const { at, note } = (parse(line) ?? {}) as { at?: unknown; note?: unknown };
    const checkpoint = typeof note === 'string' ? await openCheckpoint(note, keys) : undefined;
    if (!checkpoint || typeof at !== 'string')
      throw new Finding(
        'unverifiable',
        `line ${index + 1} of the witness file is not a checkpoint under this key`,
      );
    if (checkpoint.origin !== origin)
      throw new Finding('unverifiable', `line ${index + 1} of the witness file is about another log`);
    received.push({ ...checkpoint, at });
  }
  return received;
}

/** By size, smallest first, each once. */
export function orderNotes(notes: readonly Note[]): Note[] {
  const bySize = new Map<number, Note>();
  for (const note of notes) {
    const known = bySize.get(note.size);
    if (known && !equal(known.root, note.root))
      throw new Finding('forked', `the witness was shown two roots for the size ${known.size}`);
    if (!known && note.size > 0) bySize.set(note.size, note);
  }
  return [...bySize.values()].sort((a, b) => a.size - b.size);
}
