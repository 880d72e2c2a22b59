import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestLog, type TestLog } from '../testing/open-test-log.ts';

const MINUTE_MS = 60_000;

describe('the drift of clocks', () => {
  let log: TestLog;
  beforeEach(async () => {
    log = await openTestLog();
  });
  afterEach(() => log.close());

  const in90Seconds = () => new Date(log.clock.now().getTime() + 90_000);
  const drift = () => log.sequencer.metrics().driftMs;

  it('is none while events come after they happened, however late', async () => {
    await log.append({}, { at: new Date(log.clock.now().getTime() - 60 * MINUTE_MS) });
    expect(drift()).toBe(0);
  });

  it('is how far an event says to be ahead, remembered over the batches of five minutes', async () => {
    await log.append({ at: in90Seconds() }, {});
    expect(drift()).toBe(90_000);
    log.clock.advanceSeconds(240);
    await log.append({});
    expect(drift()).toBe(90_000);
    log.clock.advanceSeconds(120);
    expect(drift()).toBe(0);
  });
});
