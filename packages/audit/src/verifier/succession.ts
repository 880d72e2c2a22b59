import { openSharedNote, parseKey, type VerifierKey } from './signed-note.ts';

const FORMAT = 'socle-audit-succession/1';

/**
 * The keys of a log from the trusted one on: each statement names an old key and its successor, and is signed by both.
 * Statements before the trusted key, or that do not hold, lead nowhere.
 *
 * @param trusted the text of a verifier key.
 */
export function followSuccessions(trusted: string, statements: unknown): readonly VerifierKey[] {
  const first = parseKey(trusted);
  if (!first) return [];
  const keys = [first];
  let current = trusted;
  for (const note of Array.isArray(statements) ? (statements as readonly unknown[]) : []) {
    if (typeof note !== 'string') continue;
    const [format, origin, oldKey, newKey = ''] = note.split('\n');
    const next = parseKey(newKey);
    if (format !== FORMAT || origin !== first.name || oldKey !== current || next?.name !== first.name)
      continue;
    const old = keys.at(-1)!;
    if (openSharedNote(note, [old]) === undefined || openSharedNote(note, [next]) === undefined) continue;
    keys.push(next);
    current = newKey;
  }
  return keys;
}
