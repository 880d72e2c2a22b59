import { describe, expect, it } from 'vitest';
import type { Mark } from './mark.ts';
import { computeDistribution, computeFigures, discloseFigures } from './statistics.ts';

const values = (...list: number[]): Mark[] => list.map((hundredths) => ({ kind: 'value', hundredths }));

describe('figures of a class', () => {
  it('are nothing without a value', () => {
    expect(computeFigures([undefined, { kind: 'status', status: 'absent' }])).toBeUndefined();
  });

  it('count values alone', () => {
    expect(computeFigures([...values(800, 1200), { kind: 'status', status: 'absent' }, undefined])).toEqual({
      count: 2,
      mean: 1000,
      lowest: 800,
      highest: 1200,
    });
  });

  it('are hidden from families under five values, whatever the size of the class', () => {
    const absent: Mark = { kind: 'status', status: 'absent' };
    const four = computeFigures([...values(800, 900, 1000, 1100), absent, absent, absent]);
    expect(four?.count).toBe(4);
    expect(discloseFigures(four)).toBeUndefined();
    const five = computeFigures(values(800, 900, 1000, 1100, 1200));
    expect(discloseFigures(five)).toEqual({ count: 5, mean: 1000, lowest: 800, highest: 1200 });
  });
});

describe('the distribution of an assessment', () => {
  it('has five bands whose ends belong to the band above, and the top to the last', () => {
    const bands = computeDistribution(values(0, 399, 400, 1600, 2000), 20);
    expect(bands.map((band) => band.count)).toEqual([2, 1, 0, 0, 2]);
    expect(bands[0]).toEqual({ fromHundredths: 0, toHundredths: 400, count: 2 });
    expect(bands[4]).toEqual({ fromHundredths: 1600, toHundredths: 2000, count: 2 });
  });

  it('counts each value once on every scale', () => {
    for (const scale of [5, 10, 20, 100] as const) {
      const all = values(...Array.from({ length: 101 }, (_, index) => index * scale));
      const bands = computeDistribution(all, scale);
      expect(bands.reduce((sum, band) => sum + band.count, 0)).toBe(101);
      expect(bands.at(-1)?.toHundredths).toBe(scale * 100);
    }
  });
});
