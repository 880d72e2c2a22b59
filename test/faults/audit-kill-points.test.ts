import { spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { buildVerifierKey, exportLog, migrations, openAudit, verifyExport } from '@socle/audit';
import { sampleActions, TEST_ORIGIN } from '@socle/audit/testing';
import { systemClock } from '@socle/base';
import type { Database } from '@socle/db';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLogCheck, type LogCheck } from '../support/audit-invariants.ts';

/** How often something is killed. `npm run test:kill-points` sets 200. */
const KILL_POINTS = Number(process.env['SOCLE_KILL_POINTS'] ?? 12);

const script = (name: string) => fileURLToPath(new URL(`../support/${name}`, import.meta.url));

describe(`a log whose writers and sequencers are killed (${KILL_POINTS} times)`, () => {
  let test: TestDatabase;
  let admin: Database;
  let folder: string;
  const children = new Set<ChildProcess>();
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const verifierKey = buildVerifierKey(TEST_ORIGIN, publicKey);
  const acknowledged: string[] = [];
  let check: LogCheck;

  beforeAll(async () => {
    test = await openTestDatabase([migrations]);
    admin = test.openAdmin();
    folder = await mkdtemp(path.join(tmpdir(), 'socle-audit-'));
    check = openLogCheck(witnessFile());
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await test.close();
    await rm(folder, { recursive: true });
  });

  const witnessFile = () => path.join(folder, 'witness.ndjson');

  function start(
    file: string,
    args: readonly string[],
    env: Record<string, string>,
    onLine: (line: string) => void,
  ) {
    const child = spawn(process.execPath, ['--no-warnings', script(file), ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env['PATH'], ...env },
    });
    children.add(child);
    createInterface({ input: child.stdout }).on('line', onLine);
    return child;
  }
  const startWriter = (onLine: () => void) =>
    start('audit-writer.ts', [test.url('app'), '3', '0', 'Infinity', '200'], {}, (line) => {
      acknowledged.push(...line.split(' '));
      onLine();
    });
  const startSequencer = (onLine: () => void) =>
    start(
      'sequencer-process.ts',
      [],
      {
        SEQUENCER_URL: test.url('sequencer'),
        SEQUENCER_KEY: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
        SEQUENCER_ORIGIN: TEST_ORIGIN,
        SEQUENCER_WITNESS: witnessFile(),
      },
      onLine,
    );

  /** A process that is killed a random moment after it has begun to work, and the wait for its end. */
  async function startAndKill(startOne: (onLine: () => void) => ChildProcess): Promise<void> {
    let began = () => {};
    const working = new Promise<void>((resolve) => (began = resolve));
    const child = startOne(() => began());
    await working;
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
    const gone = once(child, 'close');
    child.kill('SIGKILL');
    await gone;
    children.delete(child);
  }

  it('holds what it must after each of them', async () => {
    let witnessed = 0;
    // the other kind of process works on meanwhile, and is replaced from time to time
    let writer = startWriter(() => {});
    let sequencer = startSequencer(() => {});
    for (let point = 0; point < KILL_POINTS; point += 1) {
      const victim = point % 3;
      if (victim === 0) await startAndKill(startWriter);
      else if (victim === 1) {
        sequencer.kill('SIGKILL');
        await once(sequencer, 'close');
        await startAndKill(startSequencer);
        sequencer = startSequencer(() => {});
      } else {
        // both at once
        const gone = [once(writer, 'close'), once(sequencer, 'close')];
        writer.kill('SIGKILL');
        sequencer.kill('SIGKILL');
        await Promise.all(gone);
        writer = startWriter(() => {});
        sequencer = startSequencer(() => {});
      }
      // what was acknowledged up to here, and one state of a log that goes on
      witnessed = (await check.requireWhole(admin, [...acknowledged])).witnessed;
    }
    writer.kill('SIGTERM');
    await once(writer, 'close');
    const audit = openAudit({ database: test.app, clock: systemClock, actions: [sampleActions] });
    await Promise.all(acknowledged.slice(-50).map((id) => audit.sealed(id as never, 60_000)));
    while ((await admin.query('SELECT FROM audit.pending LIMIT 1')).length > 0)
      await new Promise((resolve) => setTimeout(resolve, 20));
    sequencer.kill('SIGKILL');
    await once(sequencer, 'close');
    const { size } = await openLogCheck(witnessFile()).requireWhole(admin, acknowledged);
    expect(acknowledged.length).toBeGreaterThan(KILL_POINTS);
    expect(size).toBeGreaterThanOrEqual(acknowledged.length);
    expect(witnessed).toBeGreaterThan(1);
    const out = path.join(folder, 'export');
    const exported = await exportLog({
      database: test.app,
      audit,
      keys: { keyName: TEST_ORIGIN, verifierKey, sign: (message) => sign(null, message, privateKey) },
      out,
      purpose: 'Contrôle après pannes',
      requester: { kind: 'system', id: 'test' },
      controller: 'platform',
    });
    await audit.close();
    const verdict = verifyExport(out, { vkey: verifierKey, witness: witnessFile() });
    expect(verdict).toMatchObject({ word: 'ok', events: exported.size });
  }, 1_800_000);
});
