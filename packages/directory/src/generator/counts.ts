import type { Degree, Family, Population, Staff } from './model.ts';

/** What a feed holds, in the importer's words: compare the two exactly. */
export interface FeedCounts {
  readonly schools: number;
  readonly pupils: number;
  readonly relatives: number;
  readonly staff: number;
  readonly classes: number;
  readonly groups: number;
  readonly subjects: number;
  readonly mefs: number;
  /** Ties between pupils and relatives who are both in the feed. */
  readonly links: { readonly legal: number; readonly inCharge: number; readonly contact: number };
  /** Ties to a relative that no file holds (on purpose: it happens). */
  readonly missingRelatives: number;
  readonly teachers: number;
  readonly headTeachers: number;
  readonly staffWithoutSchool: number;
  readonly pupilsWithoutIne: number;
  readonly families: {
    readonly total: number;
    readonly separated: number;
    readonly severalChildren: number;
    readonly severalSchools: number;
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends object ? Mutable<T[K]> : T[K] };

/** Adds up what is written. */
export interface Tally {
  family(family: Family): void;
  staff(staff: Staff): void;
  result(): FeedCounts;
}

/** Starts at the schools of `population`; `degrees` says which ones count. */
export function openTally(
  population: Population,
  degrees: readonly Degree[],
  subjects: number,
  mefs: number,
): Tally {
  const schools = population.schools.filter((school) => degrees.includes(school.degree));
  const counts: Mutable<FeedCounts> = {
    schools: schools.length,
    pupils: 0,
    relatives: 0,
    staff: 0,
    classes: schools.reduce((sum, school) => sum + school.classes.length, 0),
    groups: schools.reduce((sum, school) => sum + school.groups.length, 0),
    subjects,
    mefs,
    links: { legal: 0, inCharge: 0, contact: 0 },
    missingRelatives: 0,
    teachers: 0,
    headTeachers: 0,
    staffWithoutSchool: 0,
    pupilsWithoutIne: 0,
    families: { total: 0, separated: 0, severalChildren: 0, severalSchools: 0 },
  };
  return {
    family({ shape, pupils, relatives }) {
      const { families, links } = counts;
      families.total += 1;
      if (shape === 'separated') families.separated += 1;
      if (pupils.length > 1) families.severalChildren += 1;
      if (pupils.some((pupil) => pupil.school !== pupils[0]!.school)) families.severalSchools += 1;
      counts.relatives += relatives.length;
      for (const pupil of pupils) {
        counts.pupils += 1;
        if (pupil.ine === '') counts.pupilsWithoutIne += 1;
        for (const link of pupil.links) {
          if (!relatives.some((relative) => relative.key === link.key)) counts.missingRelatives += 1;
          else if (link.legal === '1') links.legal += 1;
          else if (link.legal === '2') links.inCharge += 1;
          else links.contact += 1;
        }
      }
    },
    staff(person) {
      counts.staff += 1;
      if (person.teacher) counts.teachers += 1;
      if (person.headTeacherOf.length > 0) counts.headTeachers += 1;
      if (person.school === '') counts.staffWithoutSchool += 1;
    },
    result: () => counts,
  };
}
