import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { InventedPupil, InventedStaff } from '@socle/directory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoAccounts } from './accounts.ts';
import { birthDayFor } from './cast-families.ts';
import { KEY, SCHOOL_KEY, UAI } from './cast-keys.ts';
import { demoSchoolAbroad } from './school-abroad.ts';
import { buildDemoPopulation, writeDemoTerritory } from './territory.ts';

const DAYS = [
  '2026-08-20',
  '2026-09-01',
  '2026-11-23',
  '2027-01-31',
  '2027-02-28',
  '2027-03-01',
  '2027-07-31',
];

function ageOn(date: Date, birthDay: string): number {
  const [day, month, year] = birthDay.split('/').map(Number) as [number, number, number];
  const passed =
    date.getUTCMonth() + 1 > month || (date.getUTCMonth() + 1 === month && date.getUTCDate() >= day);
  return date.getUTCFullYear() - year - (passed ? 0 : 1);
}

const population = buildDemoPopulation(new Date('2026-11-23'));
const families = [...population.families()];
const pupils = new Map<string, InventedPupil>(
  families.flatMap((family) => family.pupils.map((pupil) => [pupil.key, pupil] as const)),
);
const staff = new Map<string, InventedStaff>([...population.staff()].map((person) => [person.key, person]));
const relatives = new Set(families.flatMap((family) => family.relatives.map((relative) => relative.key)));

describe('the demo territory', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'socle-demo-'));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  it('writes the same bytes for the same date: 600 pupils in one primary school, one collège, one lycée', async () => {
    const date = new Date('2026-11-23T10:00:00Z');
    const first = await writeDemoTerritory(path.join(root, 'a'), date);
    const second = await writeDemoTerritory(path.join(root, 'b'), date);
    expect(second.files).toEqual(first.files);
    expect(first.files).toHaveLength(10);
    expect(first.counts).toMatchObject({ schools: 3, pupils: 600, missingRelatives: 0 });
    const name = 'ENT2DVA-SOCLE_Complet_20261123_Eleve_0000.xml';
    const text = await readFile(path.join(root, 'a', name), 'utf8');
    expect(text).toContain('<attr name="ENTElevePersRelEleve"><value>9100001$10$1$1$0$0</value>');
  });

  it('has the schools under their national numbers, and room of ordinary size in each class', () => {
    expect(population.schools.map((school) => [school.key, school.uai])).toEqual([
      [SCHOOL_KEY.primary, UAI.primary],
      [SCHOOL_KEY.college, UAI.college],
      [SCHOOL_KEY.lycee, UAI.lycee],
    ]);
    const sizes = new Map<string, number>();
    for (const pupil of pupils.values()) {
      const name = `${pupil.school.key} ${pupil.division.code}`;
      sizes.set(name, (sizes.get(name) ?? 0) + 1);
    }
    expect(sizes.size).toBe(22);
    for (const size of sizes.values()) {
      expect(size).toBeGreaterThanOrEqual(15);
      expect(size).toBeLessThanOrEqual(36);
    }
  });

  it.each(DAYS)('gives the demo pupils their ages on %s', (day) => {
    const date = new Date(`${day}T12:00:00Z`);
    const cast = [...buildDemoPopulation(date).families()].slice(0, 3).flatMap((family) => family.pupils);
    const ages = Object.fromEntries(cast.map((pupil) => [pupil.givenName, ageOn(date, pupil.birthDate)]));
    expect(ages).toEqual({ Zoé: 13, Malo: 14, Côme: 7, Célestine: 15, Ibrahim: 18 });
    for (const pupil of cast) expect(pupil.birthDate).toMatch(/^\d\d\/\d\d\/\d{4}$/);
  });

  it('knows a birthday that is still to come in spring and one that passed in autumn', () => {
    expect(birthDayFor(new Date('2027-05-04'), 13)).toBe('20/12/2013');
    expect(birthDayFor(new Date('2026-11-23'), 13)).toBe('23/09/2013');
    expect(birthDayFor(new Date('2027-01-31'), 13)).toBe('28/11/2013');
  });

  it('puts the maths teacher and the head teacher in the class of the pupil of 13', () => {
    const zoe = pupils.get(KEY.zoe)!;
    expect(zoe.division.code).toBe('4A');
    const teaches = (key: string, subject: string) =>
      staff
        .get(key)!
        .teaching.some(
          (one) => one.school === zoe.school.key && one.division.code === '4A' && one.subject === subject,
        );
    expect(teaches(KEY.raphaelle, '061300')).toBe(true);
    expect(teaches(KEY.raphaelle, '020700')).toBe(false);
    expect(teaches(KEY.gregoire, '020700')).toBe(true);
    const leaders = [...staff.values()].filter((person) =>
      person.headTeacherOf.some((one) => one.school === zoe.school.key && one.division.code === '4A'),
    );
    expect(leaders.map((person) => person.key)).toEqual([KEY.gregoire]);
    const mathematicians = [...staff.values()].filter((person) =>
      person.teaching.some(
        (one) => one.school === zoe.school.key && one.division.code === '4A' && one.subject === '061300',
      ),
    );
    expect(mathematicians.map((person) => person.key)).toEqual([KEY.raphaelle]);
  });

  it('ties the families as the notes say', () => {
    const ties = (key: string) =>
      Object.fromEntries(pupils.get(key)!.links.map((link) => [link.key, link.legal]));
    expect(ties(KEY.zoe)).toEqual({ [KEY.helene]: '1', [KEY.etienne]: '1', [KEY.berenice]: '0' });
    expect(ties(KEY.malo)).toEqual({
      [KEY.helene]: '1',
      [KEY.loic]: '1',
      [KEY.etienne]: '2',
      [KEY.berenice]: '0',
    });
    expect(ties(KEY.come)).toEqual({ [KEY.helene]: '1', [KEY.etienne]: '1' });
  });
});

