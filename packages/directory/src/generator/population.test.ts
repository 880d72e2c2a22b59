import { describe, expect, it } from 'vitest';
import type { Family, Person, Pupil } from './model.ts';
import { planTerritory } from './plan.ts';
import { buildPopulation } from './population.ts';
import { LEVELS } from './programme.ts';

const population = buildPopulation({
  plan: planTerritory(20, 9_000),
  seed: 'formes',
  date: new Date('2027-03-01'),
  missingRelatives: 0.002,
});
const families = [...population.families()];
const pupils = families.flatMap((family) => family.pupils);
const staff = [...population.staff()];

const share = <T>(list: readonly T[], holds: (one: T) => boolean) => list.filter(holds).length / list.length;
const between = (value: number, low: number, high: number) => {
  expect(value).toBeGreaterThanOrEqual(low);
  expect(value).toBeLessThanOrEqual(high);
};
const legal = (family: Family) =>
  family.pupils.every((pupil) => pupil.links.some((link) => link.legal === '1'));

describe('an invented population', () => {
  it('gives the same people at each walk', () => {
    expect([...population.families()].slice(-50)).toEqual(families.slice(-50));
    expect([...population.staff()].slice(-20)).toEqual(staff.slice(-20));
  });

  it('has separated parents, single ones, tutors, persons in charge and contacts', () => {
    between(
      share(families, (family) => family.shape === 'separated'),
      0.2,
      0.28,
    );
    between(
      share(families, (family) => family.shape === 'single'),
      0.06,
      0.11,
    );
    between(
      share(families, (family) => family.shape === 'tutor'),
      0.005,
      0.03,
    );
    const links = pupils.flatMap((pupil) => pupil.links);
    between(
      share(links, (link) => link.legal === '2'),
      0.01,
      0.05,
    );
    between(
      share(links, (link) => link.legal === '0'),
      0.02,
      0.1,
    );
    expect(families.every(legal)).toBe(true);
    const apart = families.filter((family) => family.shape === 'separated');
    // Two addresses drawn apart may be the same by chance.
    between(
      share(apart, (family) => new Set(family.relatives.map((one) => one.address.lines)).size > 1),
      0.99,
      1,
    );
  });

  it('has families of several children in several schools', () => {
    between(
      share(families, (family) => family.pupils.length > 1),
      0.4,
      0.6,
    );
    between(
      share(families, (family) => new Set(family.pupils.map((one) => one.school.key)).size > 1),
      0.15,
      0.45,
    );
    expect(Math.max(...families.map((family) => family.pupils.length))).toBe(4);
  });

  it('seats everybody in a class of their level, in classes of ordinary size', () => {
    const sizes = new Map<string, number>();
    for (const pupil of pupils) {
      expect(pupil.division.levels).toContain(pupil.level);
      expect(pupil.school.classes).toContain(pupil.division);
      const name = `${pupil.school.key} ${pupil.division.code}`;
      sizes.set(name, (sizes.get(name) ?? 0) + 1);
    }
    expect(sizes.size).toBe(population.schools.reduce((sum, school) => sum + school.classes.length, 0));
    between(Math.min(...sizes.values()), 10, 30);
    between(Math.max(...sizes.values()), 20, 42);
  });

  it('puts pupils in groups across classes, one second language each from the fifth class on', () => {
    const older = pupils.filter((pupil) => pupil.level >= 9);
    for (const pupil of older) {
      expect(pupil.groups.filter((group) => /ESP|ALL|ITA/.test(group.code))).toHaveLength(1);
      for (const group of pupil.groups) expect(group.classes).toContain(pupil.division.code);
    }
    const origins = new Map<string, Set<string>>();
    for (const pupil of older)
      for (const group of pupil.groups) {
        const name = `${pupil.school.key} ${group.code}`;
        origins.set(name, (origins.get(name) ?? new Set()).add(pupil.division.code));
      }
    between(
      share([...origins.values()], (classes) => classes.size > 1),
      0.5,
      1,
    );
  });

  it('gives pupils ages that fit their level, with a few a year ahead or behind', () => {
    const late = (pupil: Pupil) => 2026 - 3 - pupil.level - Number(pupil.birthDate.slice(-4));
    for (const pupil of pupils) between(late(pupil), -1, 1);
    between(
      share(pupils, (pupil) => late(pupil) === 1),
      0.03,
      0.08,
    );
    for (const pupil of pupils)
      expect(pupil.birthDate).toMatch(/^(0[1-9]|1\d|2[0-8])\/(0[1-9]|1[0-2])\/20\d\d$/);
  });

  it('has pupils without INE, relatives in no file, homonyms, and names that bite', () => {
    between(
      share(pupils, (pupil) => pupil.ine === ''),
      0.02,
      0.04,
    );
    const known = new Set(families.flatMap((family) => family.relatives.map((relative) => relative.key)));
    const missing = pupils.flatMap((pupil) => pupil.links).filter((link) => !known.has(link.key));
    between(missing.length, 1, 40);
    const born = (person: Person) => `${person.givenName} ${person.name} ${person.birthDate.slice(-4)}`;
    expect(new Set(pupils.map(born)).size).toBeLessThan(pupils.length - 20);
    const names = families.flatMap((family) => family.relatives.map((relative) => relative.name));
    for (const sign of ["'", '-', ' ', 'é', 'œ', 'Ö'])
      expect(names.some((name) => name.includes(sign))).toBe(true);
    expect(
      families.some((family) => family.relatives.some((relative) => relative.name !== relative.birthName)),
    ).toBe(true);
    expect(share(pupils, (pupil) => pupil.address.lines.endsWith('$$$'))).toBeGreaterThan(0.5);
  });

  it('has heads, CPE, AED, librarians, staff without structure, teachers in two schools', () => {
    const count = (code: string) =>
      staff.filter((person) => person.functions.some((post) => post.code === code)).length;
    for (const code of ['DIR', 'DEC', 'EDU', 'AED', 'DOC', 'ORI', 'ADF', 'AES', '-'])
      expect(count(code), code).toBeGreaterThan(0);
    between(
      share(staff, (person) => person.school === ''),
      0.08,
      0.25,
    );
    expect(staff.some((person) => new Set(person.teaching.map((one) => one.school)).size === 2)).toBe(true);
  });

  it('teaches every class of the second degree in every subject, by teachers of one to six classes and groups', () => {
    const taught = new Set<string>();
    for (const person of staff) {
      const divisions = new Set(
        person.teaching.map((one) => `${one.school} ${one.kind} ${one.division.code}`),
      );
      if (person.teaching.length > 0) between(divisions.size, 1, 6);
      for (const one of person.teaching)
        taught.add(`${one.school} ${one.kind} ${one.division.code} ${one.subject}`);
    }
    let checked = 0;
    for (const school of population.schools.filter((one) => one.degree === '2D')) {
      for (const division of school.classes)
        for (const [subject] of LEVELS[division.levels[0]!]!.common) {
          expect(taught.has(`${school.key} class ${division.code} ${subject}`)).toBe(true);
          checked += 1;
        }
      for (const group of school.groups)
        expect(taught.has(`${school.key} group ${group.code} ${group.subject}`)).toBe(true);
    }
    expect(checked).toBeGreaterThan(100);
  });

  it('gives each class of the second degree one head teacher, who teaches it', () => {
    const led = staff.flatMap((person) =>
      person.headTeacherOf.map(({ school, division }) => {
        expect(
          person.teaching.some((one) => one.school === school && one.division.code === division.code),
        ).toBe(true);
        return `${school} ${division.code}`;
      }),
    );
    const classes = population.schools
      .filter((school) => school.degree === '2D')
      .flatMap((school) => school.classes.map((division) => `${school.key} ${division.code}`));
    expect(led.toSorted()).toEqual(classes.toSorted());
  });
});
