import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSocle } from '../support/command-line.ts';
import { loadLoggedEvents } from '../support/logged-events.ts';
import { POLICIES_FOLDER } from '../support/policy-world.ts';
import { openSocleUnderTest, type SocleUnderTest } from '../support/socle-under-test.ts';

describe('socle policy diff --on-data', () => {
  let world: SocleUnderTest;
  let folder: string;
  beforeAll(async () => {
    world = await openSocleUnderTest();
    folder = await mkdtemp(path.join(tmpdir(), 'socle-on-data-'));
    for (const givenName of ['Solenn', 'Titouan'])
      await world.add({ givenName, school: world.phare, roles: ['teacher'], teaches: true });
    await world.add({ givenName: 'Nolwenn', school: world.phare, roles: ['cpe'] });
  });
  afterAll(async () => {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  const diff = (to: string, ...more: string[]) =>
    runSocle(
      {
        PATH: process.env['PATH'] ?? '',
        SOCLE_ISSUER: world.issuer,
        SOCLE_DATA_DIR: world.dataDir,
        SOCLE_DATABASE_URL: world.database.url('app'),
        SOCLE_SEQUENCER_DATABASE_URL: world.database.url('sequencer'),
      },
      ['policy', 'diff', POLICIES_FOLDER, to, '--on-data', ...more],
    );

  it('counts who of the territory loses, by role, names nobody, and is in the log', async () => {
    const changed = path.join(folder, 'policies');
    await cp(POLICIES_FOLDER, changed, { recursive: true });
    const file = path.join(changed, 'modules/grades/policy.csv');
    const rules = await readFile(file, 'utf8');
    await writeFile(file, rules.replace(/^p, GRA-004,.*\n/m, ''));

    const { code, stdout, stderr } = await diff(changed, '--json');
    expect(code, stderr).toBe(1);
    const { territory } = JSON.parse(stdout) as { territory: { people: number; counts: object[] } };
    expect(territory.counts).toEqual([
      {
        action: 'grades.assessment.delete',
        gained: 0,
        lost: 2,
        byRole: { teacher: { gained: 0, lost: 2 } },
      },
    ]);
    expect(territory.people).toBeGreaterThanOrEqual(3);
    expect(stdout).not.toMatch(/Solenn|Titouan|Nolwenn/);
    const [event] = await loadLoggedEvents(world.database, 'service.policies.compared');
    expect(event).toMatchObject({ detail: { people: territory.people, actions: 1 } });
  });

  it('counts nobody where nothing changed', async () => {
    const { code, stdout, stderr } = await diff(POLICIES_FOLDER);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/\d+ people of the territory were asked about/);
    expect(stdout).not.toContain('gagnent');
  });
});
