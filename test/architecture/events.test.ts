import { readFile } from 'node:fs/promises';
import { auditActions } from '@socle/audit';
import { describe, expect, it } from 'vitest';
import { renderEventsPage } from '../../scripts/events-page.ts';

describe('docs/events.md', () => {
  it('is what the declared actions and the modules’ documents generate (npm run docs)', async () => {
    expect(await readFile('docs/events.md', 'utf8')).toBe(await renderEventsPage());
  });

  it('has the actions of packages, of the service and of a module, each with its two titles', async () => {
    const page = await renderEventsPage();
    const rows = [...page.matchAll(/^\| `([a-z_.]+)` \| ([ABC]) \| (.+?) \| (.+?) \| (.+) \|$/gm)];
    const names = rows.map((row) => row[1]!);
    expect(names).toEqual(expect.arrayContaining(Object.keys(auditActions)));
    expect(names).toEqual(
      expect.arrayContaining([
        'directory.import.completed',
        'service.module.registered',
        'grades.mark.entered',
      ]),
    );
    expect(new Set(names).size).toBe(names.length);
  });
});
