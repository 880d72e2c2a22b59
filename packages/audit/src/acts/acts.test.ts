import { readFile } from 'node:fs/promises';
import type { EventId, PersonId } from '@socle/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestLog, type TestLog } from '../testing/open-test-log.ts';
import { verifyExport } from '../verifier/verify-export.ts';
import { forgetPerson } from './forget-person.ts';
import { liftHold, placeHold } from './holds.ts';
import { purgeMonths } from './purge-months.ts';
import { redactEvent } from './redact-event.ts';
import { sealMonth } from './seal-month.ts';

const CLAIRE = '018f3c1e-7a00-7000-8000-0000000000c1' as PersonId;
const HELENE = '018f3c1e-7a00-7000-8000-0000000000c2' as PersonId;
const NOE = '018f3c1e-7a00-7000-8000-0000000000aa' as PersonId;

describe('acts on the log', () => {
  let log: TestLog;
  let ids: EventId[];
  beforeAll(async () => {
    log = await openTestLog();
    ids = await log.append({}, { purpose: 'Fiche de « Zoé »' }, {}, {});
  });
  afterAll(() => log.close());

  const by = () => ({
    database: log.test.app,
    audit: log.audit,
    actor: { kind: 'system', id: 'test' } as const,
    controller: 'academie-99',
  });
  const redact = (change: Partial<Parameters<typeof redactEvent>[0]> = {}) =>
    redactEvent({
      ...by(),
      eventId: ids[1]!,
      requester: CLAIRE,
      approver: HELENE,
      reason: 'court-order',
      ...change,
    });
  const verify = async () => {
    await log.sequencer.flush();
    const folder = await log.export();
    const verdict = verifyExport(folder, { vkey: log.signer.verifierKey, witness: log.witnessFile });
    return { ...verdict, text: await readFile(`${folder}/events.ndjson`, 'utf8') };
  };

  describe('redactEvent', () => {
    it('refuses one person alone, an unknown event, and what the log tells of itself', async () => {
      await expect(redact({ approver: CLAIRE })).rejects.toMatchObject({ code: 'audit_two_people_needed' });
      await expect(
        redact({ eventId: '018f3c1e-7a00-7000-8000-0000000000ee' as EventId }),
      ).rejects.toMatchObject({
        code: 'audit_event_not_found',
      });
      await log.export();
      await log.sequencer.flush();
      const [own] = await log.test
        .openAdmin()
        .query<{ id: EventId }>("SELECT id FROM audit.events WHERE action = 'audit.log.exported' LIMIT 1");
      await expect(redact({ eventId: own!.id })).rejects.toMatchObject({ code: 'audit_act_refused' });
      expect((await verify()).word).toBe('ok');
    });

    it('refuses an event under a legal hold, until the hold is lifted', async () => {
      const hold = await placeHold({ ...by(), from: '2026-11-01', to: '2026-11-30', reason: 'inquiry' });
      await expect(redact()).rejects.toMatchObject({ code: 'audit_act_refused', status: 409 });
      expect(await liftHold({ ...by(), hold, reason: 'inquiry-closed' })).toBe(true);
      expect(await liftHold({ ...by(), hold, reason: 'inquiry-closed' })).toBe(false);
      const before = await verify();
      expect(before).toMatchObject({ word: 'ok' });
      expect(before.text).toContain('Zoé');
      // an order that was not carried out would explain a deletion by somebody else
      expect(before.text).not.toContain('audit.event.redacted');
    });

    it('deletes the content, keeps the proof, and tells who, who approved and why', async () => {
      expect(await redact()).toMatchObject({ leaf: 1, done: true });
      expect(await redact()).toMatchObject({ leaf: 1, done: false });
      const after = await verify();
      expect(after).toMatchObject({ word: 'redacted', exitCode: 10, redacted: 1 });
      expect(after.text).not.toContain('Zoé');
      const order = after.text
        .split('\n')
        .findLast((line) => line.includes('"action":"audit.event.redacted"'))!;
      const { payload } = JSON.parse(order) as {
        payload: { actor: { id: string }; detail: { approver: string; leaf: number }; reason: string };
      };
      expect(payload.reason).toBe('court-order');
      expect(payload.detail.leaf).toBe(1);
      expect(payload.detail.approver).not.toBe(payload.actor.id);
    });
  });

  it('forgetPerson cuts the mapping, and everything still verifies', async () => {
    await log.append({ target: { kind: 'person', id: NOE } });
    const mapped = () =>
      log.test.app.query('SELECT pseudonym FROM audit.pseudonyms WHERE person_id = $1', [NOE]);
    expect((await mapped()).length).toBe(1);
    expect(await forgetPerson({ ...by(), person: NOE, reason: 'erasure' })).toBe(true);
    expect(await mapped()).toEqual([]);
    expect((await verify()).word).toBe('redacted');
  });
});

