import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrations as auditMigrations, openAudit, type Audit } from '@socle/audit';
import type { PersonFacts } from '@socle/authorization';
import { buildManualClock, invariant } from '@socle/base';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import {
  directoryActions,
  findPersonByJoinKey,
  importAaf,
  loadMembers,
  loadPersonFacts,
  loadSchools,
  migrations as directoryMigrations,
  type WrittenFeed,
} from '@socle/directory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KEY, UAI } from '../../services/socle/src/demo/cast-keys.ts';
import { DEMO_ACADEMY, writeDemoTerritory } from '../../services/socle/src/demo/territory.ts';

const NOW = new Date('2026-11-23T09:00:00Z');

describe('the demo territory, imported', () => {
  let test: TestDatabase;
  let audit: Audit;
  let folder: string;
  let feed: WrittenFeed;
  let report: Awaited<ReturnType<typeof importAaf>>;
  const schools = new Map<string, string>();

  beforeAll(async () => {
    test = await openTestDatabase([auditMigrations, directoryMigrations]);
    const clock = buildManualClock(NOW);
    audit = openAudit({ database: test.app, clock, actions: [directoryActions] });
    folder = await mkdtemp(path.join(tmpdir(), 'socle-demo-flow-'));
    feed = await writeDemoTerritory(folder, NOW);
    report = await importAaf({ source: folder, database: test.app, audit, clock, academy: DEMO_ACADEMY });
    const loaded = await test.app.transaction((tx) => loadSchools(tx), { scope: 'all', readOnly: true });
    for (const school of loaded) schools.set(school.uai, school.id);
  });
  afterAll(async () => {
    await audit.close();
    await test.close();
    await rm(folder, { recursive: true, force: true });
  });

  const factsOf = (key: string): Promise<PersonFacts> =>
    test.app.transaction(
      async (tx) => {
        const person = await findPersonByJoinKey(tx, { kind: 'aaf', value: `${DEMO_ACADEMY}-${key}` });
        invariant(person, `no person ${key}`);
        return loadPersonFacts(tx, person.id, NOW);
      },
      { scope: 'all', readOnly: true },
    );
  const rolesOf = (facts: PersonFacts) =>
    facts.roles
      .map((role) => `${role.role} ${[...schools].find(([, id]) => id === role.domain)?.[0]}`)
      .sort();

  it('holds three schools and 600 pupils, without a warning; parents known in both degrees are one person', () => {
    expect(report).toMatchObject({ schools: 3, pupils: 600, refused: 0, warnings: [] });
    expect(report).toMatchObject({ staff: feed.counts.staff, links: feed.counts.links });
    expect(report.relatives).toBe(feed.counts.relatives);
    expect(report.created).toBe(600 + feed.counts.relatives + feed.counts.staff - 2);
    expect([...schools.keys()].sort()).toEqual(Object.values(UAI).sort());
  });

  it('gives the pupil of 13 her class, and her teachers that class', async () => {
    const zoe = await factsOf(KEY.zoe);
    expect(zoe.birthDate).toBe('2013-09-23');
    expect(rolesOf(zoe)).toEqual([`pupil ${UAI.college}`]);
    expect(zoe.memberOf).toHaveLength(2);
    const teacher = await factsOf(KEY.raphaelle);
    const shared = teacher.teaches.filter(({ division }) =>
      zoe.memberOf.some((member) => member.division === division),
    );
    expect(shared).toHaveLength(1);
    expect(rolesOf(teacher)).toEqual([`teacher ${UAI.college}`]);
    const leader = await factsOf(KEY.gregoire);
    expect(leader.headTeacherOf.map(({ division }) => division)).toEqual([shared[0]!.division]);
    expect(teacher.headTeacherOf).toEqual([]);
    const members = await test.app.transaction(
      (tx) => loadMembers(tx, shared[0]!.division as Parameters<typeof loadMembers>[1], NOW),
      { scope: 'all', readOnly: true },
    );
    expect(members.length).toBeGreaterThanOrEqual(20);
  });

  it('gives the staff their roles, in the collège and in the primary school', async () => {
    expect(rolesOf(await factsOf(KEY.aicha))).toEqual([`cpe ${UAI.college}`]);
    expect(rolesOf(await factsOf(KEY.timothee))).toEqual([`aed ${UAI.college}`]);
    expect(rolesOf(await factsOf(KEY.francoise))).toEqual([`head ${UAI.college}`]);
    expect(rolesOf(await factsOf(KEY.ophelie))).toEqual([`librarian ${UAI.college}`]);
    expect(rolesOf(await factsOf(KEY.joel))).toEqual([`teacher ${UAI.primary}`]);
  });

  it('ties parents to their children across schools, each with their right', async () => {
    const rights = async (key: string) => {
      const ids = new Map<string, string>();
      for (const child of ['zoe', 'malo', 'come'] as const)
        ids.set((await factsOf(KEY[child])).person, child);
      return (await factsOf(key)).children
        .map((one) => `${ids.get(one.child)} ${one.kind} ${one.exercise}`)
        .sort();
    };
    expect(await rights(KEY.helene)).toEqual(['come legal joint', 'malo legal joint', 'zoe legal joint']);
    expect(await rights(KEY.etienne)).toEqual(['come legal joint', 'malo in_charge none', 'zoe legal joint']);
    expect(await rights(KEY.loic)).toEqual(['malo legal joint']);
    expect(await rights(KEY.berenice)).toEqual(['malo contact none', 'zoe contact none']);
  });

  it('gives nobody authority over the adult pupil', async () => {
    expect((await factsOf(KEY.fatou)).children).toEqual([]);
    expect((await factsOf(KEY.solene)).children).toHaveLength(1);
  });
});
