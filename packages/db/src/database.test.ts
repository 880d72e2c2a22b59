import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from './database.ts';
import { openTestDatabase, type TestDatabase } from './testing.ts';

describe('openDatabase', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase([]);
  });
  afterAll(() => test.close());

  it('runs a transaction again after a serialisation failure, so that both of two rivals commit', async () => {
    const admin = test.openAdmin();
    await admin.query('CREATE TABLE counters (id int PRIMARY KEY, n int NOT NULL)');
    await admin.query('INSERT INTO counters VALUES (1, 0)');
    let attempts = 0;
    await Promise.all(
      Array.from({ length: 4 }, () =>
        admin.transaction(
          async (tx) => {
            attempts += 1;
            const [row] = await tx.query<{ n: number }>('SELECT n FROM counters WHERE id = 1');
            await tx.query('SELECT pg_sleep(0.02)');
            await tx.query('UPDATE counters SET n = $1 WHERE id = 1', [row!.n + 1]);
          },
          { isolation: 'serializable', maxAttempts: 20 },
        ),
      ),
    );
    const [row] = await admin.query<{ n: number }>('SELECT n FROM counters');
    expect(row!.n).toBe(4);
    expect(attempts).toBeGreaterThan(4);
  });

  it('rolls back everything when the work throws', async () => {
    const admin = test.openAdmin();
    await admin.query('CREATE TABLE marks (id int)');
    await expect(
      admin.transaction(async (tx) => {
        await tx.query('INSERT INTO marks VALUES (1)');
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await admin.query('SELECT * FROM marks')).toEqual([]);
  });

  it('keeps a prepared statement on its connection, in and out of transactions', async () => {
    const pool = openDatabase({ url: test.adminUrl, maxConnections: 1 });
    const statement = { name: 'sum', text: 'SELECT $1::int + $2::int AS sum' };
    expect(await pool.prepared(statement, [1, 2])).toEqual([{ sum: 3 }]);
    expect(await pool.transaction((tx) => tx.prepared(statement, [2, 2]))).toEqual([{ sum: 4 }]);
    expect(await pool.query("SELECT FROM pg_prepared_statements WHERE name = 'sum'")).toHaveLength(1);
    await expect(pool.prepared({ ...statement, text: 'SELECT 1' })).rejects.toThrow(/must be unique/);
    await pool.close();
  });

  it('reads the rows of its scope in one statement, and writes nothing, where a pool is for reading', async () => {
    const admin = test.openAdmin();
    await admin.query('CREATE TABLE notes (id int)');
    await admin.query('GRANT SELECT, INSERT ON notes TO socle_app');
    for (const [readScope, text] of [
      ['all', '*'],
      [['c 1', 'd\\2'], '{"c 1","d\\\\2"}'],
    ] as const) {
      const reader = openDatabase({ url: test.url('app'), readScope });
      expect(
        await reader.query("SELECT current_setting('socle.controllers') AS scope FROM (SELECT) AS one"),
      ).toEqual([{ scope: text }]);
      await expect(reader.query('INSERT INTO notes VALUES (1)')).rejects.toThrow(/read-only/);
      await reader.close();
    }
    await test.app.query('INSERT INTO notes VALUES (1)');
  });

  it('answers a refused connection with the fault database_unavailable', async () => {
    const { openDatabase } = await import('./database.ts');
    const lost = openDatabase({ url: 'postgres://nobody:x@/none?host=/tmp/nowhere' });
    await expect(lost.query('SELECT 1')).rejects.toMatchObject({ code: 'database_unavailable', status: 503 });
    await expect(lost.transaction(async () => 1)).rejects.toMatchObject({ code: 'database_unavailable' });
    await lost.close();
  });

  it('asks again for a lost notification connection at a steady pace, however long the server is away', async () => {
    const { openDatabase } = await import('./database.ts');
    const admin = test.openAdmin();
    const direct = new URL(test.adminUrl.replace('@/', '@localhost/'));
    const socket = `${direct.searchParams.get('host')}/.s.PGSQL.${direct.port || '5432'}`;
    const attempts: number[] = [];
    let isAway = false;
    const open = new Set<Socket>();
    const proxy = createServer((incoming) => {
      attempts.push(performance.now());
      if (isAway) return incoming.destroy();
      const outgoing = connect(socket);
      for (const side of [incoming, outgoing]) {
        open.add(side);
        side.on('error', () => undefined);
      }
      incoming.pipe(outgoing).pipe(incoming);
      return undefined;
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    const database = openDatabase({
      url: `postgres://${direct.username}:${direct.password}@127.0.0.1:${port}${direct.pathname}`,
    });
    let heard = 0;
    const listener = await database.listen('steady', () => (heard += 1));
    isAway = true;
    for (const side of open) side.destroy();
    await expect.poll(() => attempts.length, { timeout: 10_000 }).toBeGreaterThan(4);
    const gaps = attempts.slice(2).map((at, index) => at - attempts[index + 1]!);
    expect(Math.min(...gaps)).toBeGreaterThan(400);
    isAway = false;
    await expect
      .poll(
        async () => {
          await admin.query("SELECT pg_notify('steady', '')");
          return heard;
        },
        { timeout: 10_000, interval: 200 },
      )
      .toBeGreaterThan(0);
    await listener.close();
    await database.close();
    proxy.close();
  });
});
