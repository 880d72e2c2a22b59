import path from 'node:path';
import { refuse } from '../errors.ts';
import { populationOn } from './evolve.ts';
import { buildTerritory, type GenerateAafOptions } from './generate-aaf.ts';
import { writeDelta, type WrittenDelta } from './write-delta.ts';
import { writeFeed, type WrittenFeed } from './write-feed.ts';

export interface GenerateSeriesOptions extends Omit<GenerateAafOptions, 'onProgress'> {
  /** Days after the first, each with a delta: 1 to 366. */
  readonly days: number;
  /** Share of the families and of the staff to whom something happens in all. Default 0.1. */
  readonly share?: number;
  /** Called with the number of days written. */
  readonly onDay?: (day: number) => void;
}

export interface WrittenSeries {
  /** The complete feed of the first day. */
  readonly first: WrittenFeed & { readonly folder: string };
  readonly deltas: readonly (WrittenDelta & { readonly folder: string; readonly date: Date })[];
  /** The complete feed of the last day: what the first and all deltas together must come to. */
  readonly last: WrittenFeed & { readonly folder: string };
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Writes a complete feed, a delta for each day that follows, and the complete feed of the last day, each in a folder of
 * its own (`2026-09-01-complete`, `2026-09-02-delta`, …). The same options give the same bytes.
 *
 * @throws DirectoryError as generateAaf.
 */
export async function generateSeries(options: GenerateSeriesOptions): Promise<WrittenSeries> {
  const { seed, date, days, academy = '99' } = options;
  if (!Number.isSafeInteger(days) || days < 1 || days > 366)
    throw refuse('generator_options_invalid', 422, 'The number of days is a whole number from 1 to 366.');
  const drawn = buildTerritory(options);
  const course = { seed, days, share: options.share ?? 0.1 };
  const on = (day: number) => ({
    population: populationOn(drawn, course, day),
    academy,
    date: new Date(date.getTime() + day * DAY_MS),
  });
  const folderOf = (at: Date, kind: string) =>
    path.join(options.folder, `${at.toISOString().slice(0, 10)}-${kind}`);
  const writeComplete = async (day: number) => {
    const folder = folderOf(on(day).date, 'complete');
    return { folder, ...(await writeFeed({ folder, ...on(day) })) };
  };
  const first = await writeComplete(0);
  const deltas: (WrittenDelta & { folder: string; date: Date })[] = [];
  for (let day = 1; day <= days; day += 1) {
    const { population, date: at } = on(day);
    const folder = folderOf(at, 'delta');
    const before = on(day - 1).population;
    deltas.push({
      folder,
      date: at,
      ...(await writeDelta({ folder, before, after: population, academy, date: at })),
    });
    options.onDay?.(day);
  }
  return { first, deltas, last: await writeComplete(days) };
}
