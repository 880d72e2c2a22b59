import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { startEmbeddedServer } from '@socle/db';
import { TEST_SERVER_VARIABLE } from '@socle/db/testing';
import { generateAaf } from '@socle/directory';
import { runSocle } from '../test/support/command-line.ts';
import { openBrowser } from '../test/support/http-browser.ts';
import { startIdentityServer } from '../test/support/identity-server.ts';
import { openRelyingParty } from '../test/support/relying-party.ts';
import type { BenchResult } from './result.ts';

const PROGRAM = path.resolve(import.meta.dirname, '../services/socle/src/main.ts');
const PASSWORD = 'châtaigne bleue 7';
const PEOPLE = 24;
const CALLERS = 4;
const WINDOW_MS = 6_000;
const PUPILS = Number(process.env['IMPORT_SIGN_IN_PUPILS'] ?? 40_000);
// The parameters of production (OWASP: 19 MiB, two passes).
const REAL = { memoryKib: 19_456, iterations: 2, parallelism: 1 };

/**
 * Whole sign-ins over HTTP (form, argon2id, code, PKCE, tokens) while `socle import aaf` runs beside them on the same embedded
 * PostgreSQL, against the same sign-ins alone before and after.
 */
export async function run(): Promise<BenchResult[]> {
  const root = await mkdtemp('/tmp/socle-bench-sign-in-');
  await chmod(root, 0o755);
  const postgres = await startEmbeddedServer({ folder: path.join(root, 'postgres') });
  try {
    const folder = path.join(root, 'feed');
    await generateAaf({
      folder,
      pupils: PUPILS,
      schools: Math.max(4, Math.round(PUPILS / 650)),
      seed: 'sign-in',
      date: new Date('2026-09-01'),
    });
    const env = { PATH: process.env['PATH'] ?? '', SOCLE_DATA_DIR: root, SOCLE_LOG_LEVEL: 'silent' };
    const migrated = await runSocle(env, ['migrate']);
    if (migrated.code !== 0) throw new Error(`socle migrate failed: ${migrated.stderr}`);
    process.env[TEST_SERVER_VARIABLE] = postgres.adminUrl;
    const server = await startIdentityServer({ passwordParameters: REAL });
    const party = await openRelyingParty(server.identity, server.issuer);
    try {
      for (let n = 0; n < PEOPLE; n += 1) await server.addPerson(`eleve.${n}`, PASSWORD);
      const signIn = async (n: number) => {
        const { code, verifier } = await party.signIn(openBrowser(), `eleve.${n % PEOPLE}`, PASSWORD);
        if ((await party.redeem(code, verifier)).status !== 200) throw new Error('a sign-in failed');
      };
      await measure(signIn, () => true, WINDOW_MS / 2);
      const before = await measure(signIn, () => true, WINDOW_MS);
      const child = spawn(process.execPath, [PROGRAM, 'import', 'aaf', folder, '--json'], {
        env,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => (said = chunk.toString()));
      let running = true;
      const exited = new Promise<number | null>((resolve) =>
        child.once('exit', (code) => {
          running = false;
          resolve(code);
        }),
      );
      const during = await measure(signIn, () => running, 3 * WINDOW_MS);
      const stillRunning = running;
      const code = await exited;
      if (code !== 0) throw new Error(`the import ended with code ${code}: ${said}`);
      const after = await measure(signIn, () => true, WINDOW_MS);
      const alone = { rate: (before.rate + after.rate) / 2, p50: (before.p50 + after.p50) / 2 };
      return [
        { name: 'sign-ins alone (before and after)', value: alone.rate, unit: '1/s' },
        { name: 'sign-ins while a first import runs', value: during.rate, unit: '1/s' },
        { name: 'during ÷ alone', value: during.rate / alone.rate, unit: 'ratio', target: '≥ 0.80' },
        { name: 'median alone', value: alone.p50, unit: 'ms' },
        { name: 'median while a first import runs', value: during.p50, unit: 'ms' },
        { name: 'median, during ÷ alone', value: during.p50 / alone.p50, unit: 'ratio', target: '≤ 1.25' },
        {
          name: 'before ÷ after (how steady the machine is)',
          value: before.rate / after.rate,
          unit: 'ratio',
        },
        { name: 'the import outlasted the window', value: stillRunning ? 1 : 0, unit: '' },
      ];
    } finally {
      await party.close();
      await server.close();
    }
  } finally {
    await postgres.stop();
    await rm(root, { recursive: true, force: true });
  }
}

async function measure(signIn: (n: number) => Promise<void>, goesOn: () => boolean, windowMs: number) {
  const startedAt = performance.now();
  const times: number[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      while (goesOn() && performance.now() - startedAt < windowMs) {
        const at = performance.now();
        await signIn(next++);
        times.push(performance.now() - at);
      }
    }),
  );
  if (times.length < 10) throw new Error('too few sign-ins to say anything');
  const p50 = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;
  return { rate: (times.length * 1_000) / (performance.now() - startedAt), p50 };
}
