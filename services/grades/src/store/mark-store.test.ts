import { randomUUID } from 'node:crypto';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tx } from '@socle/client';
import { migrationsFolder } from '../migrations.ts';
import type { Mark } from '../domain/mark.ts';
import { insertAssessment, markPublished, purgeDeleted, setDeleted } from './assessment-store.ts';
import { loadHistory, loadMarks, loadPublishedMarksOfPupil, loadVersions, writeMark } from './mark-store.ts';

const school = randomUUID();
const at = new Date('2026-10-05T08:00:00.000Z');
let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase([{ name: 'grades', folder: migrationsFolder }], {
    prefix: 'grades',
    extraLogins: [],
  });
});
afterAll(() => database.close());

const inSchool = <T>(work: (tx: Tx) => Promise<T>) => database.app.transaction(work, { scope: [school] });
const points = (hundredths: number): Mark => ({ kind: 'value', hundredths });

async function makeAssessment(scale: 5 | 10 | 20 | 100 = 20): Promise<string> {
  const id = randomUUID();
  await inSchool((tx) =>
    insertAssessment(tx, {
      id,
      school,
      division: randomUUID(),
      divisionName: '3e B',
      subject: 'maths',
      subjectName: 'Mathématiques',
      title: 'Théorème de Thalès',
      heldOn: '2026-10-02',
      scale,
      coefficientHundredths: 150,
      kind: 'test',
      owner: 'teacher-1',
      createdAt: at,
    }),
  );
  return id;
}

function write(assessment: string, expectedVersion: number, mark: Mark | undefined, by = 'teacher-1') {
  return inSchool((tx) =>
    writeMark(tx, { assessment, school, pupil: 'pupil-1', expectedVersion, mark, by, at }),
  );
}

async function publish(id: string): Promise<void> {
  await inSchool((tx) =>
    markPublished(tx, id, { at, salt: Buffer.alloc(32, 1), digest: Buffer.alloc(32, 2) }),
  );
}

describe('sixteen saves of one mark at once', () => {
  it('lets exactly one win at each version and keeps every value that won', async () => {
    const id = await makeAssessment();
    const won: Mark[] = [];
    for (let version = 0; version < 4; version += 1) {
      const attempts = await Promise.all(
        Array.from({ length: 16 }, (_, index) =>
          write(id, version, points(version * 100 + index), `tab-${index}`),
        ),
      );
      const winners = attempts.filter((stored) => stored !== undefined);
      expect(winners).toHaveLength(1);
      expect(winners[0]?.version).toBe(version + 1);
      won.push(winners[0]!.mark!);
    }
    const history = await inSchool((tx) => loadHistory(tx, id, 'pupil-1'));
    expect(history.map((step) => step.version)).toEqual([1, 2, 3, 4]);
    expect(history.map((step) => step.after)).toEqual(won);
    expect(history.map((step) => step.before)).toEqual([undefined, ...won.slice(0, 3)]);
  });
});

describe('the history of a mark', () => {
  it('refuses to be changed or removed by the service', async () => {
    const id = await makeAssessment();
    await write(id, 0, points(1200));
    for (const sql of [
      'UPDATE grades.mark_versions SET new_value = 20',
      'DELETE FROM grades.mark_versions',
      `INSERT INTO grades.mark_versions SELECT * FROM grades.mark_versions`,
      'DELETE FROM grades.marks',
      `UPDATE grades.marks SET pupil = 'another'`,
      `UPDATE grades.assessments SET owner = 'another'`,
      `UPDATE grades.assessments SET division = gen_random_uuid()`,
      'TRUNCATE grades.marks CASCADE',
    ]) {
      await expect(
        inSchool((tx) => tx.query(sql)),
        sql,
      ).rejects.toMatchObject({ code: '42501' });
    }
    expect(await inSchool((tx) => loadHistory(tx, id, 'pupil-1'))).toHaveLength(1);
  });

  it('refuses a write that skips or repeats a version', async () => {
    const id = await makeAssessment();
    await write(id, 0, points(1200));
    for (const version of [1, 3]) {
      await expect(
        inSchool((tx) =>
          tx.query('UPDATE grades.marks SET value = 1, version = $2 WHERE assessment = $1', [id, version]),
        ),
      ).rejects.toThrow('versions of a mark follow one another');
    }
    expect((await write(id, 1, points(1300)))?.version).toBe(2);
  });

  it('keeps a mark that was taken out, and gives what any version was', async () => {
    const id = await makeAssessment();
    await write(id, 0, points(1225));
    await write(id, 1, { kind: 'status', status: 'absent' });
    await write(id, 2, undefined);
    await inSchool(async (tx) => {
      expect((await loadMarks(tx, id)).get('pupil-1')).toMatchObject({ mark: undefined, version: 3 });
      expect((await loadHistory(tx, id, 'pupil-1')).map((step) => step.after)).toEqual([
        points(1225),
        { kind: 'status', status: 'absent' },
        undefined,
      ]);
      const seen = await loadVersions(tx, id, [{ pupil: 'pupil-1', version: 1 }]);
      expect(seen.get('pupil-1')).toEqual(points(1225));
      expect((await loadVersions(tx, id, [{ pupil: 'pupil-1', version: 9 }])).size).toBe(0);
    });
  });
});

