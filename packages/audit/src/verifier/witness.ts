import { readFileSync } from 'node:fs';
import { openNote, parseCheckpoint, type SignedCheckpoint, type VerifierKey } from './signed-note.ts';
import { Finding } from './verdict.ts';

/** A checkpoint, and when the witness received it. */
export interface WitnessedCheckpoint extends SignedCheckpoint {
  /** ISO 8601, UTC. */
  readonly at: string;
}

/**
 * Loads a witness file (one JSON object `{ at, note }` a line): its checkpoints by size, smallest first.
 *
 * @throws Finding `unverifiable` when the file cannot be read or holds a whole line that is not a checkpoint of this
 *   log and key, `forked` when it holds two roots for one size.
 */
export function loadWitness(file: string, origin: string, key: VerifierKey): WitnessedCheckpoint[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new Finding('unverifiable', 'the witness file cannot be read');
  }
  const bySize = new Map<number, WitnessedCheckpoint>();
  for (const [index, line] of text.split('\n').entries()) {
    // a crash may cut a line short; the writer then closes it and goes on
    if (line === '' || isTorn(line)) continue;
    const checkpoint = parseLine(line, key);
    if (!checkpoint) {
      throw new Finding(
        'unverifiable',
        `line ${index + 1} of the witness file is not a checkpoint under this key`,
      );
    }
    if (checkpoint.origin !== origin) {
      throw new Finding('unverifiable', `line ${index + 1} of the witness file is about another log`);
    }
    const known = bySize.get(checkpoint.size);
    if (known && !known.root.equals(checkpoint.root)) {
      throw new Finding('forked', `the witness was shown two roots for the size ${known.size}`);
    }
    if (!known && checkpoint.size > 0) bySize.set(checkpoint.size, checkpoint);
  }
  return [...bySize.values()].sort((a, b) => a.size - b.size);
}

function parseLine(line: string, key: VerifierKey): WitnessedCheckpoint | undefined {
  try {
    const { at, note } = JSON.parse(line) as { at?: unknown; note?: unknown };
    const text = typeof note === 'string' ? openNote(note, key) : undefined;
    const checkpoint = text === undefined ? undefined : parseCheckpoint(text);
    return checkpoint && typeof at === 'string' ? { ...checkpoint, at } : undefined;
  } catch {
    return undefined;
  }
}

function isTorn(line: string): boolean {
  return !line.endsWith('"}');
}
