import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scales } from './assessment.ts';
import { computeAverage, computeMean, scaleToTwenty, type WeightedMark } from './average.ts';

function value(hundredths: number, coefficientHundredths = 100, scale: 5 | 10 | 20 | 100 = 20): WeightedMark {
  return { mark: { kind: 'value', hundredths }, scale, coefficientHundredths };
}

const weighted: fc.Arbitrary<WeightedMark> = fc.constantFrom(...scales).chain((scale) =>
  fc.record({
    mark: fc.option(
      fc.integer({ min: 0, max: scale * 100 }).map((hundredths) => ({ kind: 'value' as const, hundredths })),
      { nil: undefined },
    ),
    scale: fc.constant(scale),
    coefficientHundredths: fc.integer({ min: 0, max: 2000 }),
  }),
);

describe('the average of a pupil', () => {
  it('is nothing when no mark counts', () => {
    expect(computeAverage([])).toBeUndefined();
    expect(computeAverage([value(1500, 0)])).toBeUndefined();
    expect(
      computeAverage([{ mark: { kind: 'status', status: 'absent' }, scale: 20, coefficientHundredths: 100 }]),
    ).toBeUndefined();
  });

  it('weighs by coefficient', () => {
    expect(computeAverage([value(1000, 100), value(1600, 200)])).toBe(1400);
  });

  it('brings every scale to 20', () => {
    expect(computeAverage([value(750, 100, 10), value(400, 100, 5), value(8000, 100, 100)])).toBe(1567);
    expect(scaleToTwenty({ kind: 'value', hundredths: 333 }, 5)).toBe(1332);
  });

  it('does not count absences, exemptions and works not graded as zero', () => {
    const absent: WeightedMark = {
      mark: { kind: 'status', status: 'absent' },
      scale: 20,
      coefficientHundredths: 500,
    };
    expect(computeAverage([value(1300), absent])).toBe(1300);
    expect(computeAverage([value(1300), value(0, 500)])).toBe(217);
  });

  it('rounds half up and exactly: 10,125 is 10,13', () => {
    expect(computeAverage([value(1012), value(1013)])).toBe(1013);
    expect(computeMean([1000, 1001])).toBe(1001);
  });

  it('lies between the lowest and the highest mark, and does not depend on the order', () => {
    let seen = 0;
    fc.assert(
      fc.property(fc.array(weighted, { maxLength: 40 }), (marks) => {
        const average = computeAverage(marks);
        expect(computeAverage(marks.toReversed())).toBe(average);
        if (average === undefined) return;
        seen += 1;
        const counted = marks.filter((mark) => mark.coefficientHundredths > 0);
        const values = counted.flatMap(({ mark, scale }) => scaleToTwenty(mark, scale) ?? []);
        expect(average).toBeGreaterThanOrEqual(Math.min(...values));
        expect(average).toBeLessThanOrEqual(Math.max(...values));
      }),
      { numRuns: 1000 },
    );
    expect(seen).toBeGreaterThan(500);
  });
});

describe('the general average', () => {
  it('counts each subject once and leaves out those without a mark', () => {
    expect(computeMean([1200, undefined, 1500])).toBe(1350);
    expect(computeMean([undefined])).toBeUndefined();
  });
});
