import { openTestLog, type TestLog } from '@socle/audit/testing';
import { redactEvent, type NewEvent } from '@socle/audit';
import type { EventId, PersonId } from '@socle/base';
import { sqlState } from '@socle/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const DENIED = '42501';
const NO_ORDER = 'P0002';
const RESTRICTED = '23001';
const FIRST = '018f3c1e-7a00-7000-8000-0000000000c1' as PersonId;
const SECOND = '018f3c1e-7a00-7000-8000-0000000000c2' as PersonId;

describe('T-AUD-17 whoever holds the service’s login deletes content through the functions that may', () => {
  let log: TestLog;
  let victim: EventId;
  let leaf: number;
  beforeAll(async () => {
    log = await openTestLog();
    [victim] = (await log.append({}, {})) as [EventId, EventId];
    leaf = await log.audit.sealed(victim);
  });
  afterAll(() => log.close());

  /** An order as the service may write it, in the tree. */
  async function order(event: Partial<NewEvent>): Promise<EventId> {
    const [id] = await log.append({ target: { kind: 'audit.event', id: victim }, detail: {}, ...event });
    return id!;
  }

  async function attempt(act: string, ...values: unknown[]): Promise<string> {
    const parameters = values.map((_, index) => `$${index + 1}`).join(', ');
    return log.test.app.query(`SELECT audit.${act}(${parameters})`, values).then(
      () => 'done',
      (error: unknown) => sqlState(error) ?? 'something else',
    );
  }

  const countWhole = async () => {
    const rows = await log.test.openAdmin().query('SELECT FROM audit.events WHERE payload IS NULL');
    return rows.length;
  };

  it('is refused without an order in the tree, with another event as the order, or a failed one', async () => {
    const redaction: Partial<NewEvent> = {
      action: 'audit.event.redacted',
      actor: { kind: 'person', id: FIRST },
      reason: 'x',
      detail: { leaf, approver: SECOND },
    };
    expect(await attempt('redact', '018f3c1e-7a00-7000-8000-0000000000ee')).toBe(NO_ORDER);
    expect(await attempt('redact', victim)).toBe(NO_ORDER);
    expect(await attempt('redact', await order({ ...redaction, outcome: 'denied' }))).toBe(NO_ORDER);
    // written with columns of its own choice, around the library: the payload decides, and only from the tree
    const forged = '019f3c1e-7a00-7000-8000-0000000000ef';
    await log.test.app.query(
      `INSERT INTO audit.events (id, at, class, controller, action, actor, outcome, salt, payload)
       VALUES ($1, now(), 'A', 'x', 'audit.event.redacted', 'system:x', 'success', sha256(''), convert_to('{}', 'UTF8'))`,
      [forged],
    );
    expect(await attempt('redact', forged)).toBe(NO_ORDER);
    expect(await countWhole()).toBe(0);
  });

  it('is refused to one person, without a reason, and for an event that the order does not name', async () => {
    const two = { action: 'audit.event.redacted', actor: { kind: 'person', id: FIRST } } as const;
    const detail = { leaf, approver: SECOND };
    const orders: Partial<NewEvent>[] = [
      { ...two, reason: 'x', detail: { leaf, approver: FIRST } },
      { ...two, reason: 'x', detail: { leaf } },
      { ...two, detail },
      { ...two, actor: { kind: 'system', id: 'x' }, reason: 'x', detail },
    ];
    for (const given of orders) expect(await attempt('redact', await order(given))).toBe(RESTRICTED);
    const elsewhere = await order({ ...two, reason: 'x', detail: { leaf: leaf + 1, approver: SECOND } });
    expect(await attempt('redact', elsewhere)).toBe(NO_ORDER);
    expect(await countWhole()).toBe(0);
  });

  it('is refused for a month that is young, unsealed or no month, and for a seal of another manifest', async () => {
    const purge = (from: string, to: string) =>
      order({ action: 'audit.period.purged', detail: { from, to, count: 0 } });
    const [now] = await log.test.app.query<{ from: string; to: string; old: string }>(
      `SELECT date_trunc('month', now())::date::text AS from, audit.month_end(date_trunc('month', now())::date)::text AS to,
              (date_trunc('month', now()) - interval '6 months')::date::text AS old`,
    );
    const young = await purge(now!.from, now!.to);
    expect(await attempt('purge_month', young)).toBe(RESTRICTED);
    const [end] = await log.test.app.query<{ to: string }>('SELECT audit.month_end($1)::text AS to', [
      now!.old,
    ]);
    expect(await attempt('purge_month', await purge(now!.old, end!.to))).toBe(RESTRICTED);
    expect(await attempt('purge_month', await purge('2024-03-01', '2024-03-31'))).toBe(RESTRICTED);
    expect(await attempt('purge_month', await purge('2020-01-01', '2026-12-31'))).toBe(RESTRICTED);
    const sealing = await order({
      action: 'audit.period.sealed',
      detail: { from: '2024-03-01', to: '2024-03-31', count: 0, digest: '0'.repeat(64) },
    });
    expect(await attempt('seal_month', sealing, '{}', '')).toBe(RESTRICTED);
  });

  it('has no other way: the inner functions and the tables are closed', async () => {
    expect(await attempt('redact_event', victim)).toBe(DENIED);
    expect(await attempt('require_order', victim, 'x')).toBe(DENIED);
    for (const attack of [
      'DELETE FROM audit.holds',
      'UPDATE audit.holds SET lifted_by = order_id',
      'INSERT INTO audit.holds VALUES (gen_random_uuid(), now(), now())',
      'DELETE FROM audit.seals',
      'UPDATE audit.seals SET manifest = note',
      'UPDATE audit.leaves SET commitment = NULL',
    ]) {
      await expect(log.test.app.query(attack)).rejects.toMatchObject({ code: DENIED });
    }
    const sequencer = log.test.open('sequencer');
    await expect(sequencer.query('SELECT audit.redact($1)', [victim])).rejects.toMatchObject({
      code: DENIED,
    });
    await expect(sequencer.query('SELECT audit.purge_month($1)', [victim])).rejects.toMatchObject({
      code: DENIED,
    });
  });

  it('is possible for two people with a reason, and told', async () => {
    const done = await redactEvent({
      database: log.test.app,
      audit: log.audit,
      controller: 'academie-99',
      eventId: victim,
      requester: FIRST,
      approver: SECOND,
      reason: 'court-order',
    });
    expect(done).toMatchObject({ leaf, done: true });
    expect(await countWhole()).toBe(1);
  });
});
