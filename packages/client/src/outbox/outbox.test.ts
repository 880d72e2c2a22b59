import { buildManualClock, silentLog, uuidv7 } from '@socle/base';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ClientError } from '../errors.ts';
import { migrations } from '../migrations.ts';
import type { ModuleDatabase } from '../module/module-database.ts';
import type { HttpAnswer } from '../socle/http.ts';
import type { ModuleActions, ModuleEvent } from './event.ts';
import { openOutbox, type Outbox } from './outbox.ts';

const actions: ModuleActions = {
  'absences.call.made': {
    class: 'A',
    title: { fr: 'Appel fait', en: 'Register taken' },
    detail: { count: 'integer', 'division?': 'id' },
  },
  'absences.list.sent': {
    class: 'C',
    title: { fr: 'Liste envoyée', en: 'List sent' },
    detail: { a: 'codes', b: 'codes', c: 'codes', d: 'codes' },
  },
};

interface Sent {
  id: string;
  at: string;
  [member: string]: unknown;
}

const codes = Array.from({ length: 32 }, () => 'x'.repeat(64));

describe('the outbox', () => {
  let test: TestDatabase;
  let database: ModuleDatabase;
  beforeAll(async () => {
    test = await openTestDatabase([migrations], { prefix: 'absences', extraLogins: [] });
    database = { ...test.app, name: 'absences' };
    await test.openAdmin().query('CREATE TABLE calls (id int); GRANT ALL ON calls TO absences_app');
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    await test.openAdmin().query('TRUNCATE client.outbox, calls');
  });

  /** The socle's side of the contract: takes an event once by its id; refuses those in `refused`. */
  function open(
    options: { limit?: number; answer?: (events: Sent[]) => HttpAnswer | Error | undefined } = {},
  ) {
    const clock = buildManualClock(new Date('2026-09-01T08:00:00Z'));
    const log: Sent[] = [];
    const rounds: number[] = [];
    const refused = new Set<string>();
    const outbox = openOutbox({
      issuer: 'http://localhost:1',
      clientId: 'absences',
      actions,
      database,
      clock,
      log: silentLog,
      limit: options.limit ?? 1_000,
      calls: {
        async request(request) {
          expect(request.url.pathname).toBe('/audit/v1/events');
          const { events } = request.body as { events: Sent[] };
          rounds.push(events.length);
          const forced = options.answer?.(events);
          if (forced instanceof Error) throw forced;
          if (forced) return forced;
          const accepted = events.filter((event) => !refused.has(event.id));
          for (const event of accepted) if (!log.some(({ id }) => id === event.id)) log.push(event);
          return {
            status: 200,
            body: {
              accepted: accepted.map(({ id }) => id),
              refused: events.filter(({ id }) => refused.has(id)).map(({ id }) => ({ id, why: 'detail' })),
            },
          };
        },
      },
    });
    return { outbox, clock, log, rounds, refused };
  }
  const call = (changes: Partial<ModuleEvent> = {}): ModuleEvent => ({
    action: 'absences.call.made',
    school: 'e1',
    detail: { count: 3 },
    ...changes,
  });
  const append = (outbox: Outbox, event = call()) => database.transaction((tx) => outbox.append(tx, event));
  async function drain(outbox: Outbox): Promise<void> {
    for (let round = await outbox.deliverOnce(); round.more; round = await outbox.deliverOnce());
  }

  it('queues an event if and only if the act commits', async () => {
    const { outbox } = open();
    await database.transaction(async (tx) => {
      await tx.query('INSERT INTO calls VALUES (1)');
      await outbox.append(tx, call());
    });
    await expect(
      database.transaction(async (tx) => {
        await tx.query('INSERT INTO calls VALUES (2)');
        await outbox.append(tx, call());
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await database.query('SELECT id FROM calls')).toEqual([{ id: 1 }]);
    expect((await outbox.status()).waiting).toBe(1);
  });

  it('delivers in the order of the queue, 100 at once at most, each event once', async () => {
    const { outbox, log, rounds } = open();
    const ids: string[] = [];
    for (let index = 0; index < 230; index += 1)
      ids.push(await append(outbox, call({ detail: { count: index } })));
    await drain(outbox);
    expect(log.map(({ id }) => id)).toEqual(ids);
    expect(rounds).toEqual([100, 100, 30]);
    expect(await outbox.status()).toEqual({ waiting: 0, refused: 0, oldestWaitingSeconds: 0 });
    expect(await outbox.deliverOnce()).toEqual({ delivered: 0, refused: 0, more: false });
  });

  it('sends who, what, when and for which school, in the form that the socle takes', async () => {
    const { outbox, log } = open();
    const session = { sub: 'p1', sid: 's1' } as ModuleEvent['session'];
    await append(
      outbox,
      call({
        ...(session ? { session } : {}),
        target: { kind: 'person', id: 'p2' },
        school: 'e1',
        reason: 'ABS-003',
      }),
    );
    await append(outbox);
    await drain(outbox);
    expect(log).toEqual([
      {
        id: expect.any(String),
        at: '2026-09-01T08:00:00.000Z',
        actor: { kind: 'person', id: 'p1' },
        session: 's1',
        action: 'absences.call.made',
        outcome: 'success',
        target: { kind: 'person', id: 'p2' },
        school: 'e1',
        reason: 'ABS-003',
        detail: { count: 3 },
      },
      expect.objectContaining({ actor: { kind: 'system', id: 'absences' } }),
    ]);
  });

  it('leaves everything waiting when the socle is down, and delivers it once it is back', async () => {
    let down = true;
    const { outbox, log, clock } = open({
      answer: () =>
        down ? new ClientError('socle_unavailable', { status: 503, publicMessage: 'down' }) : undefined,
    });
    await append(outbox);
    clock.advanceSeconds(90);
    await expect(outbox.deliverOnce()).rejects.toMatchObject({ code: 'socle_unavailable' });
    expect(await outbox.status()).toEqual({ waiting: 1, refused: 0, oldestWaitingSeconds: 90 });
    down = false;
    await drain(outbox);
    expect(log).toHaveLength(1);
  });

  it('delivers again what it could not note as delivered, and the log has it once', async () => {
    const { outbox, log } = open();
    const [one, two] = [await append(outbox), await append(outbox)];
    await drain(outbox);
    await test
      .openAdmin()
      .query("UPDATE client.outbox SET state = 'waiting', settled_at = NULL WHERE id = $1", [one]);
    expect(await outbox.deliverOnce()).toMatchObject({ delivered: 1 });
    expect(log.map(({ id }) => id)).toEqual([one, two]);
  });

  it('keeps an event once under its own id', async () => {
    const { outbox, log } = open();
    const id = uuidv7();
    await append(outbox, call({ id }));
    await append(outbox, call({ id }));
    await drain(outbox);
    expect(log.map((event) => event.id)).toEqual([id]);
  });

  it('keeps and counts what the socle refuses, and delivers the others', async () => {
    const { outbox, log, refused } = open();
    const [one, two, three] = [await append(outbox), await append(outbox), await append(outbox)];
    refused.add(two);
    expect(await outbox.deliverOnce()).toEqual({ delivered: 2, refused: 1, more: false });
    expect(log.map(({ id }) => id)).toEqual([one, three]);
    expect(await outbox.status()).toMatchObject({ waiting: 0, refused: 1 });
    expect(
      await database.query('SELECT id, refusal FROM client.outbox WHERE state = $1', ['refused']),
    ).toEqual([{ id: two, refusal: 'detail' }]);
  });

  it('finds the one event that makes the socle refuse a whole batch', async () => {
    const poison: string[] = [];
    const { outbox, log } = open({
      answer: (events) =>
        events.some(({ id }) => poison.includes(id)) ? { status: 400, body: {} } : undefined,
    });
    const ids: string[] = [];
    for (let index = 0; index < 9; index += 1) ids.push(await append(outbox));
    poison.push(ids[4]!);
    await drain(outbox);
    expect(log.map(({ id }) => id)).toEqual(ids.filter((id) => !poison.includes(id)));
    expect(await outbox.status()).toMatchObject({ waiting: 0, refused: 1 });
  });

  it.each([
    ['an answer that settles nothing', { status: 200, body: { accepted: [], refused: [] } }],
    ['an answer of another form', { status: 200, body: {} }],
    ['a refusal of the module itself', { status: 403, body: {} }],
  ])('loses nothing by %s', async (_title, answer) => {
    const { outbox } = open({ answer: () => answer });
    await append(outbox);
    await expect(outbox.deliverOnce()).rejects.toBeInstanceOf(ClientError);
    expect((await outbox.status()).waiting).toBe(1);
  });

  it('does not believe an answer about events that were not sent', async () => {
    const { outbox } = open({
      answer: (events) => ({ status: 200, body: { accepted: [events[0]!.id], refused: [] } }),
    });
    const [one, two] = [await append(outbox), await append(outbox)];
    expect(await outbox.deliverOnce()).toMatchObject({ delivered: 1 });
    expect(await database.query('SELECT id, state FROM client.outbox ORDER BY seq')).toEqual([
      { id: one, state: 'delivered' },
      { id: two, state: 'waiting' },
    ]);
  });

  it('refuses the act, typed, when too many events wait; and takes it again once they have left', async () => {
    const { outbox } = open({ limit: 3 });
    for (let index = 0; index < 3; index += 1) await append(outbox);
    const act = () =>
      database.transaction(async (tx) => {
        await tx.query('INSERT INTO calls VALUES (9)');
        await outbox.append(tx, call());
      });
    await expect(act()).rejects.toMatchObject({ code: 'audit_outbox_full', status: 503 });
    expect(await database.query('SELECT * FROM calls')).toEqual([]);
    await drain(outbox);
    await act();
    expect(await database.query('SELECT * FROM calls')).toHaveLength(1);
  });

  it('removes delivered events after a day, and never those that wait or were refused', async () => {
    const { outbox, clock, refused } = open();
    const [, two] = [await append(outbox), await append(outbox)];
    refused.add(two);
    await drain(outbox);
    clock.advanceSeconds(86_401);
    const waiting = await append(outbox);
    await outbox.deliverOnce();
    const rows = await database.query<{ id: string }>('SELECT id FROM client.outbox ORDER BY seq');
    expect(rows.map(({ id }) => id)).toEqual([two, waiting]);
  });

  it('lets one of several deliverers work, so that the order holds', async () => {
    const { outbox, log, rounds } = open();
    const ids: string[] = [];
    for (let index = 0; index < 50; index += 1) ids.push(await append(outbox));
    const results = await Promise.all(Array.from({ length: 4 }, () => outbox.deliverOnce()));
    expect(results.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(50);
    expect(rounds).toEqual([50]);
    expect(log.map(({ id }) => id)).toEqual(ids);
  });

  it('delivers by itself once started, soon after the act', async () => {
    let arrived = (_events: Sent[]) => {};
    const arrival = new Promise<Sent[]>((resolve) => (arrived = resolve));
    const { outbox } = open({
      answer: (events) => {
        arrived(events);
        return undefined;
      },
    });
    outbox.start();
    outbox.start();
    const id = await append(outbox);
    expect((await arrival).map((event) => event.id)).toEqual([id]);
    await outbox.stop();
    expect((await outbox.status()).waiting).toBe(0);
  });

  it.each([
    ['an unknown action', { action: 'absences.other.thing' }, 'unknown_action'],
    ['a name of Object’s own', { action: 'constructor' }, 'unknown_action'],
    ['a member that the action does not have', { detail: { count: 1, name: 'Zoé' } }, 'detail_unknown'],
    ['a missing member', { detail: {} }, 'detail_missing'],
    ['a member of another kind', { detail: { count: 1.5 } }, 'detail_kind'],
    ['a division that is no id', { detail: { count: 1, division: '6B' } }, 'detail_kind'],
    ['a reason that is a sentence', { reason: 'parce que Zoé' }, 'not_a_code'],
    ['an id that is none', { id: '1' }, 'id'],
    ['a purpose that is a sentence', { purpose: 'pour voir' }, 'not_a_code'],
    ['a target that is too long', { target: { kind: 'person', id: 'x'.repeat(129) } }, 'length'],
    [
      'more than 8 KiB',
      { action: 'absences.list.sent', detail: { a: codes, b: codes, c: codes, d: codes } },
      'too_large',
    ],
    ['no school', { school: '' }, 'length'],
  ])('refuses at once an event with %s', async (_title, changes, why) => {
    const { outbox } = open();
    await expect(append(outbox, call(changes))).rejects.toMatchObject({
      code: 'audit_event_refused',
      details: { why },
    });
    expect((await outbox.status()).waiting).toBe(0);
  });
});
