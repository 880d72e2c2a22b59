import { newId } from '@socle/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDirectory, type TestDirectory } from '../testing/open-directory.ts';
import { SAMPLE } from '../testing/write-feed-sample.ts';

describe('rows that name a school, a controller, an academy or a class', () => {
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
});
