import { readFile, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, startEmbeddedServer, type Database, type EmbeddedServer } from '@socle/db';

describe('T-DB-05 the database writes no personal data in its log', () => {
  let folder: string;
  let server: EmbeddedServer;
  let database: Database;
  beforeAll(async () => {
    folder = await mkdtemp('/tmp/socle-db-log-');
    server = await startEmbeddedServer({ folder, throwAway: true, mayMove: false, maxConnections: 10 });
    database = openDatabase({ url: server.adminUrl });
  });
  afterAll(async () => {
    await database.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('keeps the values and the text of a failed statement out of postgres.log', async () => {
    await database.query('CREATE TABLE people (name text UNIQUE)');
    await database.query('INSERT INTO people VALUES ($1)', ['Zéphyrine Canari']);
    await expect(database.query('INSERT INTO people VALUES ($1)', ['Zéphyrine Canari'])).rejects.toThrow(
      /duplicate key/,
    );
    await expect(database.query(`SELECT 'Zéphyrine Canari'::int`)).rejects.toThrow();
    await server.stop();
    const log = await readFile(path.join(folder, 'postgres.log'), 'utf8');
    expect(log).not.toContain('Canari');
    // the positive twin: what is no one's data is written
    expect(log).toContain('shutting down');
    server = await startEmbeddedServer({ folder, throwAway: true, mayMove: false, maxConnections: 10 });
    database = openDatabase({ url: server.adminUrl });
    expect(await database.query('SELECT name FROM people')).toEqual([{ name: 'Zéphyrine Canari' }]);
  });
});
