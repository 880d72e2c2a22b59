import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { Secret } from '@socle/base';
import { migrations as clientMigrations, openClient, openModuleDatabase, type Client } from '@socle/client';
import type { ModuleDatabase, ModuleSession, Tx } from '@socle/client';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actions } from '../actions.ts';
import type { Mark } from '../domain/mark.ts';
import { buildSheetDigest } from '../domain/sheet-digest.ts';
import { migrationsFolder } from '../migrations.ts';
import { findAssessment } from '../store/assessment-store.ts';
import { loadHistory, loadMarks } from '../store/mark-store.ts';
import type { Act } from './act.ts';
import { changeAssessment } from './change-assessment.ts';
import { correctMark } from './correct-mark.ts';
import { createAssessment } from './create-assessment.ts';
import { deleteDraft, restoreDraft } from './delete-draft.ts';
import { publishAssessment } from './publish-assessment.ts';
import { saveMarks, type TypedCell } from './save-marks.ts';

const school = randomUUID();
const division = randomUUID();
const start = new Date('2026-10-05T08:00:00.000Z');
const teacher: ModuleSession = {
  sub: 'teacher-1',
  sid: 'sid-1',
  authenticatedAt: start,
  startedAt: start,
  expiresAt: new Date('2026-10-05T18:00:00.000Z'),
  csrfKey: new Secret('k'),
};
const details = {
  title: 'Théorème de Thalès',
  heldOn: '2026-10-02',
  scale: 20,
  coefficientHundredths: 100,
  kind: 'test',
} as const;

let test: TestDatabase;
let database: ModuleDatabase;
let client: Client;

beforeAll(async () => {
  test = await openTestDatabase([clientMigrations, { name: 'grades', folder: migrationsFolder }], {
    prefix: 'grades',
    extraLogins: [],
  });
  database = await openModuleDatabase({ name: 'grades', url: test.url('app'), migrations: migrationsFolder });
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  client = await openClient({
    issuer: 'http://localhost:9',
    clientId: 'grades',
    baseUrl: 'http://localhost:3001',
    privateKeyJwk: new Secret(
      JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: 'grades-1', alg: 'ES256', use: 'sig' }),
    ),
    database,
    actions,
  });
});
afterAll(async () => {
  await client.close();
  await database.close();
  await test.close();
});

function read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  return database.transaction(work, { scope: [school] });
}

function act<T>(
  work: (act: Act) => Promise<T>,
  options: { at?: Date; session?: ModuleSession } = {},
): Promise<T> {
  return read((tx) =>
    work({ tx, audit: client.audit, session: options.session ?? teacher, at: options.at ?? start }),
  );
}

const points = (hundredths: number): Mark => ({ kind: 'value', hundredths });
const cell = (pupil: string, baseVersion: number, typed: Mark | undefined): TypedCell => ({
  pupil,
  baseVersion,
  typed,
});

async function makeDraft(): Promise<string> {
  const id = randomUUID();
  const place = { school, division, divisionName: '3e B', subject: 'maths', subjectName: 'Mathématiques' };
  await act((doing) => createAssessment(doing, { id, ...place, ...details }));
  return id;
}

interface WireEvent {
  readonly action: string;
  readonly target?: { readonly kind: string; readonly id: string };
  readonly reason?: string;
  readonly school?: string;
  readonly detail: Record<string, unknown>;
}

/** Events of one assessment that wait in the outbox, oldest first. */
async function loadEvents(id: string): Promise<WireEvent[]> {
  const rows = await database.query<{ event: string }>('SELECT event FROM client.outbox ORDER BY seq');
  return rows
    .map((row) => JSON.parse(row.event) as WireEvent)
    .filter((event) => event.target?.id === id || event.detail.assessment === id);
}

async function publish(id: string) {
  const revision = (await read((tx) => findAssessment(tx, id)))?.revision ?? 0;
  return act((doing) => publishAssessment(doing, { id, revision }));
}

