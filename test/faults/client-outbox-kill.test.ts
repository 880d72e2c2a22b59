import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { migrations, openClient } from '@socle/client';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeKeys } from '../support/reference-provider.ts';

/** How often the module is killed. `npm run test:kill-points` sets 200. */
const ROUNDS = Number(process.env['SOCLE_KILL_POINTS'] ?? 12);

describe('kill -9 of a module that acts and delivers', () => {
  let test: TestDatabase;
  let socle: http.Server;
  let issuer: string;
  /** How often each event arrived, in the order of first arrival. */
  const arrived = new Map<string, number>();
  let posts = 0;
  let onPost = () => {};

  beforeAll(async () => {
    test = await openTestDatabase([migrations], { prefix: 'absences', extraLogins: [] });
    await test
      .openAdmin()
      .query('CREATE TABLE public.calls (id uuid PRIMARY KEY); GRANT ALL ON public.calls TO absences_app');
    socle = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const found = answer(request.url ?? '', Buffer.concat(chunks).toString());
        response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(found ?? {}));
      });
    });
    await new Promise<void>((resolve) => socle.listen(0, '127.0.0.1', resolve));
    issuer = `http://localhost:${(socle.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    socle.closeAllConnections();
    await new Promise((resolve) => socle.close(resolve));
    await test.close();
  });

  function answer(path: string, body: string): unknown {
    if (path.startsWith('/.well-known')) {
      const at = (name: string) => `${issuer}/${name}`;
      return {
        issuer,
        authorization_endpoint: at('auth'),
        token_endpoint: at('token'),
        jwks_uri: at('jwks'),
      };
    }
    if (path === '/token') return { access_token: 't', token_type: 'Bearer', expires_in: 300 };
    if (body === '') return undefined; // the module also asks for policies and news, which is not this test's subject
    const { events } = JSON.parse(body) as { events: { id: string }[] };
    posts += 1;
    for (const { id } of events) arrived.set(id, (arrived.get(id) ?? 0) + 1);
    onPost();
    return { accepted: events.map(({ id }) => id), refused: [] };
  }

  /** Runs a module until it was killed: after `acts` acts, or in the middle of a delivery. */
  async function runUntilKilled(acts: number, inDelivery: boolean, key: string): Promise<string[]> {
    const file = new URL('../support/outbox-writer.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, ['--no-warnings', file, test.url('app'), issuer, key], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const acknowledged: string[] = [];
    const kill = () => child.kill('SIGKILL');
    let rest = '';
    child.stdout.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      acknowledged.push(...lines);
      if (acknowledged.length >= acts) {
        if (inDelivery)
          onPost = kill; // the events arrive, and the module never learns of it
        else kill();
      }
    });
    await once(child, 'close');
    onPost = () => {};
    return acknowledged;
  }

  it('loses no act that was acknowledged, has no event without its act, and the log gets each', async () => {
    const { privateJwk } = await makeKeys('k');
    const key = JSON.stringify(privateJwk);
    const acknowledged: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      acknowledged.push(...(await runUntilKilled(1 + ((round * 17) % 40), round % 2 === 1, key)));
    }
    expect(acknowledged.length).toBeGreaterThan(ROUNDS);
    expect(posts).toBeGreaterThan(ROUNDS / 2);

    const admin = test.openAdmin();
    const acts = (await admin.query<{ id: string }>('SELECT id FROM public.calls ORDER BY id')).map(
      ({ id }) => id,
    );
    const queued = (await admin.query<{ id: string }>('SELECT id FROM client.outbox ORDER BY id')).map(
      ({ id }) => id,
    );
    expect(queued).toEqual(acts);
    expect(acknowledged.filter((id) => !acts.includes(id))).toEqual([]);

    // What still waits leaves with the next module that runs; what arrived twice has the same id.
    const client = await openClient({
      issuer,
      clientId: 'absences',
      privateKeyJwk: privateJwk,
      baseUrl: 'http://localhost:1',
      database: { ...test.app, name: 'absences' },
      actions: {},
    });
    // The server may take a moment to see that the killed deliverer is gone, and with it its lock.
    while ((await client.audit.status()).waiting > 0) await client.audit.deliverOnce();
    expect(await client.audit.status()).toMatchObject({ waiting: 0, refused: 0 });
    expect([...arrived.keys()].toSorted()).toEqual(acts);
    expect([...arrived.values()].some((times) => times > 1)).toBe(true); // the kills did hit deliveries
  });
});
