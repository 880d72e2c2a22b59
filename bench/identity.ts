import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbeddedServer } from '@socle/db';
import { TEST_SERVER_VARIABLE } from '@socle/db/testing';
import { openBrowser } from '../test/support/http-browser.ts';
import { startIdentityServer, type IdentityServer } from '../test/support/identity-server.ts';
import { openRelyingParty, type RelyingParty } from '../test/support/relying-party.ts';
import type { BenchResult } from './result.ts';

const PASSWORD = 'châtaigne bleue 7';
const PEOPLE = 24;
const CALLERS = 8;
const WINDOW_MS = 4_000;
const PAIRS = 24;
// The parameters of production (OWASP: 19 MiB, two passes).
const REAL = { memoryKib: 19_456, iterations: 2, parallelism: 1 };

/**
 * Over HTTP on one process, client and server together, on a PostgreSQL that flushes to disk: whole sign-ins with
 * their tokens, refreshes, module tokens, and how far apart a wrong password of a known and of an unknown login are.
 */
export async function run(): Promise<BenchResult[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'socle-bench-'));
  const postgres = await startEmbeddedServer({ folder: path.join(folder, 'postgres') });
  try {
    process.env[TEST_SERVER_VARIABLE] = postgres.adminUrl;
    const server = await startIdentityServer({ passwordParameters: REAL });
    const party = await openRelyingParty(server.identity, server.issuer);
    try {
      for (let n = 0; n < PEOPLE; n += 1) await server.addPerson(`eleve.${n}`, PASSWORD);
      return [
        ...(await measureSignIns(party)),
        ...(await measureRefresh(party)),
        ...(await measureModuleTokens(server, party)),
        ...(await measureTimeGap(server)),
      ];
    } finally {
      await party.close();
      await server.close();
    }
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureSignIns(party: RelyingParty): Promise<BenchResult[]> {
  let next = 0;
  const rate = await perSecond(async () => {
    const login = `eleve.${next++ % PEOPLE}`;
    const { code, verifier } = await party.signIn(openBrowser(), login, PASSWORD);
    if ((await party.redeem(code, verifier)).status !== 200) throw new Error('a sign-in failed');
  });
  return [
    { name: 'sign-ins (form, argon2id, code, PKCE, tokens)', value: rate, unit: '1/s', target: '≥ 15' },
  ];
}

async function measureRefresh(party: RelyingParty): Promise<BenchResult[]> {
  const tokens = await Promise.all(
    Array.from({ length: CALLERS }, async (_, n) => {
      const { code, verifier } = await party.signIn(openBrowser(), `eleve.${n}`, PASSWORD);
      return String((await party.redeem(code, verifier)).body['refresh_token']);
    }),
  );
  const rate = await perSecond(async (caller) => {
    const answer = await party.token({ grant_type: 'refresh_token', refresh_token: tokens[caller] ?? '' });
    if (answer.status !== 200) throw new Error('a refresh failed');
    tokens[caller] = String(answer.body['refresh_token']);
  });
  return [{ name: 'refreshes (rotation, private_key_jwt)', value: rate, unit: '1/s', target: '≥ 60' }];
}

async function measureModuleTokens(server: IdentityServer, party: RelyingParty): Promise<BenchResult[]> {
  const rate = await perSecond(async () => {
    const answer = await party.token({
      grant_type: 'client_credentials',
      resource: `${server.issuer}/modules`,
      scope: 'socle:module',
    });
    if (answer.status !== 200) throw new Error('a module token failed');
  });
  return [{ name: 'module tokens (client credentials)', value: rate, unit: '1/s' }];
}

/** Medians, in turns, on an idle server: the ratio would be near 0 if unknown logins cost no hash. */
async function measureTimeGap(server: IdentityServer): Promise<BenchResult[]> {
  const known: number[] = [];
  const unknown: number[] = [];
  for (let n = 0; n < PAIRS; n += 1) {
    for (const [times, login] of [
      [known, `eleve.${n % PEOPLE}`],
      [unknown, `personne.${n}`],
    ] as const) {
      const browser = openBrowser();
      const page = await browser.follow(await browser.get(`${server.issuer}/sign-in`));
      const startedAt = performance.now();
      const answer = await browser.submit(page, { username: login, password: 'ce n’est pas le bon' });
      times.push(performance.now() - startedAt);
      if (answer.status !== 422) throw new Error(`expected a refusal, got ${answer.status}`);
    }
  }
  return [
    { name: 'wrong password, known login (median)', value: median(known), unit: 'ms' },
    {
      name: 'unknown login ÷ known login (medians)',
      value: median(unknown) / median(known),
      unit: 'ratio',
      target: '0.9 to 1.1',
    },
  ];
}

async function perSecond(work: (caller: number) => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: CALLERS }, async (_, caller) => {
      while (performance.now() - startedAt < WINDOW_MS) {
        await work(caller);
        done += 1;
      }
    }),
  );
  return (done * 1_000) / (performance.now() - startedAt);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
