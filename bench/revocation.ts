import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Secret } from '@socle/base';
import { openClient, type Client } from '@socle/client';
import { startEmbeddedServer } from '@socle/db';
import { TEST_SERVER_VARIABLE } from '@socle/db/testing';
import { openModuleOfSocle, waitUntil } from '../test/support/module-of-socle.ts';
import { openSocleUnderTest } from '../test/support/socle-under-test.ts';
import type { BenchResult } from './result.ts';

const CLIENTS = 20;
const ROUNDS = 30;
const DECIDE_MS = 2000;

/**
 * How long after the commit that ends a role each of 20 clients of the real service refuses, over HTTP and PostgreSQL; and how many
 * decisions a second one client takes in its process.
 */
export async function run(): Promise<BenchResult[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'socle-bench-'));
  const server = await startEmbeddedServer({ folder: path.join(folder, 'postgres') });
  process.env[TEST_SERVER_VARIABLE] = server.adminUrl;
  const socle = await openSocleUnderTest();
  const module = await openModuleOfSocle(socle);
  const clients: Client[] = [];
  try {
    const cpe = await socle.add({ givenName: 'Enora', school: socle.phare, roles: ['cpe'] });
    const { sub } = await module.arrive(cpe);
    for (let index = 0; index < CLIENTS; index += 1) {
      const client = await openClient({
        issuer: socle.issuer,
        clientId: module.clientId,
        privateKeyJwk: module.privateJwk,
        baseUrl: module.baseUrl,
        database: module.database,
        actions: {},
      });
      client.startDelivery();
      clients.push(client);
    }
    const now = new Date();
    const session = {
      sub,
      acr: 'password',
      authenticatedAt: now,
      startedAt: now,
      expiresAt: now,
      csrfKey: new Secret('bench'),
    };
    const place = { school: socle.phare.id, division: socle.phare.division, closed: false };
    const ask = async (client: Client): Promise<boolean> => {
      const resource = { type: 'absences.roll_call' };
      return (await client.may({ ...session }, 'absences.roll_call.read', resource, place)).allowed;
    };
    await waitUntil(() => clients.every((client) => client.decisionStatus().policies > 0), 30_000);
    const admin = socle.database.openAdmin();
    const setEnd = (end: string) =>
      admin.query(`UPDATE directory.roles SET valid_to = ${end} WHERE person_id = $1`, [cpe.id]);
    const latencies: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await setEnd('NULL');
      await waitUntil(async () => (await Promise.all(clients.map(ask))).every(Boolean), 30_000);
      await setEnd('now()');
      const committedAt = performance.now();
      const waiting = new Set(clients);
      while (waiting.size > 0) {
        for (const client of waiting) {
          if (await ask(client)) continue;
          latencies.push(performance.now() - committedAt);
          waiting.delete(client);
        }
        await nextTurn();
      }
    }
    await setEnd('NULL');
    const [first] = clients as [Client];
    await waitUntil(() => ask(first), 30_000);
    const before = first.decisionStatus();
    let done = 0;
    const cpu = process.cpuUsage();
    const until = performance.now() + DECIDE_MS;
    while (performance.now() < until) {
      for (let turn = 0; turn < 500; turn += 1) assert.ok(await ask(first));
      done += 500;
    }
    const seconds = process.cpuUsage(cpu).user / 1e6;
    assert.equal(first.decisionStatus().local - before.local, done, 'all were decided in the process');
    latencies.sort((a, b) => a - b);
    const at = (share: number): number => latencies[Math.ceil(latencies.length * share) - 1]!;
    return [
      { name: 'clients told of the end of a role', value: latencies.length, unit: '1' },
      { name: 'refused after the commit, median', value: at(0.5), unit: 'ms' },
      { name: 'refused after the commit, p99', value: at(0.99), unit: 'ms', target: '≤ 1000' },
      { name: 'refused after the commit, worst', value: at(1), unit: 'ms' },
      { name: 'decisions of one client in its process', value: done / seconds, unit: '1/s' },
    ];
  } finally {
    await Promise.all(clients.map((client) => client.close()));
    await module.close();
    await socle.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
