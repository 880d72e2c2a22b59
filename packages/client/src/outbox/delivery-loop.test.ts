import { silentLog } from '@socle/base';
import { describe, expect, it } from 'vitest';
import { backoffMs, openDeliveryLoop } from './delivery-loop.ts';

describe('the delivery loop', () => {
  it('goes on at once while batches are full, and stops when told', async () => {
    let rounds = 0;
    let done = () => {};
    const emptied = new Promise<void>((resolve) => (done = resolve));
    const loop = openDeliveryLoop(async () => {
      rounds += 1;
      if (rounds === 5) done();
      return { delivered: 100, refused: 0, more: rounds < 5 };
    }, silentLog);
    loop.start();
    await emptied;
    await loop.stop();
    expect(rounds).toBe(5);
  });

  it('looks again when something was queued while it was delivering', async () => {
    let rounds = 0;
    let done = () => {};
    const second = new Promise<void>((resolve) => (done = resolve));
    const loop = openDeliveryLoop(async () => {
      rounds += 1;
      if (rounds === 1) loop.wake();
      else done();
      return { delivered: 0, refused: 0, more: false };
    }, silentLog);
    loop.start();
    await second;
    await loop.stop();
    expect(rounds).toBe(2);
  });

  it('does not hurry to a socle that is down because more events come', async () => {
    let rounds = 0;
    let failed = () => {};
    const first = new Promise<void>((resolve) => (failed = resolve));
    const loop = openDeliveryLoop(async () => {
      rounds += 1;
      failed();
      throw new Error('down');
    }, silentLog);
    loop.start();
    await first;
    for (let index = 0; index < 50; index += 1) {
      loop.wake();
      await new Promise(setImmediate);
    }
    expect(rounds).toBe(1);
    await loop.stop();
  });

  it('waits longer after each failure, up to a minute, never in step', () => {
    const spread = (failures: number) => Array.from({ length: 200 }, () => backoffMs(failures));
    for (const [failures, full] of [
      [1, 500],
      [2, 1_000],
      [5, 8_000],
      [8, 60_000],
      [1_000, 60_000],
    ] as const) {
      const waits = spread(failures);
      expect(Math.max(...waits)).toBeLessThanOrEqual(full);
      expect(Math.min(...waits)).toBeGreaterThanOrEqual(full * 0.75);
      expect(new Set(waits).size).toBeGreaterThan(100);
    }
  });
});
