import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrations, openAudit, openSequencer } from '@socle/audit';
import { buildSampleEvent, buildTestSigner, sampleActions, TEST_ORIGIN } from '@socle/audit/testing';
import { systemClock } from '@socle/base';
import { openDatabase, startEmbeddedServer, type EmbeddedServer } from '@socle/db';
import { openTestDatabase, TEST_SERVER_VARIABLE } from '@socle/db/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLogCheck } from '../support/audit-invariants.ts';

const CRASHES = Number(process.env['SOCLE_KILL_POINTS'] ?? 12) >= 200 ? 12 : 4;

describe('PostgreSQL killed in the middle of batches', () => {
  let folder: string;
  let server: EmbeddedServer;
  let before: string | undefined;
  const start = () =>
    startEmbeddedServer({ folder: path.join(folder, 'postgres'), mayMove: false, maxConnections: 60 });

  beforeAll(async () => {
    folder = await mkdtemp('/tmp/socle-audit-');
    await chmod(folder, 0o755);
    server = await start();
    before = process.env[TEST_SERVER_VARIABLE];
    process.env[TEST_SERVER_VARIABLE] = server.adminUrl;
  });
  afterAll(async () => {
    process.env[TEST_SERVER_VARIABLE] = before;
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('loses nothing that was acknowledged, doubles nothing, and the tree is the one that the witness saw', async () => {
    const test = await openTestDatabase([migrations]);
    const audit = openAudit({ database: test.app, clock: systemClock, actions: [sampleActions] });
    const witnessFile = path.join(tmpdir(), `socle-witness-${process.pid}.ndjson`);
    const sequencer = openSequencer({
      url: test.url('sequencer'),
      clock: systemClock,
      signer: buildTestSigner(),
      origin: TEST_ORIGIN,
      witnessFile,
      maxBatch: 40,
      batchMs: 0,
      pollMs: 2,
      publishMs: 20,
    });
    const acknowledged: string[] = [];
    let stop = false;
    let failures = 0;
    const writers = Array.from({ length: 4 }, async () => {
      while (!stop) {
        const events = Array.from({ length: 10 }, () => buildSampleEvent());
        try {
          acknowledged.push(...(await test.app.transaction((tx) => audit.appendMany(tx, events))));
        } catch {
          failures += 1;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    });
    const sizes: number[] = [];
    const check = openLogCheck(witnessFile);
    for (let crash = 0; crash < CRASHES; crash += 1) {
      const target = acknowledged.length + 300;
      while (acknowledged.length < target) await new Promise((resolve) => setTimeout(resolve, 5));
      if (crash % 2 === 0) {
        // one backend dies: PostgreSQL throws all others out and recovers from its log
        const admin = openDatabase({ url: test.adminUrl, maxConnections: 1 });
        const [row] = await admin.query<{ pid: number }>(
          "SELECT pid FROM pg_stat_activity WHERE application_name = 'socle sequencer' AND datname = current_database() LIMIT 1",
        );
        if (row) process.kill(row.pid, 'SIGKILL');
        await admin.close().catch(() => undefined);
      } else {
        process.kill(server.pid, 'SIGKILL');
        await server.crashed;
        await server.stop();
        server = await start();
      }
      await expect.poll(() => answers(test.adminUrl), { timeout: 60_000 }).toBe(true);
      const admin = openDatabase({ url: test.adminUrl, maxConnections: 1 });
      sizes.push((await check.requireWhole(admin, [...acknowledged])).size);
      await admin.close();
    }
    stop = true;
    await Promise.all(writers);
    await audit.sealed(acknowledged.at(-1) as never, 60_000);
    await sequencer.flush();
    await sequencer.close();
    const admin = openDatabase({ url: test.adminUrl, maxConnections: 1 });
    const { size } = await openLogCheck(witnessFile).requireWhole(admin, acknowledged);
    await admin.close();
    expect(size).toBeGreaterThanOrEqual(acknowledged.length);
    expect(failures).toBeGreaterThan(0);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    await audit.close();
    await test.close();
    await rm(witnessFile);
  }, 600_000);
});

async function answers(url: string): Promise<boolean> {
  const database = openDatabase({ url, maxConnections: 1 });
  try {
    await database.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await database.close().catch(() => undefined);
  }
}