describe('what the database itself refuses', () => {
  it('refuses a mark above its scale and takes one at its scale', async () => {
    const id = await makeAssessment(5);
    await expect(write(id, 0, points(501))).rejects.toThrow('at most its scale');
    expect((await write(id, 0, points(500)))?.mark).toEqual(points(500));
  });

  it('refuses to change a published mark without a reason and takes it with one', async () => {
    const id = await makeAssessment();
    await write(id, 0, points(800));
    await publish(id);
    await expect(write(id, 1, points(1800))).rejects.toThrow('changes for a reason');
    const corrected = await inSchool((tx) =>
      writeMark(tx, {
        assessment: id,
        school,
        pupil: 'pupil-1',
        expectedVersion: 1,
        mark: points(1800),
        by: 'teacher-1',
        at,
        reason: 'typing_error',
      }),
    );
    expect(corrected?.version).toBe(2);
  });

  it('refuses to unpublish or remove what was published, and removes a draft with all that is in it', async () => {
    const published = await makeAssessment();
    await write(published, 0, points(800));
    await publish(published);
    await expect(
      inSchool((tx) => tx.query(`UPDATE grades.assessments SET state = 'draft' WHERE id = $1`, [published])),
    ).rejects.toThrow();
    await expect(
      inSchool((tx) => tx.query('DELETE FROM grades.assessments WHERE id = $1', [published])),
    ).rejects.toThrow('stays published');
    const draft = await makeAssessment();
    await write(draft, 0, points(800));
    await inSchool((tx) => setDeleted(tx, draft, at));
    const later = new Date(at.getTime() + 1);
    expect(await database.app.transaction((tx) => purgeDeleted(tx, later), { scope: 'all' })).toBe(1);
    expect(await inSchool((tx) => loadHistory(tx, draft, 'pupil-1'))).toEqual([]);
    expect(await inSchool((tx) => loadHistory(tx, published, 'pupil-1'))).toHaveLength(1);
  });
});

describe('rows of another school', () => {
  it('are not seen, not even without naming a school, and not written', async () => {
    const id = await makeAssessment();
    await write(id, 0, points(1400));
    const elsewhere = [randomUUID()];
    const read = (tx: Tx) =>
      tx.query(
        'SELECT 1 FROM grades.assessments UNION ALL SELECT 1 FROM grades.marks UNION ALL SELECT 1 FROM grades.mark_versions',
      );
    expect(await database.app.transaction(read, { scope: elsewhere })).toEqual([]);
    expect(await database.app.transaction(read)).toEqual([]);
    expect((await inSchool(read)).length).toBeGreaterThanOrEqual(3);
    await expect(
      database.app.transaction(
        (tx) =>
          writeMark(tx, {
            assessment: id,
            school,
            pupil: 'p',
            expectedVersion: 0,
            mark: points(1),
            by: 't',
            at,
          }),
        { scope: elsewhere },
      ),
    ).rejects.toThrow();
  });
});

describe('the marks of a pupil', () => {
  it('leave drafts out and come oldest first', async () => {
    const pupil = 'pupil-of-two';
    const ids = [await makeAssessment(), await makeAssessment()];
    for (const id of ids) {
      await inSchool((tx) =>
        writeMark(tx, { assessment: id, school, pupil, expectedVersion: 0, mark: points(1000), by: 't', at }),
      );
    }
    const load = () => inSchool((tx) => loadPublishedMarksOfPupil(tx, pupil, '2026-08-01'));
    expect(await load()).toEqual([]);
    await publish(ids[0]!);
    expect((await load()).map((row) => row.assessment.id)).toEqual([ids[0]]);
    expect(await inSchool((tx) => loadPublishedMarksOfPupil(tx, pupil, '2026-10-03'))).toEqual([]);
  });
});
