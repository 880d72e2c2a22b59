import {
  buildPopulation,
  writeFeed,
  type Population,
  type TerritoryPlan,
  type WrittenFeed,
} from '@socle/directory';
import { castFamilies } from './cast-families.ts';
import { castStaff } from './cast-staff.ts';

/** Code of the demo academy, which no academy has. */
export const DEMO_ACADEMY = '99';

const classesOf = (levels: readonly number[], count: number) =>
  levels.map((level) => ({ levels: [level], count }));

/** One nursery-and-primary school, one collège, one lycée; about 600 pupils with the demo families. */
const PLAN: TerritoryPlan = {
  pupils: 595,
  schools: [
    { kind: 'ecole', name: 'Les Hirondelles', classes: classesOf([0, 1, 2, 3, 4, 5, 6, 7], 1) },
    { kind: 'college', name: 'La Belle Étoile', classes: classesOf([8, 9, 10, 11], 2) },
    { kind: 'lycee', name: "L'Odyssée", classes: classesOf([12, 13, 14], 2) },
  ],
  weights: [...Array<number>(8).fill(0.5), ...Array<number>(4).fill(1.2), ...Array<number>(3).fill(1.2)],
};

/** The people of the demo territory on `date`: an invented crowd, with the demo people among them. */
export function buildDemoPopulation(date: Date): Population {
  const crowd = buildPopulation({ plan: PLAN, seed: 'socle demo territory', date });
  const families = castFamilies(crowd, date);
  return {
    schools: crowd.schools,
    pupilCount: crowd.pupilCount + families.reduce((sum, family) => sum + family.pupils.length, 0),
    *families() {
      yield* families;
      yield* crowd.families();
    },
    staff: () => castStaff(crowd.staff()),
  };
}

/**
 * Writes the AAF files of the demo territory, both degrees, into `folder` (new or without XML files).
 * The same date gives the same bytes; ages fit the date's school year.
 *
 * @throws DirectoryError `generator_folder_not_empty`, `generator_write_failed`.
 */
export async function writeDemoTerritory(folder: string, date: Date): Promise<WrittenFeed> {
  return writeFeed({ folder, population: buildDemoPopulation(date), academy: DEMO_ACADEMY, date });
}
