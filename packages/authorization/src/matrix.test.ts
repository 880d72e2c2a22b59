import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadPolicies } from './load-policies.ts';
import { buildMatrix, printMatrix } from './matrix.ts';
import { loadPhrases } from './phrases.ts';
import { POLICIES_FOLDER } from './testing/small-policies.ts';

const policies = await loadPolicies(POLICIES_FOLDER);

describe('the matrix', () => {
  it('holds each rule that allows in one cell, and each denial apart', () => {
    const { cells, denials, roles } = buildMatrix(policies);
    const placed = cells.flatMap((cell) => cell.rules.map((rule) => rule.id));
    const allowing = policies.rules.filter((rule) => rule.effect === 'allow').map((rule) => rule.id);
    expect(placed.toSorted()).toEqual(allowing.toSorted());
    expect(denials.map((rule) => rule.id)).toEqual(['DNY-001', 'DNY-002']);
    expect(cells).toHaveLength(roles.length * policies.vocabulary.actions.size);
  });

  it.each(['fr', 'en'] as const)(
    'is printed in %s as one file that loads and runs nothing',
    async (language) => {
      const html = printMatrix(policies, await loadPhrases(POLICIES_FOLDER, policies), language);
      for (const rule of policies.rules) expect(html).toContain(`<small>${rule.id}</small>`);
      for (const action of policies.vocabulary.actions.keys())
        expect(html).toContain(`<code>${action}</code>`);
      expect(html).toContain(`<html lang="${language}">`);
      expect(html).not.toMatch(/<script|<link|<img|https?:|\son[a-z]+=|style=|@import|url\(/);
      expect(html.match(/<td>/g)!.length).toBeGreaterThan(200);
    },
  );
});

describe('phrases', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'socle-phrases-'));
    await cp(POLICIES_FOLDER, folder, { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    ['a word without its phrase', /^ {2}owner: .*\n/m, '', /"owner" of relations has no phrase/],
    ['a phrase for a word that is gone', /^ {2}owner: /m, '  owned: ', /"owned" is not in the vocabulary/],
    ['a phrase in one language', /(owner: \{ fr: [^,]*), en: [^}]*\}/, '$1 }', /en/],
  ])('with %s are refused', async (_what, from, to, problem) => {
    const text = await readFile(path.join(POLICIES_FOLDER, 'phrases.yaml'), 'utf8');
    expect(text).toMatch(from);
    await writeFile(path.join(folder, 'phrases.yaml'), text.replace(from, to));
    await expect(loadPhrases(folder, policies)).rejects.toThrow(problem);
    await writeFile(path.join(folder, 'phrases.yaml'), text);
    expect((await loadPhrases(folder, policies)).relations.get('owner')!.en).toBe('for what is theirs');
  });
});
