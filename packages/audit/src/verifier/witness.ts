import { readdirSync, readFileSync } from 'node:fs';
import { openFile } from './file-reader.ts';
import {
  openCosignature,
  openNote,
  openSharedNote,
  parseCheckpoint,
  parseKey,
  SIGNATURE_TYPES,
  type SignedCheckpoint,
  type VerifierKey,
} from './signed-note.ts';
import { openTimeStamp, readAuthority } from './time-stamp.ts';
import { Finding } from './verdict.ts';

/** A checkpoint, and when somebody outside received it. */
export interface WitnessedCheckpoint extends SignedCheckpoint {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly by: 'a witness' | 'a time stamp';
}

/** Where those outside the log are heard. */
export interface AnchorSources {
  /** Path of a witness file. */
  readonly witness?: string;
  /** Verifier keys of witnesses whose cosignatures, in the export itself, are believed. */
  readonly witnessKeys?: readonly string[];
  /** A folder of time stamps as `socle audit stamp` keeps it, and the certificate of the authority that made them. */
  readonly stamps?: { readonly folder: string; readonly authority: string };
}

/** File of an export with the checkpoints that witnesses have cosigned. */
export const COSIGNED = 'cosigned.ndjson';

interface Log {
  readonly origin: string;
  readonly keys: readonly VerifierKey[];
}

/**
 * Loads all that is known from outside about a log, by size, smallest first. Undefined when nothing was given.
 *
 * @throws Finding `unverifiable` when a source cannot be read or is not what it should be, `forked` for two roots of one size.
 */
export function loadAnchors(
  folder: string,
  isCosigned: boolean,
  sources: AnchorSources,
  log: Log,
): readonly WitnessedCheckpoint[] | undefined {
  const { witness, witnessKeys, stamps } = sources;
  if (witness === undefined && witnessKeys === undefined && stamps === undefined) return undefined;
  const all = [
    ...(witness === undefined ? [] : loadWitness(witness, log)),
    ...(witnessKeys !== undefined && isCosigned ? loadCosigned(folder, witnessKeys, log) : []),
    ...(stamps === undefined ? [] : loadStamps(stamps, log)),
  ];
  const bySize = new Map<number, WitnessedCheckpoint>();
  for (const checkpoint of all) {
    const known = bySize.get(checkpoint.size);
    if (known && !known.root.equals(checkpoint.root))
      throw new Finding('forked', `the witness was shown two roots for the size ${known.size}`);
    if (!known && checkpoint.size > 0) bySize.set(checkpoint.size, checkpoint);
  }
  return [...bySize.values()].sort((a, b) => a.size - b.size);
}

/** The text of a note that bears exactly one signature, by one of the keys. */
export function openNoteOf(note: string, keys: readonly VerifierKey[]): string | undefined {
  for (const key of keys) {
    const text = openNote(note, key);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** A witness file: one JSON object `{ at, note }` a line. */
function loadWitness(file: string, log: Log): WitnessedCheckpoint[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new Finding('unverifiable', 'the witness file cannot be read');
  }
  return text.split('\n').flatMap((line, index) => {
    // a crash may cut a line short; the writer then closes it and goes on
    if (line === '' || isTorn(line)) return [];
    const { at, note } = parseLine(line);
    const signed = note === undefined ? undefined : openNoteOf(note, log.keys);
    const checkpoint = signed === undefined ? undefined : parseCheckpoint(signed);
    if (!checkpoint || at === undefined) {
      throw new Finding(
        'unverifiable',
        `line ${index + 1} of the witness file is not a checkpoint under this key`,
      );
    }
    if (checkpoint.origin !== log.origin)
      throw new Finding('unverifiable', `line ${index + 1} of the witness file is about another log`);
    return [{ ...checkpoint, at, by: 'a witness' as const }];
  });
}

/** The cosigned checkpoints of the export: those count that a given witness has cosigned. */
function loadCosigned(folder: string, keyTexts: readonly string[], log: Log): WitnessedCheckpoint[] {
  const witnesses = keyTexts.map((text) => parseKey(text, SIGNATURE_TYPES.witness));
  if (witnesses.includes(undefined))
    throw new Finding('unverifiable', 'a witness key that was given is not one');
  const file = openFile(folder, COSIGNED);
  const believed: WitnessedCheckpoint[] = [];
  try {
    for (let line = file.takeLine(); line; line = file.takeLine()) {
      const { note = '' } = parseLine(line.toString('utf8'));
      const signed = log.keys.map((key) => openSharedNote(note, [key])).find((text) => text !== undefined);
      const checkpoint = signed === undefined ? undefined : parseCheckpoint(signed);
      if (checkpoint?.origin !== log.origin)
        throw new Finding('tampered', `${COSIGNED} is not as it was written`, { file: COSIGNED });
      const times = witnesses
        .map((witness) => openCosignature(note, witness!))
        .filter((at) => at !== undefined);
      if (times.length > 0) {
        const at = new Date(Math.min(...times) * 1000).toISOString();
        believed.push({ ...checkpoint, at, by: 'a witness' });
      }
    }
  } finally {
    file.close();
  }
  return believed;
}

/** Pairs of `<size>.checkpoint` and `<size>.tsr` (RFC 3161). */
function loadStamps(stamps: NonNullable<AnchorSources['stamps']>, log: Log): WitnessedCheckpoint[] {
  let names: string[];
  let certificate: Buffer;
  try {
    names = readdirSync(stamps.folder);
    certificate = readFileSync(stamps.authority);
  } catch {
    throw new Finding('unverifiable', 'the time stamps or their authority’s certificate cannot be read');
  }
  const authority = readAuthority(certificate);
  if (!authority)
    throw new Finding('unverifiable', 'the certificate that was given is not that of a time-stamp authority');
  const stamped = names.filter((name) => /^\d+\.tsr$/.test(name)).sort();
  return stamped.map((name) => {
    const noteName = name.replace(/tsr$/, 'checkpoint');
    if (!names.includes(noteName)) throw new Finding('unverifiable', `the stamp ${name} has no checkpoint`);
    const note = readFileSync(`${stamps.folder}/${noteName}`);
    const signed = openNoteOf(note.toString('utf8'), log.keys);
    const checkpoint = signed === undefined ? undefined : parseCheckpoint(signed);
    if (checkpoint?.origin !== log.origin)
      throw new Finding('unverifiable', `${noteName} is not a checkpoint of this log under this key`);
    const at = openTimeStamp(readFileSync(`${stamps.folder}/${name}`), note, authority);
    if (!at)
      throw new Finding('unverifiable', `${name} is not a stamp of ${noteName} by this time-stamp authority`);
    return { ...checkpoint, at: at.toISOString(), by: 'a time stamp' as const };
  });
}

function parseLine(line: string): { at?: string; note?: string } {
  try {
    const { at, note } = JSON.parse(line) as { at?: unknown; note?: unknown };
    return {
      ...(typeof at === 'string' ? { at } : {}),
      ...(typeof note === 'string' ? { note } : {}),
    };
  } catch {
    return {};
  }
}

function isTorn(line: string): boolean {
  return !line.endsWith('"}');
}
