import { newId } from '@socle/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDirectory, type TestDirectory } from '../testing/open-directory.ts';
import { SAMPLE } from '../testing/write-feed-sample.ts';

describe('rows that name a school, a controller, an academy, a class or a person', () => {
  let directory: TestDirectory;
  beforeAll(async () => {
    directory = await openTestDirectory();
    await directory.importSample(SAMPLE);
  });
  afterAll(() => directory.close());

  const insertPerson = (controller: string) =>
    directory.admin.query(
      `INSERT INTO directory.people (id, controller_id, given_name, family_name, created_at, updated_at)
       VALUES ($1, $2, 'Églantine', 'Vasseur', now(), now())`,
      [newId(), controller],
    );
  const first = async (table: string) =>
    (await directory.admin.query<{ id: string }>(`SELECT id FROM directory.${table} ORDER BY id LIMIT 1`))[0]!
      .id;

  it('are refused when it is not there, and taken when it is', async () => {
    await expect(insertPerson(newId())).rejects.toMatchObject({ code: '23503' });
    await insertPerson(await first('controllers'));
    for (const [table, column] of [
      ['people', 'controller_id'],
      ['join_keys', 'academy_id'],
      ['roles', 'school_id'],
      ['division_members', 'division_id'],
      ['join_keys', 'person_id'],
      ['roles', 'person_id'],
      ['division_members', 'person_id'],
      ['guardian_links', 'child_id'],
      ['guardian_links', 'adult_id'],
    ]) {
      const update = `UPDATE directory.${table} SET ${column} =`;
      const one = `WHERE ctid = (SELECT min(ctid) FROM directory.${table} WHERE ${column} IS NOT NULL)`;
      await expect(directory.admin.query(`${update} $1 ${one}`, [newId()])).rejects.toMatchObject({
        code: '23503',
      });
      await directory.admin.query(`${update} ${column}`);
    }
  });

  it('keep it from being deleted or renumbered, until nobody names it', async () => {
    for (const table of ['controllers', 'academies', 'schools', 'divisions']) {
      const deletion = directory.admin.query(`DELETE FROM directory.${table} WHERE id = $1`, [
        await first(table),
      ]);
      await expect(deletion).rejects.toMatchObject({ code: '23503' });
    }
    const [unused] = await directory.admin.query<{ id: string }>(
      `INSERT INTO directory.controllers (id, code, name, kind, created_at) VALUES ($1, 'nobody', 'Personne', 'owner', now())
       RETURNING id`,
      [newId()],
    );
    await insertPerson(unused!.id);
    const forget = () =>
      directory.admin.query('DELETE FROM directory.controllers WHERE id = $1', [unused!.id]);
    await expect(forget()).rejects.toMatchObject({ code: '23503' });
    await directory.admin.query('DELETE FROM directory.people WHERE controller_id = $1', [unused!.id]);
    await forget();
  });

  it('keep the people whom they name from being deleted, and everybody from being renumbered', async () => {
    const person = newId();
    const controller = await first('controllers');
    const act = (sql: string) => directory.admin.query(sql, [person]);
    await directory.admin.query(
      `INSERT INTO directory.people (id, controller_id, given_name, family_name, created_at, updated_at)
       VALUES ($1, $2, 'Zéphyrin', 'Maupas', now(), now())`,
      [person, controller],
    );
    const rows: readonly (readonly [string, string])[] = [
      [
        'join_keys',
        `(kind, value, degree, person_id, academy_id, category)
        SELECT 'aaf', '99-zephyrin', '2D', $1, id, 'staff' FROM directory.academies LIMIT 1`,
      ],
      [
        'roles',
        `(id, person_id, role, scope, school_id, controller_id, source, valid_from)
        SELECT $1, $1, 'teacher', 'school', id, controller_id, 'feed', now() FROM directory.schools LIMIT 1`,
      ],
      [
        'division_members',
        `(division_id, person_id, controller_id, valid_from)
        SELECT id, $1, controller_id, now() FROM directory.divisions LIMIT 1`,
      ],
      [
        'guardian_links',
        `(id, child_id, adult_id, controller_id, kind, exercise, source, valid_from, recorded_at)
        SELECT $1, $1, id, controller_id, 'contact', 'none', 'feed', now(), now() FROM directory.people WHERE id <> $1 LIMIT 1`,
      ],
      [
        'guardian_links',
        `(id, child_id, adult_id, controller_id, kind, exercise, source, valid_from, recorded_at)
        SELECT $1, id, $1, controller_id, 'contact', 'none', 'feed', now(), now() FROM directory.people WHERE id <> $1 LIMIT 1`,
      ],
    ];
    for (const [table, row] of rows) {
      await act(`INSERT INTO directory.${table} ${row}`);
      await expect(act('DELETE FROM directory.people WHERE id = $1'), table).rejects.toMatchObject({
        code: '23503',
      });
      await act(
        `DELETE FROM directory.${table} WHERE $1 IN (${table === 'guardian_links' ? 'child_id, adult_id' : 'person_id'})`,
      );
    }
    await expect(
      act('UPDATE directory.people SET id = gen_random_uuid() WHERE id = $1'),
    ).rejects.toMatchObject({
      code: '23503',
    });
    await act('DELETE FROM directory.school_names WHERE person_id = $1');
    expect(await act('DELETE FROM directory.people WHERE id = $1 RETURNING id')).toHaveLength(1);
  });

  it('and the deletion of what they name never both happen, when they race', async () => {
    for (let round = 0; round < 8; round += 1) {
      const id = newId();
      await directory.admin.query(
        `INSERT INTO directory.controllers (id, code, name, kind, created_at) VALUES ($1, $2, 'Éphémère', 'owner', now())`,
        [id, `race-${round}`],
      );
      const [person, deletion] = await Promise.allSettled([
        insertPerson(id),
        directory.admin.query('DELETE FROM directory.controllers WHERE id = $1', [id]),
      ]);
      expect([person.status, deletion.status].toSorted()).toEqual(['fulfilled', 'rejected']);
    }
  });

  it('and the deletion of a person whom they name never both happen either', async () => {
    const [academy] = await directory.admin.query<{ id: string }>('SELECT id FROM directory.academies');
    const controller = await first('controllers');
    for (let round = 0; round < 12; round += 1) {
      const person = newId();
      await directory.admin.query(
        `INSERT INTO directory.people (id, controller_id, given_name, family_name, created_at, updated_at)
         VALUES ($1, $2, 'Onésime', 'Éphémère', now(), now())`,
        [person, controller],
      );
      const name = () =>
        directory.admin.query(
          `INSERT INTO directory.join_keys (kind, value, degree, person_id, academy_id, category)
           VALUES ('aaf', $1, '2D', $2, $3, 'pupil')`,
          [`99-race-${round}`, person, academy!.id],
        );
      const forget = () => directory.admin.query('DELETE FROM directory.people WHERE id = $1', [person]);
      const ends = await Promise.allSettled(round % 2 === 0 ? [name(), forget()] : [forget(), name()]);
      expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(
        await directory.admin.query(
          `SELECT FROM directory.join_keys j WHERE j.person_id = $1
             AND NOT EXISTS (SELECT FROM directory.people p WHERE p.id = j.person_id)`,
          [person],
        ),
      ).toEqual([]);
    }
  });
});
