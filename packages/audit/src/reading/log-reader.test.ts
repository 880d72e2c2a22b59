import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestLog, sampleActions, type TestLog } from '../testing/open-test-log.ts';
import { openLogReader, type LogReader, type Reading } from './log-reader.ts';

const person = (last: string) => `018f3c1e-7a00-7000-8000-0000000000${last}`;
const PUPIL = person('b1');
const TEACHER = person('a1');
const OTHER_TEACHER = person('a2');
const DPO = person('d1');

describe('the reader of the log', () => {
  let log: TestLog;
  let reader: LogReader;
  const reading: Reading = {
    reader: { kind: 'person', id: DPO },
    controller: 'academie-99',
    purpose: 'Demande d’une famille',
    scope: 'all',
  };

  beforeAll(async () => {
    log = await openTestLog();
    reader = openLogReader({ database: log.test.app, audit: log.audit });
    // a second apart, for ids of one millisecond come in any order
    const each = async (...changes: Parameters<TestLog['append']>) => {
      for (const change of changes) {
        await log.append(change);
        log.clock.advanceSeconds(1);
      }
    };
    log.clock.set(new Date('2026-11-20T07:30:00Z'));
    await each(
      { actor: { kind: 'person', id: TEACHER }, target: { kind: 'person', id: PUPIL } },
      { actor: { kind: 'person', id: PUPIL }, target: { kind: 'person', id: PUPIL } },
    );
    log.clock.set(new Date('2026-11-21T13:30:00Z'));
    await each(
      {
        actor: { kind: 'person', id: OTHER_TEACHER },
        target: { kind: 'sample.thing', id: 'x' },
        detail: { pupil: PUPIL },
      },
      { actor: { kind: 'system', id: 'import' }, target: { kind: 'sample.person', id: PUPIL } },
      { actor: { kind: 'client', id: 'grades', onBehalfOf: TEACHER }, controller: 'etranger' },
      {
        action: 'sample.session.opened',
        target: { kind: 'sample.thing', id: 's' },
        detail: { method: 'password' },
      },
    );
    log.clock.set(new Date('2026-11-23T10:00:00Z'));
  });
  afterAll(() => log.close());

  const readings = () =>
    log.test
      .openAdmin()
      .query<{ payload: Buffer }>(
        "SELECT payload FROM audit.events WHERE action = 'audit.log.read' ORDER BY id",
      );

  it('refuses to read without a purpose, and says nothing then', async () => {
    const before = (await readings()).length;
    await expect(reader.search({ ...reading, purpose: ' ' }, {})).rejects.toMatchObject({
      code: 'audit_purpose_missing',
    });
    expect((await readings()).length).toBe(before);
  });

  it('logs each reading with its purpose and its question before it answers', async () => {
    const before = (await readings()).length;
    const from = new Date('2026-11-01T00:00:00Z');
    await reader.search(reading, { person: PUPIL, module: 'sample', action: 'sample.record.read', from });
    log.clock.advanceSeconds(1);
    await reader.count(reading, {}, ['hour']);
    log.clock.advanceSeconds(1);
    await reader.findUnusual(reading, { from, to: new Date('2026-12-01T00:00:00Z') });
    const written = (await readings())
      .slice(before)
      .map(({ payload }) => JSON.parse(payload.toString('utf8')));
    expect(written.map(({ detail }) => detail.kind)).toEqual(['search', 'count', 'unusual']);
    expect(written[0]).toMatchObject({
      purpose: 'Demande d’une famille',
      actor: { kind: 'person' },
      detail: { module: 'sample', action: 'sample.record.read', from: '2026-11-01T00:00:00.000Z' },
    });
    // the subject, as everybody, by pseudonym
    expect(JSON.stringify(written)).not.toContain(PUPIL);
    expect(written[0].detail.subject).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('tells who looked at a person, wherever the event names them, newest first, and gives people back their ids', async () => {
    const { events, next } = await reader.search(reading, { person: PUPIL, as: 'subject', module: 'sample' });
    expect(next).toBeUndefined();
    expect(events.map(({ actor }) => actor.personId ?? actor.id)).toEqual(['import', OTHER_TEACHER, TEACHER]);
    expect(events[0]!.target).toMatchObject({ kind: 'sample.person', personId: PUPIL });
    expect(events.every(({ leaf }) => leaf !== undefined)).toBe(true);
    const own = await reader.search(reading, { person: PUPIL, as: 'actor' });
    expect(own.events.map(({ actor }) => actor.personId)).toEqual([PUPIL]);
    const unknown = await reader.search(reading, { person: person('ff'), module: 'sample' });
    expect(unknown.events).toEqual([]);
  });

  it('pages by key, without a gap and without a repetition, although events arrive meanwhile', async () => {
    const to = new Date('2026-11-22T00:00:00Z');
    const all = (await reader.search(reading, { to })).events.map(({ id }) => id);
    expect(all.length).toBe(6);
    const paged: string[] = [];
    let after: string | undefined;
    do {
      const page = await reader.search(reading, { to, limit: 4, ...(after === undefined ? {} : { after }) });
      paged.push(...page.events.map(({ id }) => id));
      after = page.next;
      await log.append({});
    } while (after !== undefined);
    expect(paged).toEqual(all);
  });

  it('filters by module, action and period, and keeps to the scope', async () => {
    const to = new Date('2026-11-22T00:00:00Z');
    const ids = async (question: object, scope: Reading['scope'] = 'all') =>
      (await reader.search({ ...reading, scope }, { to, ...question })).events.length;
    expect(await ids({ action: 'sample.session.opened' })).toBe(1);
    expect(await ids({ module: 'grades' })).toBe(0);
    expect(await ids({ to: new Date('2026-11-21T00:00:00Z') })).toBe(2);
    expect(await ids({ from: new Date('2026-11-21T00:00:00Z') })).toBe(4);
    expect(await ids({}, ['etranger'])).toBe(1);
    expect(await ids({ person: PUPIL }, ['etranger'])).toBe(0);
    expect(await ids({}, [])).toBe(0);
  });

  it('finds one event by its id, with the people of its detail, and none outside of the scope', async () => {
    const { events } = await reader.search(reading, {
      person: PUPIL,
      as: 'subject',
      action: 'sample.record.read',
    });
    const { id } = events.find(({ detail }) => 'pupil' in detail)!;
    expect(await reader.find({ ...reading, scope: ['etranger'] }, { id })).toBeUndefined();
    expect(await reader.find(reading, { leaf: 4_000_000 })).toBeUndefined();
    expect(await reader.find(reading, { id })).toMatchObject({ id, people: { pupil: PUPIL } });
    // ids of one millisecond come in any order
    const kinds = (await readings()).map(({ payload }) => JSON.parse(payload.toString()).detail.kind);
    expect(kinds.filter((kind) => kind === 'find')).toHaveLength(3);
  });

  it('counts by hour and day of the schools, by module, action and actor', async () => {
    const to = new Date('2026-11-22T00:00:00Z');
    const counts = await reader.count(reading, { to }, ['hour', 'day', 'module', 'action', 'actor']);
    expect(counts.hour).toEqual([
      { key: '08', events: 2 },
      { key: '14', events: 4 },
    ]);
    expect(counts.day).toEqual([
      { key: '2026-11-20', events: 2 },
      { key: '2026-11-21', events: 4 },
    ]);
    expect(counts.module).toEqual([{ key: 'sample', events: 6 }]);
    expect(counts.action![0]).toEqual({ key: 'sample.record.read', events: 5 });
    expect(counts.actor!.find(({ personId }) => personId === TEACHER)).toMatchObject({ events: 1 });
    expect((await reader.count({ ...reading, scope: ['etranger'] }, { to }, ['module'])).module).toEqual([
      { key: 'sample', events: 1 },
    ]);
  });

  it('finds who suddenly looks at many people, or at night, and leaves the others alone', async () => {
    const look = (reader: string, count: number, at: string, first = 0) =>
      log.test.app.transaction((tx) =>
        log.audit.appendMany(
          tx,
          Array.from({ length: count }, (_, index) => ({
            controller: 'academie-99',
            actor: { kind: 'person' as const, id: reader },
            action: 'sample.record.read',
            target: {
              kind: 'person',
              id: `018f3c1e-7a00-7000-8000-0000001${String(first + index).padStart(5, '0')}`,
            },
            outcome: 'success' as const,
            at: new Date(at),
          })),
        ),
      );
    const [curious, steady, nightly] = [person('c1'), person('c2'), person('c3')];
    for (let day = 1; day <= 5; day += 1) {
      await look(curious, 2, `2026-10-0${day}T09:00:00Z`);
      await look(steady, 30, `2026-10-0${day}T09:00:00Z`);
    }
    await look(curious, 90, '2026-10-10T09:00:00Z');
    await look(steady, 30, '2026-10-10T09:00:00Z');
    await look(nightly, 25, '2026-10-10T01:00:00Z');
    await look(person('c4'), 5, '2026-10-10T01:00:00Z');
    const unusual = await reader.findUnusual(reading, {
      from: new Date('2026-10-09T22:00:00Z'),
      to: new Date('2026-10-10T22:00:00Z'),
    });
    expect(unusual.map(({ personId, why }) => [personId, why])).toEqual([
      [curious, ['more_than_before', 'more_than_others']],
      [nightly, ['more_than_before', 'at_night']],
    ]);
    expect(unusual[0]).toMatchObject({ people: 90, usual: 2, events: 90, nightEvents: 0 });
    expect(Object.keys(sampleActions)).toContain('sample.record.read');
  });
});
