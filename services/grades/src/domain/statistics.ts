import { computeMean } from './average.ts';
import type { Scale } from './assessment.ts';
import type { Mark } from './mark.ts';

/** What a class did at one assessment, on the assessment's own scale, in hundredths. */
export interface ClassFigures {
  /** How many pupils have a value. */
  readonly count: number;
  readonly mean: number;
  readonly lowest: number;
  readonly highest: number;
}

/** Under this many values, figures of a class would tell one pupil's mark to another. */
export const LEAST_PUPILS_FOR_FIGURES = 5;

/** Mean, lowest and highest of the values; undefined when there is none. Only for those who may read each mark. */
export function computeFigures(marks: readonly (Mark | undefined)[]): ClassFigures | undefined {
  const values = marks.flatMap((mark) => (mark?.kind === 'value' ? [mark.hundredths] : []));
  const mean = computeMean(values);
  if (mean === undefined) return undefined;
  return { count: values.length, mean, lowest: Math.min(...values), highest: Math.max(...values) };
}

/** The same figures for a pupil or a parent: undefined under `leastPupils` values (LINDDUN: identifying). */
export function discloseFigures(
  figures: ClassFigures | undefined,
  leastPupils: number = LEAST_PUPILS_FOR_FIGURES,
): ClassFigures | undefined {
  return figures && figures.count >= leastPupils ? figures : undefined;
}

/** One bar of a distribution: values from `fromHundredths` to below `toHundredths` (the last bar holds its end). */
export interface Band {
  readonly fromHundredths: number;
  readonly toHundredths: number;
  readonly count: number;
}

/** How many bars a distribution has, whatever the scale. */
const BANDS = 5;

/** Counts values in five equal bands of the scale. */
export function computeDistribution(marks: readonly (Mark | undefined)[], scale: Scale): Band[] {
  const width = (scale * 100) / BANDS;
  const counts = Array.from({ length: BANDS }, () => 0);
  for (const mark of marks) {
    if (mark?.kind !== 'value') continue;
    const band = Math.min(BANDS - 1, Math.floor(mark.hundredths / width));
    counts[band] = (counts[band] ?? 0) + 1;
  }
  return counts.map((count, band) => ({
    fromHundredths: band * width,
    toHundredths: (band + 1) * width,
    count,
  }));
}
