import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate, type MigrationSet } from './migrations.ts';
import { openTestDatabase, type TestDatabase } from './testing.ts';

describe('migrate', () => {
  let test: TestDatabase;
  let folder: string;
  let set: MigrationSet;

  beforeEach(async () => {
    test = await openTestDatabase([]);
    folder = await mkdtemp('/tmp/socle-migrations-');
    set = { name: 'demo', folder: pathToFileURL(`${folder}/`) };
    await writeFile(
      `${folder}/0001_create_things.sql`,
      'CREATE SCHEMA demo; CREATE TABLE demo.things (id int)',
    );
  });
  afterEach(async () => {
    await test.close();
    await rm(folder, { recursive: true });
  });

  const run = (checkOnly = false) =>
    migrate({ url: test.url('migrator'), ownerRole: 'socle_owner', sets: [set], checkOnly });
  const owner = async () =>
    (
      await test
        .openAdmin()
        .query<{ owner: string }>(`SELECT tableowner AS owner FROM pg_tables WHERE tablename = 'things'`)
    )[0]?.owner;

  it('applies each file once, as the owner who cannot log in', async () => {
    expect(await run()).toEqual({ pending: ['demo/0001_create_things.sql'], applied: 1 });
    expect(await owner()).toBe('socle_owner');
    expect(await run()).toEqual({ pending: [], applied: 0 });
  });

  it('with checkOnly says what would be applied and applies nothing', async () => {
    expect(await run(true)).toEqual({ pending: ['demo/0001_create_things.sql'], applied: 0 });
    expect(await owner()).toBeUndefined();
  });

  it('applies once when four instances start together', async () => {
    const results = await Promise.all([run(), run(), run(), run()]);
    expect(results.map((result) => result.applied).toSorted((a, b) => a - b)).toEqual([0, 0, 0, 1]);
  });

  it('refuses a file that was changed after it had been applied', async () => {
    await run();
    await writeFile(
      `${folder}/0001_create_things.sql`,
      'CREATE SCHEMA demo; CREATE TABLE demo.things (id bigint)',
    );
    await expect(run()).rejects.toMatchObject({ code: 'migration_changed' });
  });

  it('refuses a database that is ahead of the code', async () => {
    await writeFile(`${folder}/0002_add_more.sql`, 'CREATE TABLE demo.more (id int)');
    await run();
    await rm(`${folder}/0002_add_more.sql`);
    await expect(run()).rejects.toMatchObject({ code: 'migration_newer_than_code' });
  });

  it('leaves nothing of a file that PostgreSQL refuses, and names it', async () => {
    await run();
    await writeFile(
      `${folder}/0002_add_more.sql`,
      'CREATE TABLE demo.more (id int); CREATE TABLE demo.things (id int)',
    );
    await expect(run()).rejects.toMatchObject({
      code: 'migration_failed',
      publicMessage: expect.stringContaining('demo/0002_add_more.sql'),
    });
    expect(await test.openAdmin().query(`SELECT 1 FROM pg_tables WHERE tablename = 'more'`)).toEqual([]);
  });

  it('refuses a gap in the numbers and a badly named file', async () => {
    await writeFile(`${folder}/0003_skip_one.sql`, 'SELECT 1');
    await expect(run()).rejects.toMatchObject({
      code: 'migration_failed',
      publicMessage: expect.stringContaining('without a gap'),
    });
    await rm(`${folder}/0003_skip_one.sql`);
    await writeFile(`${folder}/2_more.sql`, 'SELECT 1');
    await expect(run()).rejects.toMatchObject({
      publicMessage: expect.stringContaining('NNNN_verb_noun.sql'),
    });
  });

  it('runs a file marked no-transaction statement by statement', async () => {
    await run();
    await writeFile(
      `${folder}/0002_index_things.sql`,
      '-- no-transaction\nCREATE INDEX CONCURRENTLY things_id ON demo.things (id);\n',
    );
    expect((await run()).applied).toBe(1);
  });
});
