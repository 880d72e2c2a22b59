import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { accessibilityRate } from '../../services/socle/src/accessibility/level.ts';
import { MEASURED } from '../../services/socle/src/accessibility/measured.ts';
import { CHAPTERS } from '../evidence/chapters.ts';
import { CRITERIA, THEMES } from '../evidence/rgaa/themes.ts';
import { PLANS } from '../flows/conformance/plans.ts';

describe('docs/conformance.md', () => {
  it('has each module of each plan once, passed, and each has a test of its name', async () => {
    const page = await readFile('docs/conformance.md', 'utf8');
    const folder = 'test/flows/conformance';
    const files = (await readdir(folder)).filter((file) => file.endsWith('.test.ts'));
    const sources = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')));
    const everything = sources.join('\n');
    expect(PLANS.map((plan) => plan.modules.length)).toEqual([38, 1, 11, 2, 58]);
    for (const module of PLANS.flatMap((plan) => plan.modules)) {
      const rows = page.split('\n').filter((line) => line.includes(`\`${module}\``));
      expect(rows, module).toHaveLength(1);
      expect(rows[0]).toContain('| passed |');
      const written = [module, module.replace('fapi2-security-profile-final-', '')];
      const named = written.some((name) => everything.includes(`'${name}'`));
      // display-page and display-popup are one loop
      expect(named || module.startsWith('oidcc-display-'), module).toBe(true);
    }
  });
});

describe('docs/evidence', () => {
  it('names files and titles that exist, and every requirement stands on its page', async () => {
    let seen = 0;
    for (const chapter of CHAPTERS) {
      const page = await readFile(`docs/evidence/${chapter.page}.md`, 'utf8');
      for (const { id, shown } of chapter.requirements) {
        expect(page, id).toContain(`| ${id} |`);
        if (!('by' in shown)) continue;
        expect(page).toContain(`| ${id} |`);
        for (const [file, title] of shown.by) {
          seen += 1;
          const source = await readFile(file, 'utf8');
          const short = title.replace('fapi2-security-profile-final-', '');
          expect(source.includes(title) || source.includes(short), `${id}: ${title}`).toBe(true);
        }
      }
    }
    expect(seen).toBeGreaterThan(100);
  });
});

describe('docs/accessibility.md', () => {
  it('has the 106 criteria of RGAA 4.1 in its order, and the rate that the statement publishes', async () => {
    const page = await readFile('docs/accessibility.md', 'utf8');
    expect(THEMES.map(({ criteria }) => criteria.length)).toEqual([
      9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12,
    ]);
    const ids = THEMES.flatMap(({ criteria }, theme) =>
      criteria.map((_each, index) => `${theme + 1}.${index + 1}`),
    );
    expect(CRITERIA.map(({ id }) => id)).toEqual(ids);
    const rows = page.split('\n').filter((line) => /^\| \d+\.\d+ \|/.test(line));
    expect(rows.map((row) => row.split(' | ')[0]?.slice(2))).toEqual(ids);
    const count = (result: string) => rows.filter((row) => row.endsWith(`| ${result} |`)).length;
    expect({
      shown: count('respected'),
      failed: count('**NOT RESPECTED**'),
      unseen: count('**not judged**'),
      outside: count('does not apply'),
      on: MEASURED.on,
    }).toEqual(MEASURED);
    expect(page).toContain(`**${accessibilityRate(MEASURED)} %**`);
  });
});
