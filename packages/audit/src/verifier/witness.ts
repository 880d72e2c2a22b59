import { readFileSync } from 'node:fs';
import { openNote, parseCheckpoint, type SignedCheckpoint, type VerifierKey } from './signed-note.ts';
import { Finding } from './verdict.ts';

/** Checkpoints that a witness kept, by size, smallest first. */
export interface WitnessRecord {
  readonly checkpoints: readonly SignedCheckpoint[];
  /** Checkpoints that the witness received after the export was made: they say nothing about it. */
  readonly later: number;
}

/**
 * Loads a witness file (one JSON object `{ at, note }` a line) and keeps what it saw until `until`.
 *
 * @throws Finding `unverifiable` when the file cannot be read or holds a whole line that is not a checkpoint of this
 *   log and key, `forked` when it holds two roots for one size.
 */
export function loadWitness(file: string, origin: string, key: VerifierKey, until: string): WitnessRecord {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new Finding('unverifiable', 'the witness file cannot be read');
  }
  const bySize = new Map<number, SignedCheckpoint>();
  let later = 0;
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    const entry = parseLine(line, key);
    if (!entry) {
      // a crash may cut a line short; the writer then closes it and goes on
      if (isTorn(line)) continue;
      throw new Finding(
        'unverifiable',
        `line ${index + 1} of the witness file is not a checkpoint under this key`,
      );
    }
    if (entry.checkpoint.origin !== origin) {
      throw new Finding('unverifiable', `line ${index + 1} of the witness file is about another log`);
    }
    const known = bySize.get(entry.checkpoint.size);
    if (known && !known.root.equals(entry.checkpoint.root)) {
      throw new Finding('forked', `the witness was shown two roots for the size ${known.size}`);
    }
    if (entry.at > until) later += 1;
    else bySize.set(entry.checkpoint.size, entry.checkpoint);
  }
  const checkpoints = [...bySize.values()].filter(({ size }) => size > 0).sort((a, b) => a.size - b.size);
  return { checkpoints, later };
}

function parseLine(line: string, key: VerifierKey): { at: string; checkpoint: SignedCheckpoint } | undefined {
  try {
    const { at, note } = JSON.parse(line) as { at?: unknown; note?: unknown };
    const text = typeof note === 'string' ? openNote(note, key) : undefined;
    const checkpoint = text === undefined ? undefined : parseCheckpoint(text);
    return checkpoint && typeof at === 'string' ? { at, checkpoint } : undefined;
  } catch {
    return undefined;
  }
}

function isTorn(line: string): boolean {
  return !line.endsWith('"}');
}
