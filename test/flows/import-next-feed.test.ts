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
  loadPersonFacts,
  migrations as directoryMigrations,
  setGuardianAuthority,
} from '@socle/directory';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { territory, writeChanged, type Changes } from '../support/changed-territory.ts';

const FIRST_DAY = new Date('2026-11-02T04:00:00Z');
const DAY_MS = 86_400_000;

const families = [...territory.families()];
const staff = [...territory.staff()];
const [fourthA, fourthB] = territory.schools[0]!.classes;
const pupils = families.flatMap((family) => family.pupils);
const together = families.filter((family) => family.shape === 'together' && family.pupils.length === 1);
const maths = staff.find((person) =>
  person.teaching.some((one) => one.division.code === '4A' && one.subject === '061300'),
)!;

/** Pupils who leave, with the relatives of whom no child stays. */
function countGone(leaves: (pupil: (typeof pupils)[number]) => boolean): number {
  return families.reduce((sum, family) => {
    const gone = family.pupils.filter(leaves).length;
    return sum + gone + (gone === family.pupils.length ? family.relatives.length : 0);
  }, 0);
}

describe('the feed of the next day', () => {
  let test: TestDatabase;
  let audit: Audit;
  let root: string;
  let day = 0;
  const clock = buildManualClock(FIRST_DAY);

  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'socle-next-feed-'));
  });
  beforeEach(async () => {
    await audit?.close();
    await test?.close();
    test = await openTestDatabase([auditMigrations, directoryMigrations]);
    audit = openAudit({ database: test.app, clock, actions: [directoryActions] });
    const report = await importDay();
    expect(report).toMatchObject({ pupils: 120, refused: 0 });
  });
  afterAll(async () => {
    await audit.close();
    await test.close();
    await rm(root, { recursive: true, force: true });
  });

  async function importDay(changes: Changes = {}, more: { force?: boolean; dryRun?: boolean } = {}) {
    day += 1;
    const at = new Date(FIRST_DAY.getTime() + day * DAY_MS);
    clock.set(at);
    const folder = path.join(root, String(day));
    await writeChanged(folder, at, changes);
    return importAaf({ source: folder, database: test.app, audit, clock, academy: '99', ...more });
  }

  const find = (key: string) =>
    test.app.transaction(
      async (tx) => {
        const person = await findPersonByJoinKey(tx, { kind: 'aaf', value: `99-${key}` });
        invariant(person, `no person ${key}`);
        return person;
      },
      { scope: 'all', readOnly: true },
    );
  const factsOf = async (key: string): Promise<PersonFacts> => {
    const { id } = await find(key);
    return test.app.transaction((tx) => loadPersonFacts(tx, id, clock.now()), {
      scope: 'all',
      readOnly: true,
    });
  };
  const divisions = async (ids: readonly string[]) =>
    (
      await test
        .openAdmin()
        .query<{ code: string }>(
          'SELECT code FROM directory.divisions WHERE id = ANY ($1::uuid[]) ORDER BY code',
          [ids],
        )
    ).map(({ code }) => code);
  const leaving = async (key: string) => {
    const { id } = await find(key);
    const [row] = await test
      .openAdmin()
      .query<{ leaving_since: Date | null; status: string }>(
        'SELECT leaving_since, status FROM directory.people WHERE id = $1',
        [id],
      );
    return row!;
  };

  it('changes nobody when nothing changed but the day', async () => {
    const report = await importDay();
    expect(report).toMatchObject({ created: 0, changed: 0, suspended: 0, refused: 0 });
    expect(report.unchanged).toBe(report.pupils + report.relatives + report.staff);
  });

  it('moves a pupil to another class, and nobody else', async () => {
    const moved = pupils.find((pupil) => pupil.division === fourthA)!;
    const before = await divisions((await factsOf(moved.key)).memberOf.map((one) => one.division));
    const report = await importDay({
      pupil: (pupil) => (pupil.key === moved.key ? { ...pupil, division: fourthB! } : pupil),
    });
    expect(report).toMatchObject({ created: 0, changed: 1, suspended: 0 });
    const after = await divisions((await factsOf(moved.key)).memberOf.map((one) => one.division));
    expect(before).toContain('4A');
    expect(after).toEqual(before.map((code) => (code === '4A' ? '4B' : code)).sort());
  });

  it('takes a class from the teacher who no longer has it, at once', async () => {
    const classes = async () => divisions((await factsOf(maths.key)).teaches.map((one) => one.division));
    expect(await classes()).toContain('4A');
    await importDay({
      staff: (person) =>
        person.key === maths.key
          ? {
              ...person,
              teaching: person.teaching.filter((one) => one.division.code !== '4A'),
              headTeacherOf: [],
            }
          : person,
    });
    expect(await classes()).not.toContain('4A');
    await importDay();
    expect(await classes()).toContain('4A');
  });

  it('shuts out a parent who becomes a contact, and a link that the feed drops', async () => {
    const [
      {
        pupils: [child],
        relatives,
      },
    ] = [together[0]!];
    const [father, mother] = relatives;
    const rights = async (key: string) =>
      (await factsOf(key)).children.map((one) => `${one.kind} ${one.exercise}`);
    expect(await rights(father!.key)).toEqual(['legal joint']);
    const report = await importDay({
      pupil: (pupil) =>
        pupil.key === child!.key
          ? {
              ...pupil,
              links: pupil.links
                .filter((link) => link.key !== mother!.key)
                .map((link) => (link.key === father!.key ? { ...link, legal: '0' as const } : link)),
            }
          : pupil,
    });
    expect(await rights(father!.key)).toEqual(['contact none']);
    expect(await rights(mother!.key)).toEqual([]);
    expect(report.changed).toBe(3);
  });

  it('starts the clock of a pupil who left, keeps the person, and stops it when the pupil is back', async () => {
    // A brother or sister stays, and so do the parents.
    const gone = families.find((family) => family.pupils.length > 1)!.pupils[0]!;
    const { id } = await find(gone.key);
    const report = await importDay({ pupil: (pupil) => (pupil.key === gone.key ? undefined : pupil) });
    expect(report).toMatchObject({ suspended: 1, pupils: 119 });
    expect((await leaving(gone.key)).leaving_since).toEqual(clock.now());
    expect((await factsOf(gone.key)).memberOf).toEqual([]);
    const back = await importDay();
    expect(back).toMatchObject({ created: 0, suspended: 0 });
    expect((await find(gone.key)).id).toBe(id);
    expect(await leaving(gone.key)).toEqual({ leaving_since: null, status: 'active' });
    expect((await factsOf(gone.key)).memberOf.length).toBeGreaterThan(0);
  });

  it('renames a person and nothing else of them', async () => {
    const married = together[2]!.relatives[1]!;
    const before = await factsOf(married.key);
    const report = await importDay({
      relative: (relative) =>
        relative.key === married.key ? { ...relative, name: "L'Hermitte-Öztürk" } : relative,
    });
    expect(report).toMatchObject({ created: 0, changed: 1 });
    expect((await find(married.key)).familyName).toBe("L'Hermitte-Öztürk");
    const { children, roles } = await factsOf(married.key);
    expect({ children, roles }).toEqual({ children: before.children, roles: before.roles });
  });

  it('refuses a feed that lacks a tenth of the people, applies nothing of it, and obeys --force', async () => {
    const keep = new Set(pupils.filter((_, index) => index % 5 !== 0).map((pupil) => pupil.key));
    const cut: Changes = {
      pupil: (pupil) => (keep.has(pupil.key) ? { ...pupil, name: 'Changé' } : undefined),
    };
    await expect(importDay(cut)).rejects.toMatchObject({ code: 'feed_departures_exceed_guard', status: 409 });
    expect((await leaving(pupils[0]!.key)).leaving_since).toBeNull();
    expect((await find(pupils[1]!.key)).familyName).not.toBe('Changé');
    const forced = await importDay(cut, { force: true });
    expect(forced.suspended).toBe(countGone((pupil) => !keep.has(pupil.key)));
    expect((await leaving(pupils[0]!.key)).leaving_since).not.toBeNull();
    expect((await find(pupils[1]!.key)).familyName).toBe('Changé');
  });

  it('says in a dry run exactly what the run then does, and does nothing', async () => {
    const changes: Changes = {
      pupil: (pupil) =>
        pupil.key === pupils[3]!.key
          ? undefined
          : pupil.key === pupils[4]!.key
            ? { ...pupil, givenName: 'Ysé', division: pupil.division === fourthA ? fourthB! : pupil.division }
            : pupil,
    };
    const said = await importDay(changes, { dryRun: true });
    expect(said).toMatchObject({ suspended: countGone((pupil) => pupil === pupils[3]), created: 0 });
    expect((await leaving(pupils[3]!.key)).leaving_since).toBeNull();
    expect(await importDay(changes)).toEqual(said);
    expect((await leaving(pupils[3]!.key)).leaving_since).not.toBeNull();
  });

  it('leaves alone what a court decided: no feed gives authority back', async () => {
    const [
      {
        pupils: [child],
        relatives,
      },
    ] = [together[3]!];
    const [father] = relatives;
    const [adult, minor, head, cpe] = await Promise.all([
      find(father!.key),
      find(child!.key),
      find(staff.find((one) => one.directs.length > 0)!.key),
      find(staff.find((one) => one.functions[0]!.code === 'EDU')!.key),
    ]);
    const exercise = async () => (await factsOf(father!.key)).children.map((one) => one.exercise);
    expect(await exercise()).toEqual(['joint']);
    await test.app.transaction(
      (tx) =>
        setGuardianAuthority(
          tx,
          {
            child: minor.id,
            adult: adult.id,
            exercise: 'withdrawn',
            validFrom: clock.now(),
            recordedBy: head.id,
            confirmedBy: cpe.id,
            evidenceReference: 'JAF-2026-0001',
          },
          { audit, author: { kind: 'person', id: head.id }, at: clock.now() },
        ),
      { scope: 'all' },
    );
    expect(await exercise()).toEqual(['withdrawn']);
    await importDay();
    expect(await exercise()).toEqual(['withdrawn']);
    await importDay({
      pupil: (pupil) => (pupil.key === child!.key ? { ...pupil, links: [] } : pupil),
    });
    expect(await exercise()).not.toContain('joint');
    await importDay();
    expect(await exercise()).toEqual(['withdrawn']);
  });
});
