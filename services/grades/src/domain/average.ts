import { divideRounded } from './decimal.ts';
import type { Scale } from './assessment.ts';
import type { Mark } from './mark.ts';

/** A mark with what weighs it. */
export interface WeightedMark {
  readonly mark: Mark | undefined;
  readonly scale: Scale;
  readonly coefficientHundredths: number;
}

/**
 * The weighted average over 20, in hundredths, rounded half up; undefined when nothing counts.
 * Absences, exemptions and works not graded do not count, nor does a coefficient of zero.
 * All sums are of whole numbers, so the result does not depend on their order.
 */
export function computeAverage(marks: readonly WeightedMark[]): number | undefined {
  let weighted = 0;
  let weights = 0;
  for (const { mark, scale, coefficientHundredths } of marks) {
    if (mark?.kind !== 'value') continue;
    weighted += coefficientHundredths * mark.hundredths * (100 / scale);
    weights += coefficientHundredths * 5;
  }
  return weights === 0 ? undefined : divideRounded(weighted, weights);
}

/** The plain mean of averages over 20 (each subject counts once), in hundredths; undefined for none. */
export function computeMean(hundredths: readonly (number | undefined)[]): number | undefined {
  const known = hundredths.filter((value) => value !== undefined);
  if (known.length === 0) return undefined;
  return divideRounded(
    known.reduce((sum, value) => sum + value, 0),
    known.length,
  );
}

/** A mark's value over 20, in hundredths; undefined when it has no value. */
export function scaleToTwenty(mark: Mark | undefined, scale: Scale): number | undefined {
  return mark?.kind === 'value' ? divideRounded(mark.hundredths * 20, scale) : undefined;
}
