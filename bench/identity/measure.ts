import type { Flow } from './flows.ts';
import { openCaller } from './http-caller.ts';
import type { Served } from './served.ts';

/** What one turn of a flow costs. */
export interface FlowCost {
  /** CPU of the service, all threads, in ms. */
  readonly serviceMs: number;
  readonly databaseMs: number;
  readonly perSecond: number;
}

const CALLERS = 8;
const WARM_UP_MS = 3_000;
const WINDOWS = 3;

/**
 * Runs a flow with eight callers; what they did while the code was still being compiled is left out. Of three windows the
 * one with the least CPU counts: whatever else runs on the machine only ever adds to it.
 */
export async function measureFlow(served: Served, flow: Flow, windowMs: number): Promise<FlowCost> {
  const caller = openCaller(served.issuer);
  try {
    const turns: (() => Promise<void>)[] = [];
    for (let n = 0; n < CALLERS; n += 1) turns.push(await flow.open(served, caller, n));
    await repeat(turns, WARM_UP_MS);
    const costs: FlowCost[] = [];
    for (let n = 0; n < WINDOWS; n += 1) costs.push(await measureWindow(served, turns, windowMs));
    return costs.reduce((least, cost) => (cost.serviceMs < least.serviceMs ? cost : least));
  } finally {
    caller.close();
  }
}

async function measureWindow(
  served: Served,
  turns: readonly (() => Promise<void>)[],
  windowMs: number,
): Promise<FlowCost> {
  const before = await served.cost();
  const { done, elapsedMs } = await repeat(turns, windowMs);
  const after = await served.cost();
  return {
    serviceMs: (after.service - before.service) / done,
    databaseMs: (after.database - before.database) / done,
    perSecond: (done * 1_000) / elapsedMs,
  };
}

/** Each turn again and again, side by side, for so long. */
export async function repeat(
  turns: readonly (() => Promise<void>)[],
  milliseconds: number,
): Promise<{ done: number; elapsedMs: number }> {
  const startedAt = performance.now();
  let done = 0;
  await Promise.all(
    turns.map(async (turn) => {
      while (performance.now() - startedAt < milliseconds) {
        await turn();
        done += 1;
      }
    }),
  );
  return { done, elapsedMs: performance.now() - startedAt };
}