describe('retention', () => {
  let log: TestLog;
  beforeAll(async () => {
    log = await openTestLog();
    // a month that had its partition, and one that was never expected
    await log.test.openAdmin().query(`
      CREATE TABLE audit.events_2024_03 PARTITION OF audit.events
      FOR VALUES FROM (audit.first_id('2024-03-01Z')) TO (audit.first_id('2024-04-01Z'))`);
    await log.append(
      { at: new Date('2024-02-10T10:00:00.000Z') },
      { at: new Date('2024-03-01T00:00:00.000Z') },
      { at: new Date('2024-03-31T23:59:59.999Z') },
      { at: new Date('2024-04-01T00:00:00.000Z') },
      {},
    );
  });
  afterAll(() => log.close());

  const by = () => ({
    database: log.test.app,
    audit: log.audit,
    actor: { kind: 'system', id: 'retention' } as const,
    controller: 'academie-99',
    keys: log.signer,
    clock: log.clock,
  });
  const verify = async () => {
    await log.sequencer.flush();
    return verifyExport(await log.export(), { vkey: log.signer.verifierKey, witness: log.witnessFile });
  };

  it('refuses less than six months, and to seal a month that is not over', async () => {
    await expect(purgeMonths({ ...by(), retentionMonths: 5 })).rejects.toMatchObject({
      code: 'audit_act_refused',
    });
    await expect(sealMonth({ ...by(), month: '2999-01' })).rejects.toMatchObject({
      code: 'audit_act_refused',
    });
    await expect(sealMonth({ ...by(), month: '2024-13' })).rejects.toMatchObject({
      code: 'audit_act_refused',
    });
    expect((await verify()).word).toBe('ok');
  });

  it('seals months in a chain: counts, root, and the digest of the month before', async () => {
    const february = await sealMonth({ ...by(), month: '2024-02' });
    const march = await sealMonth({ ...by(), month: '2024-03' });
    expect([february.events, march.events]).toEqual([1, 2]);
    expect(await sealMonth({ ...by(), month: '2024-03' })).toEqual(march);
    const rows = await log.test.app.query<{ manifest: string; note: string }>(
      'SELECT manifest, note FROM audit.seals ORDER BY month',
    );
    expect(JSON.parse(rows[1]!.manifest)).toMatchObject({
      from: '2024-03-01',
      to: '2024-03-31',
      count: 2,
      classes: { A: 2 },
      firstLeaf: 1,
      lastLeaf: 2,
      previous: february.digest,
    });
    expect(rows[1]!.note).toContain(march.digest);
  });

  it('says what it would purge, leaves a month under a hold whole, and purges the rest', async () => {
    await placeHold({ ...by(), from: '2024-04-01', to: '2024-04-01', reason: 'inquiry' });
    expect(await purgeMonths({ ...by(), dryRun: true })).toEqual([
      { month: '2024-02', events: 1, outcome: 'would_be_purged' },
      { month: '2024-03', events: 2, outcome: 'would_be_purged' },
      { month: '2024-04', events: 1, outcome: 'held' },
    ]);
    expect(await purgeMonths(by())).toEqual([
      { month: '2024-02', events: 1, outcome: 'purged' },
      { month: '2024-03', events: 2, outcome: 'purged' },
      { month: '2024-04', events: 1, outcome: 'held' },
    ]);
    const [rest] = await log.test
      .openAdmin()
      .query<{ old: number; partition: string | null }>(
        "SELECT (SELECT count(*)::int FROM audit.events WHERE day < '2024-04-01') AS old, to_regclass('audit.events_2024_03')::text AS partition",
      );
    expect(rest).toEqual({ old: 0, partition: null });
    expect(await verify()).toMatchObject({ word: 'purged', exitCode: 11, purged: 3 });
    expect(await purgeMonths(by())).toEqual([{ month: '2024-04', events: 1, outcome: 'held' }]);
  });

  it('keeps what explains an absence, however old', async () => {
    const admin = log.test.openAdmin();
    const [row] = await admin.query<{ kept: number }>(
      "SELECT count(*)::int AS kept FROM audit.events WHERE action IN ('audit.period.purged', 'audit.period.sealed')",
    );
    expect(row!.kept).toBe(4);
  });
});
