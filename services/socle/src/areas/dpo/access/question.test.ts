import { describe, expect, it } from 'vitest';
import { periodOf, readQuestion } from './question.ts';

const ask = (now: string, query: Readonly<Record<string, string>> = {}) =>
  readQuestion({ now: new Date(now), query: (name) => query[name] });

describe('the period of a question to the log', () => {
  it('ends with today where the schools stand, also between midnight in Paris and midnight in Greenwich', () => {
    expect(ask('2026-11-23T23:32:00Z')).toMatchObject({ to: '2026-11-24', from: '2026-10-25' });
    expect(ask('2026-11-23T22:32:00Z').to).toBe('2026-11-23');
  });

  it('runs from midnight to midnight in Paris, in winter, in summer and over the change', () => {
    const period = (from: string, to: string) =>
      periodOf(ask('2026-11-23T10:00:00Z', { 'period-from': from, 'period-to': to }));
    expect(period('2026-11-02', '2026-11-03')).toEqual({
      from: new Date('2026-11-01T23:00:00Z'),
      to: new Date('2026-11-03T23:00:00Z'),
    });
    expect(period('2026-07-01', '2026-07-01')).toEqual({
      from: new Date('2026-06-30T22:00:00Z'),
      to: new Date('2026-07-01T22:00:00Z'),
    });
    expect(period('2026-10-24', '2026-10-25')).toEqual({
      from: new Date('2026-10-23T22:00:00Z'),
      to: new Date('2026-10-25T23:00:00Z'),
    });
  });

  it('is one day when its end comes before its start, and takes no day that does not exist', () => {
    const back = periodOf(
      ask('2026-11-23T10:00:00Z', { 'period-from': '2026-11-05', 'period-to': '2026-11-01' }),
    );
    expect(back.to.getTime() - back.from.getTime()).toBe(86_400_000);
    const odd = periodOf(ask('2026-11-23T10:00:00Z', { 'period-from': '2026-99-99' }));
    expect(Number.isNaN(odd.from.getTime())).toBe(false);
  });
});
