import {
  buildPopulation,
  writeFeed,
  type InventedPupil,
  type InventedRelative,
  type InventedStaff,
  type Population,
} from '@socle/directory';

/** Changes to people of the territory; undefined leaves a person out. */
export interface Changes {
  readonly pupil?: (pupil: InventedPupil) => InventedPupil | undefined;
  readonly relative?: (relative: InventedRelative) => InventedRelative | undefined;
  readonly staff?: (staff: InventedStaff) => InventedStaff | undefined;
}

const BIRTHDAYS_OF = new Date('2026-09-14');

/** One collège of 120 pupils in two classes of the fourth and two of the third: the same people whatever the day. */
export const territory: Population = buildPopulation({
  plan: {
    pupils: 120,
    schools: [
      {
        kind: 'college',
        name: 'Le Phare',
        classes: [
          { levels: [10], count: 2 },
          { levels: [11], count: 2 },
        ],
      },
    ],
    weights: Array<number>(15).fill(1),
  },
  seed: 'changing territory',
  date: BIRTHDAYS_OF,
});

/** Writes the feed of a day, with `changes` made to its people. */
export async function writeChanged(folder: string, day: Date, changes: Changes = {}): Promise<void> {
  const keep = <T>(list: readonly T[], change: ((one: T) => T | undefined) | undefined): T[] =>
    list.flatMap((one) => {
      const changed = change ? change(one) : one;
      return changed === undefined ? [] : [changed];
    });
  const population: Population = {
    ...territory,
    *families() {
      for (const family of territory.families())
        yield {
          ...family,
          pupils: keep(family.pupils, changes.pupil),
          relatives: keep(family.relatives, changes.relative),
        };
    },
    staff: () => keep([...territory.staff()], changes.staff),
  };
  await writeFeed({ folder, population, academy: '99', date: day });
}
