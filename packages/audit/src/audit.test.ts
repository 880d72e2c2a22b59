import { buildManualClock, canonicalJson, newId, type EventId } from '@socle/base';
import { openDatabase } from '@socle/db';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openAudit, type Audit } from './audit.ts';
import type { NewEvent } from './event.ts';
import { migrations } from './index.ts';
import { buildSampleEvent, sampleActions } from './testing/events.ts';

const AT = new Date('2026-11-23T10:00:00.123Z');
const TEACHER = '018f3c1e-7a00-7000-8000-00000000000a';
const PUPIL = '018f3c1e-7a00-7000-8000-00000000000b';

describe('append', () => {
  let test: TestDatabase;
  let audit: Audit;
  const clock = buildManualClock(AT);

  beforeAll(async () => {
    test = await openTestDatabase([migrations]);
    audit = openAudit({ database: test.app, clock, actions: [sampleActions] });
  });
  afterAll(async () => {
    await audit.close();
    await test.close();
  });
  beforeEach(() => clock.set(AT));

  async function stored(id: EventId) {
    const rows = await test
      .openAdmin()
      .query<{ payload: Buffer; salt: Buffer; actor: string; target: string; day: string; class: string }>(
        'SELECT * FROM audit.events WHERE id = $1',
        [id],
      );
    return rows[0];
  }

  const append = (event: NewEvent) => test.app.transaction((tx) => audit.append(tx, event));

  describe('refuses', () => {
    const bad: [string, Partial<NewEvent> | Record<string, unknown>][] = [
      ['an unknown action', { action: 'sample.record.burnt' }],
      ['an action named like a member of every object', { action: '__proto__' }],
      ['a detail member the action does not allow', { detail: { name: 'Zoé' } }],
      ['a detail member named __proto__', { detail: JSON.parse('{"__proto__":"x"}') as never }],
      ['a detail member named constructor', { detail: { constructor: 'x' } as never }],
      ['the optional mark itself as a name', { detail: { 'count?': 1 } }],
      ['a missing detail member', { action: 'sample.session.opened', detail: {} }],
      ['a fraction where an integer is due', { detail: { count: 1.5 } }],
      ['a number beyond 2^53', { detail: { count: 2 ** 53 } }],
      ['a number that is not finite', { detail: { ratio: Number.NaN } }],
      ['a code with a space', { detail: { rule: 'a b' } }],
      ['a code of 65 characters', { detail: { rule: 'a'.repeat(65) } }],
      ['33 codes', { detail: { codes: Array<string>(33).fill('a') } }],
      ['a day that does not exist', { detail: { onDay: '2026-02-30' } }],
      ['an instant without milliseconds', { detail: { seenAt: '2026-01-01T00:00:00Z' } }],
      ['a person who is not a UUID', { detail: { pupil: 'Zoé' } }],
      ['a control character in the purpose', { purpose: 'contrôle\u0000annuel' }],
      ['a line feed in the purpose', { purpose: 'a\nb' }],
      ['a lone surrogate in the purpose', { purpose: 'a\ud800b' }],
      ['a purpose of 201 characters', { purpose: 'é'.repeat(201) }],
      ['a control character in the session', { session: 'a\tb' }],
      ['an actor without a person’s id', { actor: { kind: 'person', id: 'dupont' } }],
      ['an actor of another kind', { actor: { kind: 'ghost', id: 'x' } }],
      ['a person target without a person’s id', { target: { kind: 'directory.person', id: 'x' } }],
      ['an outcome of its own', { outcome: 'maybe' }],
      ['an id that is not of version 7', { id: '018f3c1e-7a00-4000-8000-00000000000a' as EventId }],
      ['an instant of the year 1970', { at: new Date(0) }],
      ['an instant that is not one', { at: new Date(Number.NaN) }],
      ['an address that is not text', { network: { address: 4 } as never }],
    ];
    it.each(bad)('%s', async (_title, change) => {
      await expect(append(buildSampleEvent(change as Partial<NewEvent>))).rejects.toMatchObject({
        code: expect.stringMatching(/^audit_(event_refused|action_unknown)$/),
        status: 400,
      });
    });

    it('a payload over 8 KiB', async () => {
      const wide = Object.fromEntries(Array.from({ length: 5 }, (_, n) => [`many${n}`, 'codes' as const]));
      const own = openAudit({
        database: test.app,
        clock,
        actions: [{ 'sample.wide.act': { class: 'C', title: { fr: 'x', en: 'x' }, detail: wide } }],
      });
      const codes = Array<string>(32).fill('x'.repeat(64));
      const event = buildSampleEvent({
        action: 'sample.wide.act',
        detail: Object.fromEntries(Object.keys(wide).map((name) => [name, codes])),
      });
      await expect(test.app.transaction((tx) => own.append(tx, event))).rejects.toMatchObject({
        code: 'audit_event_refused',
      });
      await own.close();
    });

    it('all of a batch when one is wrong, and says which', async () => {
      const events = [buildSampleEvent(), buildSampleEvent({ session: ' ' })];
      await expect(test.app.transaction((tx) => audit.appendMany(tx, events))).rejects.toMatchObject({
        details: { index: 1, member: 'session' },
      });
    });

    it('one action declared by two packages', () => {
      expect(() =>
        openAudit({
          database: test.app,
          clock,
          actions: [sampleActions, { 'sample.record.read': { ...sampleActions['sample.record.read'] } }],
        }),
      ).toThrow('audit_actions_conflict');
    });
  });

  it('stores the canonical bytes of RFC 8785, with every kind of detail', async () => {
    const id = await append(
      buildSampleEvent({
        purpose: 'Contrôle annuel – établissement « Élise Ménard »',
        reason: 'rule.7',
        detail: {
          count: 3,
          codes: ['b', 'a'],
          thing: PUPIL,
          pupil: PUPIL,
          ratio: 0.5,
          kept: true,
          seenAt: '2026-01-01T00:00:00.000Z',
          onDay: '2024-02-29',
          sum: 'a'.repeat(64),
          rule: 'x',
        },
      }),
    );
    const row = await stored(id);
    const text = row!.payload.toString('utf8');
    expect(text).toBe(canonicalJson(JSON.parse(text)));
    const payload = JSON.parse(text);
    expect(payload).toMatchObject({
      v: 1,
      id,
      ts: AT.toISOString(),
      network: { address: '192.0.2.0/24', agent: expect.stringMatching(/^[0-9a-f]{32}$/) },
    });
    expect(row).toMatchObject({
      actor: `person:${payload.actor.id}`,
      target: `person:${payload.target.id}`,
      day: '2026-11-23',
      class: 'A',
    });
    expect(row!.salt.length).toBe(32);
  });

  it('never stores a person’s id, and gives one person one pseudonym', async () => {
    const first = await stored(
      await append(
        buildSampleEvent({
          actor: { kind: 'client', id: 'grades', onBehalfOf: TEACHER },
          detail: { pupil: PUPIL },
        }),
      ),
    );
    const second = await stored(await append(buildSampleEvent()));
    for (const row of [first, second]) {
      const text = JSON.stringify(row) + row!.payload.toString('utf8');
      expect(text).not.toContain(TEACHER);
      expect(text).not.toContain(PUPIL);
    }
    const [a, b] = [first, second].map((row) => JSON.parse(row!.payload.toString('utf8')));
    expect(a.actor.onBehalfOf).toBe(b.actor.id);
    expect(a.target.id).toBe(b.target.id);
    expect(a.detail.pupil).toBe(b.target.id);
    expect(a.actor.id).toBe('grades');
  });

  it('gives one pseudonym to a person whom many writers name for the first time at once', async () => {
    const person = newId<EventId>();
    const audits = Array.from({ length: 6 }, () =>
      openAudit({ database: test.app, clock, actions: [sampleActions] }),
    );
    const ids = await Promise.all(
      audits.flatMap((own) =>
        [1, 2].map(() => own.record(buildSampleEvent({ actor: { kind: 'person', id: person } }))),
      ),
    );
    const actors = new Set((await Promise.all(ids.map(stored))).map((row) => row!.actor));
    expect(actors.size).toBe(1);
    await Promise.all(audits.map((own) => own.close()));
  });

  it('lets nobody wait for a long transaction that named a person first, nor lose the pseudonym with it', async () => {
    const person = newId<EventId>();
    const event = buildSampleEvent({ actor: { kind: 'person', id: person } });
    const others = openAudit({ database: test.app, clock, actions: [sampleActions] });
    const ids: EventId[] = [];
    await expect(
      test.app.transaction(async (tx) => {
        await audit.append(tx, event);
        ids.push(await others.record(event));
        throw new Error('rolled back at last');
      }),
    ).rejects.toThrow('at last');
    ids.push(await audit.record(event));
    await others.close();
    const actors = await Promise.all(ids.map(async (id) => (await stored(id))!.actor));
    expect(actors[0]).toBe(actors[1]);
  });

  it('needs no second connection of the caller’s pool while transactions hold them all', async () => {
    const narrow = openDatabase({ url: test.app.url, maxConnections: 2, connectTimeoutMs: 2_000 });
    const own = openAudit({ database: narrow, clock, actions: [sampleActions] });
    const ids = await Promise.all(
      [1, 2, 3, 4].map(() =>
        narrow.transaction((tx) =>
          own.append(tx, buildSampleEvent({ actor: { kind: 'person', id: newId<EventId>() } })),
        ),
      ),
    );
    expect((await Promise.all(ids.map(stored))).every(Boolean)).toBe(true);
    await own.close();
    await narrow.close();
  });

  it('writes nothing when the business transaction rolls back', async () => {
    let id: EventId | undefined;
    await expect(
      test.app.transaction(async (tx) => {
        id = await audit.append(tx, buildSampleEvent());
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(id).toBeDefined();
    expect(await stored(id!)).toBeUndefined();
  });

  it('leaves a second delivery of the same id alone', async () => {
    const id = newId<EventId>();
    await append(buildSampleEvent({ id, reason: 'first' }));
    await append(buildSampleEvent({ id, reason: 'second' }));
    expect((await stored(id))!.payload.toString()).toContain('"reason":"first"');
  });

  it('appends many in order, each with a salt of its own', async () => {
    const ids = await test.app.transaction((tx) =>
      audit.appendMany(
        tx,
        [1, 2, 3].map((count) => buildSampleEvent({ detail: { count } })),
      ),
    );
    const rows = await Promise.all(ids.map(stored));
    expect(rows.map((row) => JSON.parse(row!.payload.toString()).detail.count)).toEqual([1, 2, 3]);
    expect(new Set(rows.map((row) => row!.salt.toString('hex'))).size).toBe(3);
    expect(await test.app.transaction((tx) => audit.appendMany(tx, []))).toEqual([]);
  });

  it('records without a business transaction, many callers sharing one', async () => {
    const ids = await Promise.all(Array.from({ length: 40 }, () => audit.record(buildSampleEvent())));
    expect(new Set(ids).size).toBe(40);
    expect((await Promise.all(ids.map(stored))).every(Boolean)).toBe(true);
  });

  it('takes the actions of a module that registers later, and none that a package declared', async () => {
    const own = openAudit({ database: test.app, clock, actions: [sampleActions] });
    const event = buildSampleEvent({ action: 'late.thing.done', detail: {} });
    await expect(own.record(event)).rejects.toMatchObject({ code: 'audit_action_unknown' });
    own.declare({ 'late.thing.done': { class: 'B', title: { fr: 'Fait', en: 'Done' }, detail: {} } });
    expect(await stored(await own.record(event))).toBeDefined();
    expect(() => own.declare(sampleActions)).toThrow(/declared twice/);
    await own.close();
  });

  it('dates an event by the clock, or by the caller', async () => {
    const at = new Date('2026-03-01T23:59:59.999Z');
    expect(await stored(await append(buildSampleEvent({ at })))).toMatchObject({ at, day: '2026-03-01' });
  });
});
