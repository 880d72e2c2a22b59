import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { migrations, openSequencer } from '@socle/audit';
import { buildTestSigner, TEST_ORIGIN } from '@socle/audit/testing';
import { systemClock } from '@socle/base';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLogCheck } from '../support/audit-invariants.ts';

const PROCESSES = 8;
const WRITERS_EACH = 8;
const EVENTS_EACH = 40;
/** How long the longest transactions stay open. `npm run test:kill-points` sets 30 s. */
const LONG_MS = Number(process.env['SOCLE_LONG_TRANSACTION_MS'] ?? 3_000);
const WRITER = new URL('../support/audit-writer.ts', import.meta.url).pathname;

describe('64 writers in 8 processes, with rollbacks and long transactions', () => {
  let test: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    test = await openTestDatabase([migrations]);
    folder = await mkdtemp(path.join(tmpdir(), 'socle-audit-'));
  });
  afterAll(async () => {
    await test.close();
    await rm(folder, { recursive: true });
  });

  it('puts each committed event into the tree exactly once, the late ones too, and nothing else', async () => {
    const witnessFile = path.join(folder, 'witness.ndjson');
    const sequencer = openSequencer({
      url: test.url('sequencer'),
      clock: systemClock,
      signer: buildTestSigner(),
      origin: TEST_ORIGIN,
      witnessFile,
      publishMs: 50,
    });
    const committed: string[] = [];
    const args = [WRITER, test.url('app'), String(WRITERS_EACH), String(LONG_MS), String(EVENTS_EACH)];
    const codes = await Promise.all(
      Array.from({ length: PROCESSES }, async () => {
        const child = spawn(process.execPath, ['--no-warnings', ...args], {
          stdio: ['ignore', 'pipe', 'inherit'],
          env: { PATH: process.env['PATH'] },
        });
        createInterface({ input: child.stdout }).on('line', (line) => committed.push(...line.split(' ')));
        return ((await once(child, 'close')) as [number])[0];
      }),
    );
    expect(codes).toEqual(Array(PROCESSES).fill(0));
    await sequencer.flush();
    await sequencer.close();
    expect(committed.length).toBe(PROCESSES * WRITERS_EACH * EVENTS_EACH);
    expect(new Set(committed).size).toBe(committed.length);
    const admin = test.openAdmin();
    const { size } = await openLogCheck(witnessFile).requireWhole(admin, committed);
    const leaves = await admin.query<{ id: string }>('SELECT event_id AS id FROM audit.leaves');
    expect(leaves.map(({ id }) => id).sort()).toEqual(committed.toSorted());
    expect(size).toBe(committed.length);
    // the test is only worth something if late commits did overtake the order of ids
    const [late] = await admin.query<{ late: number }>(
      `SELECT count(*) AS late FROM (SELECT event_id, lag(event_id) OVER (ORDER BY leaf_index) AS before FROM audit.leaves) AS l
       WHERE event_id < before`,
    );
    expect(late!.late).toBeGreaterThan(0);
  }, 600_000);
});
