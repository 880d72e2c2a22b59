import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAudit, type Audit } from './audit.ts';
import { buildSampleEvent, openTestLog, sampleActions, type TestLog } from './testing/open-test-log.ts';

describe('usage events (class C)', () => {
  let log: TestLog;
  let audit: Audit;
  beforeAll(async () => {
    log = await openTestLog();
    await log.sequencer.close();
    audit = openAudit({
      database: log.test.app,
      clock: log.clock,
      actions: [sampleActions],
      usageLimit: 3,
      usageLookMs: 0,
    });
  });
  afterAll(async () => {
    await audit.close();
    await log.close();
  });

  const usage = () => buildSampleEvent({ action: 'sample.page.shown', detail: {} });
  const count = async (action: string) =>
    (
      await log.test
        .openAdmin()
        .query<{ detail: unknown }>(
          "SELECT convert_from(payload, 'UTF8')::jsonb->'detail' AS detail FROM audit.events WHERE action = $1",
          [action],
        )
    ).map(({ detail }) => detail);

  it('are dropped and counted while too many events wait, others never, and the gap is told', async () => {
    await audit.record(usage());
    for (let index = 0; index < 3; index += 1) await audit.record(buildSampleEvent());
    expect((await count('sample.page.shown')).length).toBe(1);
    await audit.record(usage());
    await log.test.app.transaction((tx) => audit.appendMany(tx, [usage(), usage(), buildSampleEvent()]));
    expect((await count('sample.page.shown')).length).toBe(1);
    expect((await count('sample.record.read')).length).toBe(4);
    expect(await count('audit.usage.dropped')).toEqual([]);

    await log.test.openAdmin().query('DELETE FROM audit.pending');
    await audit.record(usage());
    expect((await count('sample.page.shown')).length).toBe(2);
    expect(await count('audit.usage.dropped')).toEqual([
      { count: 3, from: '2026-11-23T10:00:00.000Z', to: '2026-11-23T10:00:00.000Z' },
    ]);
  });
});
