import { loadSchools } from '@socle/directory';
import { openTestDirectory, SAMPLE, type TestDirectory } from '@socle/directory/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// Hold numbers, or the ids of people whose facts changed, and nothing else about anybody: whoever keeps facts in memory
// must miss no change, whatever the scope.
const ABOUT_NOBODY = ['authorization_revisions', 'authorization_moves', 'authorization_changed_people'];

describe('T-DIR-01 a query that reaches another controller’s people', () => {
  let directory: TestDirectory;
  let relations: string[];
  let controllers: { college: string; lycee: string };
  beforeAll(async () => {
    directory = await openTestDirectory();
    await directory.importSample(SAMPLE);
    const rows = await directory.admin.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'directory'::regnamespace AND relkind IN ('r', 'v')
         AND has_table_privilege('socle_app', oid, 'SELECT') ORDER BY relname`,
    );
    relations = rows.map(({ name }) => name);
    const schools = await directory.all((tx) => loadSchools(tx));
    controllers = { college: schools[0]!.controller, lycee: schools[1]!.controller };
    // Something is staged, as while an import runs.
    await directory.admin.query(
      `INSERT INTO directory.incoming_people (degree, number, category, key, given_name, family_name)
       VALUES ('2D', 1, 'pupil', '1', 'Zoé', 'Lefèvre')`,
    );
  });
  afterAll(() => directory.close());

  const count = (relation: string, scope?: 'all' | readonly string[]) =>
    directory.database.transaction(
      async (tx) => {
        // whoever attacks may also say which degree an import is at
        await tx.query(`SELECT set_config('socle.import_degree', '2D', true)`);
        return (await tx.query<{ n: number }>(`SELECT count(*)::int AS n FROM directory.${relation}`))[0]!.n;
      },
      scope === undefined ? {} : { scope },
    );

  it('sees no row of any table when the scope was forgotten, or names no controller', async () => {
    let filled = 0;
    for (const relation of relations) {
      if (ABOUT_NOBODY.includes(relation)) continue;
      expect([relation, await count(relation)]).toEqual([relation, 0]);
      expect([relation, await count(relation, [])]).toEqual([relation, 0]);
      if ((await count(relation, 'all')) > 0) filled += 1;
    }
    expect(relations.length).toBeGreaterThan(20);
    expect(filled).toBeGreaterThan(14);
  });

  it('sees the people of its own schools, and of no other', async () => {
    const names = (scope: readonly string[]) =>
      directory.database.transaction(
        async (tx) =>
          (
            await tx.query<{ name: string }>('SELECT given_name AS name FROM directory.people ORDER BY 1')
          ).map(({ name }) => name),
        { scope },
      );
    expect(await names([controllers.college])).toEqual([
      'Gaël',
      'Hélène',
      'Inès',
      'Maëlle',
      'Noël',
      'Odette',
      'Raphaël',
      'Zoé',
    ]);
    // The teacher and the parents are in both schools; the head, the CPE, Zoé and her other relatives are not.
    expect(await names([controllers.lycee])).toEqual(['Adèle', 'Hélène', 'Inès', 'Raphaël']);
    for (const relation of ['roles', 'divisions', 'division_members', 'guardian_links', 'schools']) {
      const [one, other, all] = [
        await count(relation, [controllers.college]),
        await count(relation, [controllers.lycee]),
        await count(relation, 'all'),
      ];
      expect([relation, one + other]).toEqual([relation, all]);
      expect(one).toBeGreaterThan(0);
      expect(other).toBeGreaterThan(0);
    }
  });

  it('changes nobody of another controller, and gives nobody away', async () => {
    const update = (scope: readonly string[]) =>
      directory.database.transaction(
        (tx) =>
          tx.query(`UPDATE directory.people SET status = 'suspended' WHERE given_name = 'Zoé' RETURNING id`),
        { scope },
      );
    expect(await update([controllers.lycee])).toEqual([]);
    await expect(
      directory.database.transaction(
        (tx) => tx.query('UPDATE directory.people SET controller_id = $1', [controllers.lycee]),
        { scope: [controllers.college] },
      ),
    ).rejects.toThrow('row-level security');
    expect(await update([controllers.college])).toHaveLength(1);
  });

  it('does nothing at all with a scope that is no list of ids', async () => {
    await expect(count('people', ['*'])).rejects.toThrow('invalid input syntax');
    await expect(count('people', ["x' OR true --"])).rejects.toThrow('invalid input syntax');
  });
});
