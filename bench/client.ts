import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { uuidv7 } from '@socle/base';
import { migrations, openClient, type Client } from '@socle/client';
import { startEmbeddedServer, type Database } from '@socle/db';
import { openTestDatabase, TEST_SERVER_VARIABLE } from '@socle/db/testing';
import type { BenchResult } from './result.ts';

const SLICES = 5;
const SLICE_MS = 500;
const QUEUED = 5_000;

/**
 * What proof costs a module: an act with its event in the outbox beside the same act alone, in turns within one run, on a
 * PostgreSQL that flushes to disk; then how fast the outbox empties towards a socle that answers at once.
 */
export async function run(): Promise<BenchResult[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'socle-bench-'));
  const server = await startEmbeddedServer({ folder: path.join(folder, 'postgres') });
  const socle = await startAnsweringSocle();
  try {
    process.env[TEST_SERVER_VARIABLE] = server.adminUrl;
    const test = await openTestDatabase([migrations], { prefix: 'bench', extraLogins: [] });
    try {
      await test
        .openAdmin()
        .query('CREATE TABLE public.acts (id uuid PRIMARY KEY); GRANT ALL ON public.acts TO bench_app');
      const { privateKey } = await generateKeyPair('ES256', { extractable: true });
      const client = await openClient({
        issuer: socle.issuer,
        clientId: 'bench',
        privateKeyJwk: await exportJWK(privateKey),
        baseUrl: 'http://localhost:1',
        database: { ...test.app, name: 'bench' },
        outboxLimit: 1_000_000,
        actions: {
          'bench.act.done': { class: 'A', title: { fr: 'Fait', en: 'Done' }, detail: { count: 'integer' } },
        },
      });
      return [...(await measureActs(test.app, client)), await measureDelivery(test.app, client)];
    } finally {
      await test.close();
    }
  } finally {
    await socle.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureActs(database: Database, client: Client): Promise<BenchResult[]> {
  const act = (withEvent: boolean) =>
    database.transaction(async (tx) => {
      await tx.query('INSERT INTO public.acts VALUES ($1)', [uuidv7()]);
      if (withEvent)
        await client.audit.append(tx, { action: 'bench.act.done', school: 'e1', detail: { count: 1 } });
    });
  const times = { alone: [] as number[], proved: [] as number[] };
  await act(true);
  for (let slice = 0; slice < SLICES; slice += 1) {
    for (const [list, withEvent] of [
      [times.alone, false],
      [times.proved, true],
    ] as const) {
      const end = performance.now() + SLICE_MS;
      while (performance.now() < end) {
        const began = performance.now();
        await act(withEvent);
        list.push(performance.now() - began);
      }
    }
  }
  assert.ok(times.alone.length > 50 && times.proved.length > 50, 'too few acts to say anything');
  const [alone, proved] = [median(times.alone), median(times.proved)];
  return [
    { name: 'act alone, p50', value: alone, unit: 'ms' },
    { name: 'act with its audit event in the outbox, p50', value: proved, unit: 'ms' },
    { name: 'act with its event ÷ act alone', value: proved / alone, unit: 'ratio', target: '≤ 2.5' },
  ];
}

async function measureDelivery(database: Database, client: Client): Promise<BenchResult> {
  await database.transaction(async (tx) => {
    for (let index = 0; index < QUEUED; index += 1)
      await client.audit.append(tx, { action: 'bench.act.done', school: 'e1', detail: { count: index } });
  });
  const { waiting } = await client.audit.status();
  assert.ok(waiting >= QUEUED);
  const began = performance.now();
  let delivered = 0;
  for (let more = true; more; ) {
    const round = await client.audit.deliverOnce();
    delivered += round.delivered;
    more = round.more;
  }
  assert.equal(delivered, waiting);
  const rate = delivered / ((performance.now() - began) / 1000);
  return { name: 'events delivered from the outbox', value: rate, unit: '1/s' };
}

/** The far end of the wire: discovery, a token, and every event accepted. */
async function startAnsweringSocle(): Promise<{ issuer: string; close(): Promise<void> }> {
  let issuer = '';
  const answers: Record<string, (body: string) => unknown> = {
    '/.well-known/openid-configuration': () => ({
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
    }),
    '/token': () => ({ access_token: 't', token_type: 'Bearer', expires_in: 300 }),
    '/audit/v1/events': (body) => ({
      accepted: (JSON.parse(body) as { events: { id: string }[] }).events.map(({ id }) => id),
      refused: [],
    }),
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = answers[request.url ?? '']?.(Buffer.concat(chunks).toString());
      response
        .writeHead(body ? 200 : 404, { 'content-type': 'application/json' })
        .end(JSON.stringify(body ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)]!;
}
