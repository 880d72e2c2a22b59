import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findTrend } from './trend.ts';

describe('the trend of marks', () => {
  it('is not told from two marks', () => {
    expect(findTrend([500, 1900])).toBeUndefined();
  });

  it.each([
    [[1000, 1200, 1400], 'rising'],
    [[1400, 1200, 1000], 'falling'],
    [[1200, 500, 1250], 'steady'],
    [[1000, 1100, 1300, 1500], 'rising'],
  ] as const)('of %j is %s', (marks, trend) => {
    expect(findTrend(marks)).toBe(trend);
  });

  it('turns round with the marks', () => {
    const opposite = { rising: 'falling', falling: 'rising', steady: 'steady' } as const;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 3, maxLength: 30 }), (marks) => {
        expect(findTrend(marks.toReversed())).toBe(opposite[findTrend(marks)!]);
      }),
    );
  });
});
