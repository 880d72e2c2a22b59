import { findWrongColumn, readEventLine } from './event-line.ts';
import { checkInclusion } from './merkle.ts';
import { decodeBase64, parseCheckpoint } from './signed-note.ts';
import { followSuccessions } from './succession.ts';
import { EXIT_CODES, Finding, type Verdict } from './verdict.ts';
import { openNoteOf } from './witness.ts';

const FORMAT = 'socle-audit-proof/1';

/**
 * Verifies the text of one event's proof (what `socle audit prove` prints): the event, its audit path and a signed
 * checkpoint. Without a key from elsewhere the best word is `unanchored`.
 */
export function verifyProof(text: string, options: { readonly vkey?: string } = {}): Verdict {
  const nothing = { size: 0, events: 0, redacted: 0, purged: 0, masked: 0, anchoredSize: 0 };
  try {
    const size = check(text, options.vkey);
    const word = options.vkey === undefined ? 'unanchored' : 'ok';
    const finding = `the event is in the log of ${size} leaves that this checkpoint signs`;
    return { ...nothing, word, exitCode: EXIT_CODES[word], finding, size, events: 1, anchoredSize: 0 };
  } catch (error) {
    if (!(error instanceof Finding)) throw error;
    return { ...nothing, word: error.word, exitCode: EXIT_CODES[error.word], finding: error.message };
  }
}

function check(text: string, givenKey: string | undefined): number {
  const proof = parse(text);
  if (proof['format'] !== FORMAT) throw new Finding('unverifiable', 'this is not a proof of a known format');
  const keyText = givenKey ?? proof['verifierKey'];
  const keys = typeof keyText === 'string' ? followSuccessions(keyText, proof['successions']) : [];
  if (keys.length === 0) throw new Finding('unverifiable', 'there is no usable verifier key');
  const { checkpoint: note, event, hashes } = proof;
  const noteText = typeof note === 'string' ? openNoteOf(note, keys) : undefined;
  const checkpoint = noteText === undefined ? undefined : parseCheckpoint(noteText);
  if (!checkpoint) throw new Finding('tampered', 'the checkpoint’s signature does not match');
  if (typeof event !== 'string' || !Array.isArray(hashes))
    throw new Finding('unverifiable', 'the proof lacks a member');
  const line = readEventLine(Buffer.from(event, 'utf8'));
  const path = hashes.map((hash) => (typeof hash === 'string' ? decodeBase64(hash) : undefined));
  if (!line.hash || path.some((hash) => hash === undefined))
    throw new Finding('tampered', 'the proof is malformed');
  if (
    !checkInclusion(
      Buffer.from(line.hash, 'latin1'),
      line.leaf,
      checkpoint.size,
      path as Buffer[],
      checkpoint.root,
    )
  ) {
    throw new Finding('tampered', 'the event or its path was changed: they do not give the signed root', {
      leaf: line.leaf,
    });
  }
  const column = findWrongColumn(line);
  if (column) throw new Finding('tampered', `the search column "${column}" does not follow from the payload`);
  return checkpoint.size;
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // said below
  }
  throw new Finding('unverifiable', 'this is not JSON');
}