describe('saving marks', () => {
  it('writes nothing and no event when the transaction fails', async () => {
    const id = await makeDraft();
    await expect(
      act(async (doing) => {
        await saveMarks(doing, { assessment: id, cells: [cell('a', 0, points(1200))] });
        throw new Error('the machine stops here');
      }),
    ).rejects.toThrow('the machine stops here');
    expect((await read((tx) => loadMarks(tx, id))).size).toBe(0);
    expect((await loadEvents(id)).map((event) => event.action)).toEqual(['grades.assessment.created']);
  });

  it('writes changed cells only, with one event a mark that tells no value and no name', async () => {
    const id = await makeDraft();
    const first = [
      cell('a', 0, points(1225)),
      cell('b', 0, { kind: 'status', status: 'absent' }),
      cell('c', 0, undefined),
    ];
    expect(await act((doing) => saveMarks(doing, { assessment: id, cells: first }))).toEqual({
      kind: 'saved',
      written: 2,
      conflicts: [],
    });
    const again = [cell('a', 1, points(1225)), cell('b', 1, points(900)), cell('c', 0, undefined)];
    expect(await act((doing) => saveMarks(doing, { assessment: id, cells: again }))).toMatchObject({
      written: 1,
    });
    const events = (await loadEvents(id)).filter((event) => event.action === 'grades.mark.entered');
    expect(events.map(({ target, detail, school: at }) => ({ target, detail, school: at }))).toEqual([
      { target: { kind: 'person', id: 'a' }, detail: { assessment: id, version: 1, state: 'value' }, school },
      {
        target: { kind: 'person', id: 'b' },
        detail: { assessment: id, version: 1, state: 'absent' },
        school,
      },
      { target: { kind: 'person', id: 'b' }, detail: { assessment: id, version: 2, state: 'value' }, school },
    ]);
    expect(JSON.stringify(await loadEvents(id))).not.toMatch(/12[.,]25|1225|Thal/);
  });

  it('gives back what two people changed differently, and keeps the rest of both', async () => {
    const id = await makeDraft();
    const cells = [cell('a', 0, points(1000)), cell('b', 0, points(1100))];
    await act((doing) => saveMarks(doing, { assessment: id, cells }));
    const colleague = { ...teacher, sub: 'teacher-2' };
    await act((doing) => saveMarks(doing, { assessment: id, cells: [cell('a', 1, points(1500))] }), {
      session: colleague,
    });
    const stale = [cell('a', 1, points(800)), cell('b', 1, points(1200))];
    const outcome = await act((doing) => saveMarks(doing, { assessment: id, cells: stale }));
    expect(outcome).toMatchObject({
      kind: 'saved',
      written: 1,
      conflicts: [
        {
          pupil: 'a',
          base: points(1000),
          typed: points(800),
          current: { mark: points(1500), version: 2, writtenBy: 'teacher-2' },
        },
      ],
    });
    const marks = await read((tx) => loadMarks(tx, id));
    expect([marks.get('a')?.mark, marks.get('b')?.mark]).toEqual([points(1500), points(1200)]);
  });

  it('lets exactly one of sixteen parallel saves of one cell win', async () => {
    const id = await makeDraft();
    const outcomes = await Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        act((doing) => saveMarks(doing, { assessment: id, cells: [cell('a', 0, points(100 * index))] })),
      ),
    );
    const written = outcomes.map((outcome) => (outcome.kind === 'saved' ? outcome.written : -1));
    expect(written.filter((total) => total === 1)).toHaveLength(1);
    const conflicts = outcomes.filter(
      (outcome) => outcome.kind === 'saved' && outcome.conflicts.length === 1,
    );
    expect(conflicts).toHaveLength(15);
    expect(await read((tx) => loadHistory(tx, id, 'a'))).toHaveLength(1);
    expect((await loadEvents(id)).filter((event) => event.action === 'grades.mark.entered')).toHaveLength(1);
  });

  it('refuses a forged version, and any save once published', async () => {
    const id = await makeDraft();
    expect(
      await act((doing) => saveMarks(doing, { assessment: id, cells: [cell('a', 7, points(2000))] })),
    ).toMatchObject({ written: 0, conflicts: [{ pupil: 'a' }] });
    await act((doing) => saveMarks(doing, { assessment: id, cells: [cell('a', 0, points(1000))] }));
    await publish(id);
    expect(
      await act((doing) => saveMarks(doing, { assessment: id, cells: [cell('a', 1, points(2000))] })),
    ).toEqual({ kind: 'published' });
    expect((await read((tx) => loadMarks(tx, id))).get('a')?.mark).toEqual(points(1000));
  });
});

describe('publishing', () => {
  it('refuses a sheet without a mark, and one that changed since it was shown', async () => {
    const id = await makeDraft();
    expect(await publish(id)).toEqual({ kind: 'empty' });
    await act((doing) => saveMarks(doing, { assessment: id, cells: [cell('a', 0, points(1000))] }));
    expect(await act((doing) => publishAssessment(doing, { id, revision: 1 }))).toEqual({ kind: 'changed' });
    expect(await publish(id)).toEqual({ kind: 'published', marks: 1 });
    expect(await publish(id)).toEqual({ kind: 'already' });
  });

  it('commits to what was published, so that the log and the module prove it together', async () => {
    const id = await makeDraft();
    const cells = [cell('b', 0, points(1450)), cell('a', 0, { kind: 'status', status: 'exempt' })];
    await act((doing) => saveMarks(doing, { assessment: id, cells }));
    await publish(id);
    const sheet = await read((tx) => loadMarks(tx, id));
    await act((doing) =>
      correctMark(doing, {
        assessment: id,
        pupil: 'b',
        baseVersion: 1,
        mark: points(1550),
        reason: 'recount',
      }),
    );
    const [row] = await read((tx) =>
      tx.query<{ published_salt: Buffer }>('SELECT published_salt FROM grades.assessments WHERE id = $1', [
        id,
      ]),
    );
    const event = (await loadEvents(id)).find(({ action }) => action === 'grades.assessment.published');
    const proved = buildSheetDigest({ id, scale: 20 }, [...sheet.values()], row!.published_salt).toString(
      'hex',
    );
    expect(event?.detail).toEqual({ division, subject: 'maths', marks: 2, sheet: proved });
    const corrected = [...(await read((tx) => loadMarks(tx, id))).values()];
    expect(buildSheetDigest({ id, scale: 20 }, corrected, row!.published_salt).toString('hex')).not.toBe(
      proved,
    );
  });
});

