import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openModuleDatabase } from './database.ts';

describe('openModuleDatabase', () => {
  let test: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    test = await openTestDatabase([], { prefix: 'library', extraLogins: [] });
    folder = await mkdtemp(path.join(tmpdir(), 'socle-client-'));
    await writeFile(
      path.join(folder, '0001_create_loans.sql'),
      `CREATE SCHEMA library;
       CREATE TABLE library.loans (id int PRIMARY KEY);
       GRANT USAGE ON SCHEMA library TO library_app;
       GRANT SELECT, INSERT ON library.loans TO library_app;`,
    );
  });
  afterAll(async () => {
    await test.close();
    await rm(folder, { recursive: true });
  });

  const open = (login: 'both' | 'app') =>
    openModuleDatabase({
      name: 'library',
      url: test.url('app'),
      ...(login === 'both' ? { migratorUrl: test.url('migrator') } : {}),
      migrations: pathToFileURL(`${folder}/`),
    });

  it('refuses to open without the migrator while tables are missing', async () => {
    await expect(open('app')).rejects.toMatchObject({ code: 'migration_pending', status: 503 });
  });

  it('makes this package’s tables and the module’s, and opens them for the service’s login', async () => {
    const database = await open('both');
    await database.transaction((tx) => tx.query('INSERT INTO library.loans VALUES (1)'));
    expect(await database.query('SELECT * FROM library.loans')).toEqual([{ id: 1 }]);
    expect(await database.query('SELECT * FROM client.sessions')).toEqual([]);
    await database.close();
  });

  it('opens without the migrator once all is applied', async () => {
    const database = await open('app');
    expect(database.name).toBe('library');
    await database.close();
  });

  it('leaves the service’s login without the right to change what is recorded', async () => {
    const database = await open('app');
    const refused = { code: '42501' };
    await expect(database.query('UPDATE client.outbox SET event = $1', ['{}'])).rejects.toMatchObject(
      refused,
    );
    await expect(database.query("UPDATE client.sessions SET sub = 'x'")).rejects.toMatchObject(refused);
    await expect(database.query("UPDATE client.sessions SET expires_at = 'infinity'")).rejects.toMatchObject(
      refused,
    );
    await expect(database.query('DELETE FROM migrations.applied')).rejects.toMatchObject(refused);
    await expect(database.query('DROP TABLE client.outbox')).rejects.toMatchObject(refused);
    await expect(database.query('CREATE TABLE client.mine (id int)')).rejects.toMatchObject(refused);
    await database.close();
  });

  it('says that the database does not answer', async () => {
    await expect(
      openModuleDatabase({
        name: 'library',
        url: 'postgres://nobody:x@/none?host=/tmp/nowhere',
        migrations: pathToFileURL(`${folder}/`),
      }),
    ).rejects.toMatchObject({ code: 'database_unavailable' });
  });
});
