import { refuse } from '../errors.ts';
import type { Population } from './model.ts';
import { planTerritory } from './plan.ts';
import { buildPopulation } from './population.ts';
import { writeFeed, type FeedProgress, type WrittenFeed } from './write-feed.ts';

export interface GenerateAafOptions {
  /** Where the files go; made when missing, refused when it holds XML files. */
  readonly folder: string;
  /** 1 to 5 000. One is a collège, two add a primary school, then a lycée in ten, two collèges in ten. */
  readonly schools: number;
  /** 1 to 2 000 000, all degrees together: exactly that many. */
  readonly pupils: number;
  /** Any text of at most 200 characters. */
  readonly seed: string;
  /** One to three digits. Default `99`, which no academy has. */
  readonly academy?: string;
  /** Day of the feed; ages fit its school year. */
  readonly date: Date;
  readonly onProgress?: (progress: FeedProgress) => void;
}

const MOST_SCHOOLS = 5_000;
const MOST_PUPILS = 2_000_000;

/**
 * Writes complete first- and second-degree AAF files of an invented territory: the same options give the same
 * bytes. Streams, so that memory does not grow with `pupils`. One pupil in 500 of the second degree names a
 * relative that no file holds.
 *
 * @throws DirectoryError `generator_options_invalid`, `generator_folder_not_empty`, `generator_write_failed`.
 */
export async function generateAaf(options: GenerateAafOptions): Promise<WrittenFeed> {
  const population = buildTerritory(options);
  const { folder, date, academy = '99', onProgress } = options;
  return writeFeed({ folder, population, academy, date, ...(onProgress ? { onProgress } : {}) });
}

/**
 * Invents the people of a territory of these options.
 *
 * @throws DirectoryError `generator_options_invalid`.
 */
export function buildTerritory(options: Omit<GenerateAafOptions, 'folder' | 'onProgress'>): Population {
  const { schools, pupils, seed, date, academy = '99' } = options;
  const check = (holds: boolean, message: string) => {
    if (!holds) throw refuse('generator_options_invalid', 422, message);
  };
  check(
    Number.isSafeInteger(schools) && schools >= 1 && schools <= MOST_SCHOOLS,
    `The number of schools is a whole number from 1 to ${MOST_SCHOOLS}.`,
  );
  check(
    Number.isSafeInteger(pupils) && pupils >= 1 && pupils <= MOST_PUPILS,
    `The number of pupils is a whole number from 1 to ${MOST_PUPILS}.`,
  );
  check(seed.length > 0 && seed.length <= 200, 'The seed is a text of 1 to 200 characters.');
  check(/^\d{1,3}$/.test(academy), 'The academy code is one to three digits.');
  check(!Number.isNaN(date.getTime()), 'The date is not a date.');
  const plan = planTerritory(schools, pupils);
  return buildPopulation({ plan, seed, date, missingRelatives: 1 / 500 });
}
