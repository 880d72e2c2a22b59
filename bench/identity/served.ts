import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { JWK } from 'jose';
import { startEmbeddedServer } from '@socle/db';
import { TEST_SERVER_VARIABLE } from '@socle/db/testing';
import { makeKeys } from '../../test/support/reference-provider.ts';
import {
  openSocleUnderTest,
  type SocleUnderTest,
  type TestPerson,
} from '../../test/support/socle-under-test.ts';
import { cpuMsOf, cpuMsOfPostgres } from './process-cost.ts';

/** CPU that was used up to now, in ms. */
export interface Cost {
  readonly service: number;
  readonly database: number;
}

/** A provider in a process of its own, with two clients and people. */
export interface Served {
  readonly issuer: string;
  readonly pid: number;
  readonly people: readonly Pick<TestPerson, 'login' | 'password'>[];
  /** Authenticates by a secret; people sign in to it. */
  readonly withSecret: { readonly id: string; readonly secret: string };
  /** Authenticates by a key, as modules do. */
  readonly withKey: { readonly id: string; readonly key: JWK };
  /** What its tokens for modules are for. */
  readonly resource: string;
  cost(): Promise<Cost>;
  close(): Promise<void>;
}

export const REDIRECT_URI = 'http://localhost:9/callback';
const FOLDER = import.meta.dirname;
const CLIENT = {
  redirect_uris: [REDIRECT_URI],
  response_types: ['code'],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  id_token_signed_response_alg: 'ES256',
};

/** The service as `socle start` runs it, on a PostgreSQL that flushes to disk. */
export async function serveSocle(people: number): Promise<Served & { readonly under: SocleUnderTest }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'socle-bench-'));
  const postgres = await startEmbeddedServer({ folder: path.join(folder, 'postgres') });
  process.env[TEST_SERVER_VARIABLE] = postgres.adminUrl;
  const env = { SOCLE_TRUSTED_PROXIES: '127.0.0.1', SOCLE_LOG_LEVEL: 'warn' };
  // Its own process is ended at once: what serves is the real program, below.
  const under = await openSocleUnderTest({ isProcess: true, env });
  await under.kill();
  const { privateJwk, publicJwk } = await makeKeys('module');
  const by = { actor: { kind: 'system', id: 'bench' } } as const;
  const { clients } = under.socle.identity;
  const { secret } = await clients.register(
    { ...CLIENT, client_id: 'by-secret', token_endpoint_auth_method: 'client_secret_basic' },
    by,
  );
  await clients.register(
    {
      ...CLIENT,
      client_id: 'by-key',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [publicJwk] },
    },
    by,
  );
  const added: TestPerson[] = [];
  for (let n = 0; n < people; n += 1) {
    added.push(await under.add({ givenName: 'Maëlle', school: under.phare, isPupil: true }));
  }
  const profiles = process.env['BENCH_PROFILES'];
  const child = fork(path.resolve(FOLDER, '../../services/socle/src/main.ts'), ['start'], {
    env: {
      ...withoutOurs(process.env),
      ...env,
      SOCLE_ISSUER: under.issuer,
      SOCLE_PORT: new URL(under.issuer).port,
      SOCLE_DATA_DIR: under.dataDir,
      SOCLE_DATABASE_URL: under.database.url('app'),
      SOCLE_SEQUENCER_DATABASE_URL: under.database.url('sequencer'),
    },
    execArgv:
      profiles === undefined
        ? (process.env['BENCH_NODE_FLAGS']?.split(' ') ?? [])
        : ['--cpu-prof', `--cpu-prof-dir=${profiles}`],
  });
  await started(child);
  return {
    under,
    issuer: under.issuer,
    pid: child.pid!,
    people: added,
    withSecret: { id: 'by-secret', secret: secret!.revealText() },
    withKey: { id: 'by-key', key: privateJwk },
    resource: `${under.issuer}/modules`,
    cost: async () => ({
      service: await cpuMsOf(child.pid!),
      database: await cpuMsOfPostgres(postgres.pid),
    }),
    async close() {
      await stop(child);
      await under.close();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** oidc-provider by itself, with the same clients, in the memory of its process. */
export async function serveBare(): Promise<Served> {
  const { privateJwk, publicJwk } = await makeKeys('module');
  const clients = [
    {
      ...CLIENT,
      client_id: 'by-secret',
      client_secret: 'bench',
      token_endpoint_auth_method: 'client_secret_basic',
    },
    {
      ...CLIENT,
      client_id: 'by-key',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [publicJwk] },
    },
  ];
  const child = fork(path.join(FOLDER, 'bare-provider.ts'), {
    env: { ...process.env, BARE_CLIENTS: JSON.stringify(clients) },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const { issuer } = (await started(child)) as { issuer: string };
  return {
    issuer,
    pid: child.pid!,
    people: [],
    withSecret: { id: 'by-secret', secret: 'bench' },
    withKey: { id: 'by-key', key: privateJwk },
    resource: `${issuer}/modules`,
    cost: async () => ({ service: await cpuMsOf(child.pid!), database: 0 }),
    close: () => stop(child),
  };
}

/** The service refuses variables that it does not know, and ours point elsewhere. */
function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('SOCLE_')));
}

async function started(child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'exit').then(() => 'ended');
  const message = await Promise.race([once(child, 'message'), ended]);
  if (!Array.isArray(message)) throw new Error('a served process did not start');
  return message[0];
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
