import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

  it('answers a refused connection with the fault database_unavailable', async () => {
    const { openDatabase } = await import('./database.ts');
    const lost = openDatabase({ url: 'postgres://nobody:x@/none?host=/tmp/nowhere' });
    await expect(lost.query('SELECT 1')).rejects.toMatchObject({ code: 'database_unavailable', status: 503 });
    await expect(lost.transaction(async () => 1)).rejects.toMatchObject({ code: 'database_unavailable' });
    await lost.close();
  });
});
