import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { fr } from './fr.ts';

/** Every path to a string, with the text; a function is called with sample values. */
function flatten(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') {
    return [[path, String((value as (...samples: unknown[]) => unknown)(2, 3, 4))]];
  }
  return Object.entries(value as Record<string, unknown>).flatMap(([key, inner]) =>
    flatten(inner, path ? `${path}.${key}` : key),
  );
}

describe('the catalogues', () => {
  const french = new Map(flatten(fr));
  const english = new Map(flatten(en));

  it('have the same strings in both languages, none of them empty', () => {
    expect(french.size).toBeGreaterThan(150);
    expect([...english.keys()].sort()).toEqual([...french.keys()].sort());
    for (const [path, text] of [...french, ...english]) expect(text.trim(), path).not.toBe('');
  });

  it('are not copies of one another', () => {
    const same = [...french].filter(([path, text]) => text === english.get(path)).map(([path]) => path);
    expect(same.sort()).toEqual([
      'bookColumns.day',
      'correct.step',
      'create.date',
      'kinds.oral',
      'kinds.participation',
      'pupilColumns.day',
      'sheet.howAbsent',
      'statuses.absent',
    ]);
  });

  it('speak without jargon', () => {
    const jargon =
      /\b(token|HTTP|serveur|server|exception|null|invalid[e]?|erreur \d|error \d|submit|valider)\b/i;
    for (const [path, text] of [...french, ...english]) expect(text, path).not.toMatch(jargon);
  });
});
