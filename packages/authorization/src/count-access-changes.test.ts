import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAccessChangeCounter } from './count-access-changes.ts';
import { openEngine } from './engine.ts';
import { loadFixtures } from './fixtures.ts';
import { loadPolicies, type Policies } from './load-policies.ts';
import { POLICIES_FOLDER } from './testing/small-policies.ts';

const READ = 'grades.mark.read';
const DELETE = 'grades.assessment.delete';

describe('how many people really gain or lose', () => {
  let folder = '';
  let policies: Policies;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'socle-count-'));
    policies = await loadPolicies(POLICIES_FOLDER);
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** The policies with a line of the marks' rules written otherwise. */
  async function change(name: string, from: RegExp, to: string): Promise<Policies> {
    const changed = path.join(folder, name);
    await cp(POLICIES_FOLDER, changed, { recursive: true });
    const file = path.join(changed, 'modules/grades/policy.csv');
    const text = await readFile(file, 'utf8');
    expect(text).toMatch(from);
    await writeFile(file, text.replace(from, to));
    return loadPolicies(changed);
  }
  async function count(before: Policies, after: Policies, actions: readonly string[]) {
    const { people, now } = await loadFixtures(POLICIES_FOLDER, policies);
    const counter = openAccessChangeCounter(openEngine(before), openEngine(after), { actions, at: now });
    for (const facts of people.values()) counter.add(facts);
    expect(counter.people).toBe(people.size);
    return counter.counts;
  }

  it('counts nobody where nothing changed', async () => {
    expect(await count(policies, policies, [READ])).toEqual([
      { action: READ, gained: 0, lost: 0, byRole: {} },
    ]);
  });

  it('counts the parents who lose their children’s marks, and they gain them the other way round', async () => {
    const without = await change('without', /^p, GRA-015,.*\n/m, '');
    const [lost] = await count(policies, without, [READ]);
    expect(lost!.gained).toBe(0);
    expect(lost!.lost).toBeGreaterThan(0);
    expect(lost!.byRole['guardian']).toEqual({ gained: 0, lost: lost!.lost });
    const [gained] = await count(without, policies, [READ]);
    expect(gained).toMatchObject({ gained: lost!.lost, lost: 0 });
  });

  it('sees what only a closed period gives', async () => {
    const always = await change(
      'always',
      /(GRA-004, teacher, school, grades\.assessment, grades\.assessment\.delete, teaches_own), not_closed/,
      '$1, always',
    );
    const [counted] = await count(policies, always, [DELETE]);
    expect(counted!.gained).toBeGreaterThan(0);
    expect(counted!.lost).toBe(0);
  });
});
