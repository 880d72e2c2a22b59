import { createHash } from 'node:crypto';
import type { RosterSubject } from './roster-record.ts';

/** A national code of six characters, or the name of a subject, which gets a code of its own. */
export function buildSubject(text: string): RosterSubject {
  if (/^[0-9A-Z]{6}$/.test(text)) return { code: text, name: text };
  const folded = text
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();
  return {
    code: `L${createHash('sha256').update(folded).digest('hex').slice(0, 11).toUpperCase()}`,
    name: text,
  };
}
