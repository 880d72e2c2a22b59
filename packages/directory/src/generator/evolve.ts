import type { Family, Population, Pupil, RelativeLink, Staff } from './model.ts';
import { drawSurname } from './names.ts';
import { seedRandom, type Random } from './random.ts';
import { STREAM } from './streams.ts';

/** What happens to a population, day by day. */
export interface Course {
  readonly seed: string;
  /** Days over which it is spread. */
  readonly days: number;
  /** Share of the families, and of the staff, to whom something happens. */
  readonly share: number;
}

/** The population as it is `day` days after the first (0: as it was drawn). */
export function populationOn(population: Population, course: Course, day: number): Population {
  const randoms = seedRandom(course.seed);
  return {
    ...population,
    *families() {
      let index = 0;
      for (const family of population.families()) {
        yield evolveFamily(family, randoms.at(STREAM.familyYear, index), course, day);
        index += 1;
      }
    },
    *staff() {
      let index = 0;
      for (const person of population.staff()) {
        yield* evolveStaff(person, randoms.at(STREAM.staffYear, index), course, day);
        index += 1;
      }
    },
  };
}

/** A family with no pupil is one that has not come yet, or has left. */
function evolveFamily(family: Family, random: Random, course: Course, day: number): Family {
  if (!random.chance(course.share)) return family;
  const happens = 1 + random.below(course.days);
  const what = random.pick(FAMILY_CHANGES);
  const chosen = random.below(family.pupils.length);
  // A child who moves away is known until then; one who arrives is unknown until then.
  const after = day >= happens;
  const pupils = what({ pupils: family.pupils, chosen, after, random });
  return pupils === family.pupils ? family : { ...family, pupils, relatives: keepRelatives(family, pupils) };
}

interface FamilyChange {
  readonly pupils: readonly Pupil[];
  readonly chosen: number;
  readonly after: boolean;
  readonly random: Random;
}

const without = (pupils: readonly Pupil[], chosen: number) => pupils.filter((_, index) => index !== chosen);

function replace(change: FamilyChange, edit: (pupil: Pupil) => Pupil): readonly Pupil[] {
  if (!change.after) return change.pupils;
  return change.pupils.map((pupil, index) => (index === change.chosen ? edit(pupil) : pupil));
}

const FAMILY_CHANGES: readonly ((change: FamilyChange) => readonly Pupil[])[] = [
  // leaves
  ({ pupils, chosen, after }) => (after ? without(pupils, chosen) : pupils),
  // arrives
  ({ pupils, chosen, after }) => (after ? pupils : without(pupils, chosen)),
  // takes another name
  (change) => {
    const name = drawSurname(change.random);
    return replace(change, (pupil) => ({ ...pupil, name }));
  },
  // goes to another class of the same level
  (change) =>
    replace(change, (pupil) => {
      const classes = pupil.school.classes.filter((division) => division.levels.includes(pupil.level));
      return { ...pupil, division: change.random.pick(classes), groups: [] };
    }),
  // a tie is no longer the same
  (change) =>
    replace(change, (pupil) => {
      const [first, ...others] = pupil.links;
      if (!first) return pupil;
      // The first degree knows legal guardians only: there, the tie goes.
      const weaker: RelativeLink[] = pupil.school.degree === '2D' ? [{ ...first, legal: '2' }] : [];
      return { ...pupil, links: [...weaker, ...others] };
    }),
  // goes elsewhere in the same school by bus: nothing that the socle keeps
  (change) => replace(change, (pupil) => ({ ...pupil, transport: !pupil.transport })),
];

/** Relatives as long as a child of their degree is there; children who are there. */
function keepRelatives(family: Family, pupils: readonly Pupil[]): Family['relatives'] {
  const present = new Set(pupils.map(({ key }) => key));
  return family.relatives.flatMap((relative) => {
    const children = relative.children.filter((key) => present.has(key));
    return children.length === 0 ? [] : [{ ...relative, children }];
  });
}

function evolveStaff(person: Staff, random: Random, course: Course, day: number): Staff[] {
  if (!random.chance(course.share)) return [person];
  const after = day >= 1 + random.below(course.days);
  switch (random.below(5)) {
    case 0:
      return after ? [] : [person];
    case 1:
      return after ? [person] : [];
    case 2:
      return after ? [{ ...person, name: drawSurname(random), headTeacherOf: [] }] : [person];
    case 3:
      return after ? [{ ...person, teaching: person.teaching.slice(1) }] : [person];
    default:
      return after ? [{ ...person, mail: `${person.mail.replace('@', '.2@')}` }] : [person];
  }
}