describe('correcting a published mark', () => {
  it('keeps the old value, and says old, new and why in its event', async () => {
    const id = await makeDraft();
    await act((doing) => saveMarks(doing, { assessment: id, cells: [cell('a', 0, points(850))] }));
    await publish(id);
    const correction = { assessment: id, pupil: 'a', mark: points(1850), reason: 'typing_error' } as const;
    expect(await act((doing) => correctMark(doing, { ...correction, baseVersion: 0 }))).toMatchObject({
      kind: 'conflict',
      current: { mark: points(850), version: 1 },
    });
    expect(await act((doing) => correctMark(doing, { ...correction, baseVersion: 1 }))).toEqual({
      kind: 'corrected',
      before: points(850),
      after: points(1850),
    });
    expect(await act((doing) => correctMark(doing, { ...correction, baseVersion: 2 }))).toEqual({
      kind: 'unchanged',
    });
    const history = await read((tx) => loadHistory(tx, id, 'a'));
    expect(history.map(({ before, after, reason }) => ({ before, after, reason }))).toEqual([
      { before: undefined, after: points(850), reason: undefined },
      { before: points(850), after: points(1850), reason: 'typing_error' },
    ]);
    const event = (await loadEvents(id)).at(-1);
    expect(event).toMatchObject({
      action: 'grades.mark.corrected',
      target: { kind: 'person', id: 'a' },
      reason: 'typing_error',
      detail: {
        assessment: id,
        version: 2,
        scale: 20,
        oldState: 'value',
        oldValue: 8.5,
        newState: 'value',
        newValue: 18.5,
      },
    });
  });

  it('is refused while the assessment is a draft', async () => {
    const id = await makeDraft();
    expect(
      await act((doing) =>
        correctMark(doing, {
          assessment: id,
          pupil: 'a',
          baseVersion: 0,
          mark: points(1),
          reason: 'recount',
        }),
      ),
    ).toEqual({ kind: 'draft' });
  });
});

describe('changing an assessment', () => {
  it('refuses a stale form, a scale under a mark, and another scale once published', async () => {
    const id = await makeDraft();
    await act((doing) => saveMarks(doing, { assessment: id, cells: [cell('a', 0, points(1500))] }));
    const change = (revision: number, scale: 10 | 20) =>
      act((doing) =>
        changeAssessment(doing, { id, revision, details: { ...details, title: 'Pythagore', scale } }),
      );
    expect(await change(1, 20)).toMatchObject({ kind: 'conflict', current: { revision: 2 } });
    expect(await change(2, 10)).toEqual({ kind: 'scale_too_small' });
    expect(await change(2, 20)).toEqual({ kind: 'changed' });
    await publish(id);
    const { revision } = (await read((tx) => findAssessment(tx, id)))!;
    expect(await change(revision, 10)).toEqual({ kind: 'scale_published' });
    expect(await change(revision, 20)).toEqual({ kind: 'changed' });
  });
});

describe('deleting a draft', () => {
  it('can be undone for a day, and never touches what is published', async () => {
    const id = await makeDraft();
    await act((doing) => saveMarks(doing, { assessment: id, cells: [cell('a', 0, points(1500))] }));
    expect(await act((doing) => deleteDraft(doing, id))).toBe('done');
    expect(await act((doing) => saveMarks(doing, { assessment: id, cells: [] }))).toEqual({ kind: 'gone' });
    const hours = (count: number) => ({ at: new Date(start.getTime() + count * 3_600_000) });
    expect(await act((doing) => restoreDraft(doing, id), hours(25))).toBe('gone');
    expect(await act((doing) => restoreDraft(doing, id), hours(23))).toBe('done');
    expect((await read((tx) => loadMarks(tx, id))).get('a')?.mark).toEqual(points(1500));
    await publish(id);
    expect(await act((doing) => deleteDraft(doing, id))).toBe('published');
    expect((await loadEvents(id)).map(({ action }) => action)).toEqual([
      'grades.assessment.created',
      'grades.mark.entered',
      'grades.assessment.deleted',
      'grades.assessment.restored',
      'grades.assessment.published',
    ]);
  });

  it('makes one draft of a form that was sent twice', async () => {
    const id = await makeDraft();
    const place = { school, division, divisionName: '3e B', subject: 'maths', subjectName: 'Mathématiques' };
    expect(await act((doing) => createAssessment(doing, { id, ...place, ...details }))).toBe('exists');
    expect(await loadEvents(id)).toHaveLength(1);
  });
});
