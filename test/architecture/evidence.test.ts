import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHAPTERS } from '../evidence/chapters.ts';
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
