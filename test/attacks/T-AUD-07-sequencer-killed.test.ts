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

describe('T-AUD-07 the sequencer is killed at any moment', () => {
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

  it('loses nothing that was acknowledged, repeats nothing, and the log verifies', async () => {
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

    const rows = await test.openAdmin().query<{ event_id: string }>('SELECT event_id FROM audit.leaves');
    expect(acknowledged.length).toBe(1_600);
    expect(rows.map((row) => row.event_id).sort()).toEqual([...acknowledged].sort());
    const out = path.join(folder, 'export');
    const verifierKey = buildVerifierKey(TEST_ORIGIN, publicKey);
    await exportLog({
      database: test.app,
      audit,
      keys: { keyName: TEST_ORIGIN, verifierKey, sign: (message) => sign(null, message, privateKey) },
      out,
      purpose: 'Contrôle après panne',
      requester: { kind: 'system', id: 'test' },
      controller: 'platform',
    });
    const verdict = verifyExport(out, { vkey: verifierKey, witness: path.join(folder, 'witness.ndjson') });
    expect(verdict).toMatchObject({ word: 'ok', events: acknowledged.length });
  }, 120_000);
});
