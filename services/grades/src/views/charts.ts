import { barChart, lineChart, nothing, type Fragment } from '@socle/pages';
import { scaleToTwenty } from '../domain/average.ts';
import { formatHundredths } from '../domain/decimal.ts';
import type { Band } from '../domain/statistics.ts';
import type { SubjectMarks } from '../reading/pupil-marks.ts';
import type { Wording } from './view.ts';
import { sayDay } from './words.ts';

/** How the marks of a class are spread, titled by where most of them are. */
export function distributionChart({ strings, language }: Wording, bands: readonly Band[]): Fragment {
  const fullest = bands.reduce((best, band) => (band.count > best.count ? band : best));
  const say = (hundredths: number) => formatHundredths(hundredths, language);
  return barChart({
    language,
    level: 2,
    title: strings.distribution.title(fullest.count, say(fullest.fromHundredths), say(fullest.toHundredths)),
    categoryTitle: strings.distribution.bandColumn,
    categories: bands.map((band) =>
      strings.distribution.band(say(band.fromHundredths), say(band.toHundredths)),
    ),
    series: [{ name: strings.distribution.pupilsColumn, values: bands.map((band) => band.count) }],
    min: 0,
    digits: 0,
    height: 220,
  });
}

/** A pupil's marks of one subject over time, over 20, beside the class's mean where it may be shown. */
export function subjectChart(wording: Wording, subject: SubjectMarks): Fragment {
  const { strings, language } = wording;
  if (!subject.trend) return nothing;
  const points = subject.marks.flatMap(({ assessment, mark, figures }) => {
    const value = scaleToTwenty(mark, assessment.scale);
    if (value === undefined) return [];
    return [{ day: assessment.heldOn, value, mean: figures && (figures.mean * 20) / assessment.scale }];
  });
  const means = points.map(({ mean }) => (mean === undefined ? null : mean / 100));
  return lineChart({
    language,
    level: 3,
    title: strings.trends[subject.trend](subject.name),
    categoryTitle: strings.pupilColumns.day,
    categories: points.map(({ day }) => sayDay(wording, day)),
    series: [
      { name: strings.pupil.chartValue, values: points.map(({ value }) => value / 100) },
      ...(means.some((mean) => mean !== null) ? [{ name: strings.pupil.chartMean, values: means }] : []),
    ],
    min: 0,
    max: 20,
    digits: 2,
    height: 200,
  });
}
