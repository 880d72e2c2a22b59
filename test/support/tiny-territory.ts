import { buildPopulation, writeFeed, type WrittenFeed } from '@socle/directory';

/** Writes the smallest useful feed: one collège, two classes of the fourth (4A, 4B), 40 pupils, their relatives, the staff. */
export async function writeTinyTerritory(folder: string, date: Date, academy = '99'): Promise<WrittenFeed> {
  const population = buildPopulation({
    plan: {
      pupils: 40,
      schools: [{ kind: 'college', name: 'Le Phare', classes: [{ levels: [10], count: 2 }] }],
      weights: Array<number>(15).fill(1),
    },
    seed: 'tiny territory',
    date,
  });
  return writeFeed({ folder, population, academy, date });
}
