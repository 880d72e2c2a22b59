import { spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { buildVerifierKey, exportLog, migrations, openAudit, verifyExport, type Audit } from '@socle/audit';
import { buildSampleEvent, sampleActions, TEST_ORIGIN } from '@socle/audit/testing';
import { systemClock, type EventId } from '@socle/base';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../support/sequencer-process.ts', import.meta.url));
const KILLS = 12;

describe('a sequencer in a process of its own', () => {
  let test: TestDatabase;
  let audit: Audit;
  let folder: string;
  const children: ChildProcess[] = [];
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');

  beforeAll(async () => {
    test = await openTestDatabase([migrations]);
    audit = openAudit({ database: test.app, clock: systemClock, actions: [sampleActions] });
    folder = await mkdtemp(path.join(tmpdir(), 'socle-audit-'));
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await audit.close();
    await test.close();
    await rm(folder, { recursive: true });
  });

  function start() {
    const child = spawn(process.execPath, [SCRIPT], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        SEQUENCER_URL: test.url('sequencer'),
        SEQUENCER_KEY: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
        SEQUENCER_ORIGIN: TEST_ORIGIN,
        SEQUENCER_WITNESS: path.join(folder, 'witness.ndjson'),
      },
    });
    children.push(child);
    const lines = createInterface({ input: child.stdout! });
    return { child, lines };
  }

  /** Starts a sequencer and kills it right after it has reported `batches` batches: it is then amid the next. */
  async function startAndKill(batches: number): Promise<void> {
    const { child, lines } = start();
    let seen = 0;
    await new Promise<void>((resolve) => {
      lines.on('line', () => {
        seen += 1;
        if (seen === batches) {
          child.kill('SIGKILL');
          resolve();
        }
      });
    });
    await new Promise((resolve) =>
      (child.exitCode ?? child.signalCode) ? resolve(0) : child.once('exit', resolve),
    );
  }

  it('T-AUD-07 killed at any moment, loses nothing that was acknowledged, repeats nothing, and the log verifies', async () => {
    const acknowledged: EventId[] = [];
    const writers = Array.from({ length: 4 }, async () => {
      for (let round = 0; round < 40; round += 1) {
        const ids = await test.app.transaction((tx) =>
          audit.appendMany(
            tx,
            Array.from({ length: 10 }, () => buildSampleEvent()),
          ),
        );
        acknowledged.push(...ids);
      }
    });
    for (let kill = 0; kill < KILLS; kill += 1) await startAndKill(1 + (kill % 4));
    await Promise.all(writers);
    const { child } = start();
    await Promise.all(acknowledged.map((id) => audit.sealed(id, 60_000)));
    child.kill('SIGKILL');

    expect(acknowledged.length).toBe(1_600);
    await requireWholeLog(acknowledged, 'export-after-kills');
  }, 120_000);

  it('T-AUD-08 paused, replaced and resumed, never writes a second history', async () => {
    const before = await loadLeafIds();
    const acknowledged: EventId[] = [];
    const append = async (count: number) => {
      const ids = await test.app.transaction((tx) =>
        audit.appendMany(
          tx,
          Array.from({ length: count }, () => buildSampleEvent()),
        ),
      );
      acknowledged.push(...ids);
      return ids;
    };
    const waitForBatch = ({ lines }: ReturnType<typeof start>) =>
      new Promise<void>((resolve) => lines.once('line', () => resolve()));
    const admin = test.openAdmin();
    const [first, second] = [start(), start()];
    for (let round = 0; round < 6; round += 1) {
      const batch = Promise.race([waitForBatch(first), waitForBatch(second)]);
      const ids = append(300);
      await batch;
      // whoever leads is stopped amid its work; its session dies as the network would have it
      first.child.kill('SIGSTOP');
      await admin.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'socle sequencer'`,
      );
      await Promise.all((await ids).map((id) => audit.sealed(id, 30_000)));
      first.child.kill('SIGCONT');
      await Promise.all((await append(50)).map((id) => audit.sealed(id, 30_000)));
    }
    first.child.kill('SIGKILL');
    second.child.kill('SIGKILL');
    await requireWholeLog([...before, ...acknowledged], 'export-after-pauses');
  }, 120_000);

  async function loadLeafIds(): Promise<EventId[]> {
    const rows = await test.openAdmin().query<{ event_id: EventId }>('SELECT event_id FROM audit.leaves');
    return rows.map((row) => row.event_id);
  }

  /** Every event once and no other, and the export verifies against every checkpoint that the witness was ever shown. */
  async function requireWholeLog(expected: readonly EventId[], name: string): Promise<void> {
    const rows = await test
      .openAdmin()
      .query<{ id: EventId }>("SELECT id FROM audit.events WHERE action = 'audit.log.exported'");
    const ofExports = new Set(rows.map((row) => row.id));
    const others = (ids: readonly EventId[]) => ids.filter((id) => !ofExports.has(id)).toSorted();
    expect(others(await loadLeafIds())).toEqual(others(expected));
    const out = path.join(folder, name);
    const verifierKey = buildVerifierKey(TEST_ORIGIN, publicKey);
    const exported = await exportLog({
      database: test.app,
      audit,
      keys: { keyName: TEST_ORIGIN, verifierKey, sign: (message) => sign(null, message, privateKey) },
      out,
      purpose: 'Contrôle après panne',
      requester: { kind: 'system', id: 'test' },
      controller: 'platform',
    });
    const verdict = verifyExport(out, { vkey: verifierKey, witness: path.join(folder, 'witness.ndjson') });
    expect(verdict).toMatchObject({ word: 'ok', events: exported.size });
  }
});
