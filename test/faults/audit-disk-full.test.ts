import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { migrations, openAudit, openSequencer } from '@socle/audit';
import { buildSampleEvent, buildTestSigner, sampleActions, TEST_ORIGIN } from '@socle/audit/testing';
import { systemClock } from '@socle/base';
import { startEmbeddedServer, type EmbeddedServer } from '@socle/db';
import { openTestDatabase, TEST_SERVER_VARIABLE } from '@socle/db/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLogCheck } from '../support/audit-invariants.ts';
import { mayMount, mountSmallDisk, type SmallDisk } from '../support/small-disk.ts';

describe.runIf(mayMount())('the disk of the log fills up', () => {
  let folder: string;
  let disk: SmallDisk;
  let server: EmbeddedServer;
  let before: string | undefined;

  const start = () => startEmbeddedServer({ folder: path.join(disk.folder, 'postgres'), mayMove: false });

  beforeAll(async () => {
    folder = await mkdtemp('/tmp/socle-audit-');
    disk = await mountSmallDisk(folder, 400);
    server = await start();
    before = process.env[TEST_SERVER_VARIABLE];
    process.env[TEST_SERVER_VARIABLE] = server.adminUrl;
  });
  afterAll(async () => {
    process.env[TEST_SERVER_VARIABLE] = before;
    await server.stop();
    await disk.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('refuses acts rather than let them go unrecorded, and goes on once there is room', async () => {
    const test = await openTestDatabase([migrations]);
    const audit = openAudit({ database: test.app, clock: systemClock, actions: [sampleActions] });
    const witnessFile = path.join(folder, 'witness.ndjson');
    const sequencer = openSequencer({
      url: test.url('sequencer'),
      clock: systemClock,
      signer: buildTestSigner(),
      origin: TEST_ORIGIN,
      witnessFile,
      publishMs: 20,
    });
    const acknowledged: string[] = [];
    const append = (count: number) =>
      test.app.transaction((tx) =>
        audit.appendMany(
          tx,
          Array.from({ length: count }, () => buildSampleEvent()),
        ),
      );
    acknowledged.push(...(await append(500)));
    await disk.fill(3);
    let refused: unknown;
    for (let round = 0; round < 200 && refused === undefined; round += 1) {
      try {
        acknowledged.push(...(await append(500)));
      } catch (error) {
        refused = error;
      }
    }
    // the act's own transaction fails with it: no event, no act
    expect(refused).toBeInstanceOf(Error);
    await disk.relieve();
    // without room for its own log PostgreSQL stops; whoever runs it starts it again
    const stopped = await Promise.race([
      server.crashed.then(() => true),
      append(1).then(
        () => false,
        () => undefined,
      ),
    ]);
    if (stopped !== false) {
      await server.stop();
      server = await start();
    }
    await expect
      .poll(
        () =>
          append(10).then(
            (ids) => acknowledged.push(...ids) > 0,
            () => false,
          ),
        { timeout: 60_000 },
      )
      .toBe(true);
    await audit.sealed(acknowledged.at(-1) as never, 60_000);
    await expect
      .poll(
        () =>
          sequencer.flush().then(
            () => sequencer.metrics().size >= acknowledged.length,
            () => false,
          ),
        { timeout: 60_000 },
      )
      .toBe(true);
    await sequencer.close();
    const admin = test.openAdmin();
    const { size, witnessed } = await openLogCheck(witnessFile).requireWhole(admin, acknowledged);
    expect(size).toBeGreaterThanOrEqual(acknowledged.length);
    expect(witnessed).toBeGreaterThan(1);
    await audit.close();
    await test.close();
  }, 300_000);
});
