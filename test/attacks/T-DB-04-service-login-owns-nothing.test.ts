import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrationSets } from '../../services/socle/src/migration-sets.ts';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';

describe('T-DB-04 the service login owns nothing', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase(migrationSets);
  });
  afterAll(() => test.close());

  it('owns no table, is no superuser, and cannot become the owner', async () => {
    const [me] = await test.app.query<{ tables: number; super: boolean }>(
      `SELECT (SELECT count(*) FROM pg_class WHERE relowner = to_regrole(current_user)) AS tables,
              (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS super`,
    );
    expect(me).toEqual({ tables: 0, super: false });
    await expect(test.app.query('SET ROLE socle_owner')).rejects.toThrow(/permission denied/);
  });

  it('can neither drop, alter nor create a table in any schema of ours', async () => {
    const tables = await test.app.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('audit', 'directory', 'identity', 'socle')`,
    );
    expect(tables.length).toBeGreaterThan(20);
    for (const { name } of tables) {
      await expect(test.app.query(`DROP TABLE ${name}`), name).rejects.toThrow(
        /must be owner|permission denied/,
      );
      await expect(test.app.query(`ALTER TABLE ${name} DISABLE ROW LEVEL SECURITY`), name).rejects.toThrow(
        /must be owner|permission denied/,
      );
    }
    for (const schema of ['audit', 'directory', 'identity', 'socle', 'public']) {
      await expect(test.app.query(`CREATE TABLE ${schema}.intruder (id int)`), schema).rejects.toThrow(
        /permission denied/,
      );
    }
  });

  it('can read what it serves', async () => {
    expect(await test.app.query('SELECT * FROM socle.modules')).toEqual([]);
  });
});
