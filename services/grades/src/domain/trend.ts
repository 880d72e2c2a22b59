import { divideRounded } from './decimal.ts';

/** Which way marks go over time. */
export type Trend = 'rising' | 'falling' | 'steady';

/** Fewer marks than this show no trend and are not worth a chart. */
const LEAST_MARKS_FOR_TREND = 3;

/** Half a year's marks that differ by less than this (in hundredths of 20) are steady. */
const NOTICEABLE_HUNDREDTHS = 100;

/**
 * Compares the later half of the marks (over 20, in hundredths, oldest first) with the earlier half; a middle mark
 * counts in neither. Undefined under three marks.
 */
export function findTrend(hundredths: readonly number[]): Trend | undefined {
  if (hundredths.length < LEAST_MARKS_FOR_TREND) return undefined;
  const half = Math.floor(hundredths.length / 2);
  const mean = (values: readonly number[]) =>
    divideRounded(
      values.reduce((sum, value) => sum + value, 0),
      half,
    );
  const change = mean(hundredths.slice(-half)) - mean(hundredths.slice(0, half));
  if (Math.abs(change) < NOTICEABLE_HUNDREDTHS) return 'steady';
  return change > 0 ? 'rising' : 'falling';
}
