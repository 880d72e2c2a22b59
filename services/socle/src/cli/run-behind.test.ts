import { describe, expect, it } from 'vitest';
import { compareProcessorTime, readProcessorTime } from './processor-time.ts';
import { waitAfter } from './run-behind.ts';

describe('an import behind people who sign in', () => {
  it('waits when others use the processors and nothing is left over, and not otherwise', () => {
    expect(waitAfter(200, { others: 1.2, idleShare: 0.1 })).toBe(1_000);
    expect(waitAfter(60_000, { others: 1.2, idleShare: 0.1 })).toBe(5_000);
    expect(waitAfter(200, { others: 0.2, idleShare: 0.1 })).toBe(0);
    expect(waitAfter(200, { others: 1.2, idleShare: 0.5 })).toBe(0);
  });

  it('tells its own use from that of others', () => {
    const before = { at: 0, busy: 100, idle: 50, own: 60 };
    expect(compareProcessorTime(before, { at: 1_000, busy: 1_900, idle: 250, own: 1_060 })).toEqual({
      others: 0.8,
      idleShare: 0.1,
    });
  });

  it('reads what the system counts for this process, and nothing where a process is not there', () => {
    const before = readProcessorTime([process.pid])!;
    let sum = 0;
    while (process.cpuUsage().user / 1000 < before.own + 40) sum += Math.sqrt(sum + 1);
    const after = readProcessorTime([process.pid])!;
    expect(sum).toBeGreaterThan(0);
    expect(after.own).toBeGreaterThan(before.own);
    expect(after.busy).toBeGreaterThanOrEqual(before.busy);
    expect(readProcessorTime([2 ** 30])).toBeUndefined();
  });
});