describe('the demo accounts', () => {
  it('show every role that a school workspace knows', () => {
    const roles = new Set([...demoAccounts, ...demoSchoolAbroad.people].map((account) => account.role));
    expect([...roles].sort()).toEqual(
      'academy_admin aed cpe dpo guardian guest head head_teacher librarian local_admin pupil security_officer teacher'.split(
        ' ',
      ),
    );
  });

  it('have each a username of its own, and a note', () => {
    const all = [...demoAccounts, ...demoSchoolAbroad.people];
    expect(new Set(all.map((account) => account.username)).size).toBe(all.length);
    for (const account of all) {
      expect(account.username).toMatch(/^[a-z][a-z-]*\.[a-z][a-z-]*$/);
      expect(account.note.length).toBeGreaterThan(10);
    }
  });

  it('name people who are in the feed, with the names that are there', () => {
    const cast = new Map<string, { givenName: string; name: string }>([...pupils, ...staff]);
    for (const family of families.slice(0, 3))
      for (const relative of family.relatives) cast.set(relative.key, relative);
    const fromFeed = demoAccounts.filter((account) => account.origin.kind === 'feed');
    expect(fromFeed.length).toBeGreaterThanOrEqual(16);
    for (const { origin, displayName } of fromFeed) {
      const person = origin.kind === 'feed' ? cast.get(origin.joinKey) : undefined;
      expect(`${person?.givenName} ${person?.name}`).toBe(displayName);
    }
    const used = fromFeed.map(({ origin }) => (origin.kind === 'feed' ? origin.joinKey : ''));
    // Everybody of the cast but the adult pupil's mother can be tried.
    expect(Object.values(KEY).filter((key) => !used.includes(key))).toEqual([KEY.fatou]);
    expect(relatives.has(KEY.fatou)).toBe(true);
  });

  it('come in an order in which their acts can be done', () => {
    const before = new Set<string>();
    let named = 0;
    for (const account of demoAccounts) {
      const people = account.acts.flatMap((act) =>
        act.kind === 'set-authority' ? [act.recordedBy, act.confirmedBy] : [],
      );
      if (account.origin.kind === 'guest') people.push(account.origin.sponsor);
      for (const username of people) {
        expect(before.has(username), username).toBe(true);
        named += 1;
      }
      before.add(account.username);
    }
    expect(named).toBe(3);
  });

  it('let a teacher, a parent and the pupil of 15 in by password alone, and ask heads and administrators for a code', () => {
    const factor = new Map(demoAccounts.map((account) => [account.username, account.secondFactor]));
    for (const username of ['raphaelle.noailles', 'helene.aubree', 'celestine.evrard'])
      expect(factor.get(username)).toBe(false);
    for (const account of demoAccounts)
      if (['head', 'local_admin', 'academy_admin', 'dpo', 'security_officer'].includes(account.role))
        expect(account.secondFactor, account.username).toBe(true);
  });
});

describe('the demo school abroad', () => {
  it('has a valid national number, outside the academy, and a controller of its own', () => {
    const { uai } = demoSchoolAbroad.school;
    expect(uai[7]).toBe('ABCDEFGHJKLMNPRSTUVWXYZ'[Number(uai.slice(0, 7)) % 23]);
    expect(Object.values(UAI)).not.toContain(uai);
    expect(demoSchoolAbroad.controller.kind).toBe('owner');
  });

  it('ties its parent to its pupil', () => {
    const parent = demoSchoolAbroad.people.find((person) => 'guardianOf' in person);
    expect(demoSchoolAbroad.people.map((person) => person.username)).toContain(parent?.guardianOf);
  });
});
