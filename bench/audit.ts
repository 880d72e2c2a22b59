import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exportLog, migrations, openAudit, openSequencer, verifyExport, type NewEvent } from '@socle/audit';
import { buildSampleEvent, buildTestSigner, sampleActions, TEST_ORIGIN } from '@socle/audit/testing';
import { systemClock, uuidv7 } from '@socle/base';
import { openDatabase, startEmbeddedServer, type Database } from '@socle/db';
import { openTestDatabase, TEST_SERVER_VARIABLE } from '@socle/db/testing';
import type { BenchResult } from './result.ts';

const BATCH = 1_000;
const CALLERS = 16;
const SLICES = 5;
const SLICE_MS = 400;
const PEOPLE = Array.from({ length: 2_000 }, () => uuidv7());

/**
 * The log beside a plain table of events with the same search columns and indexes, in turns within one run, on a
 * PostgreSQL that flushes to disk; then the sequencer's catch-up on what was appended, and the verifier on its export.
 */
export async function run(): Promise<BenchResult[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'socle-bench-'));
  const server = await startEmbeddedServer({ folder: path.join(folder, 'postgres') });
  try {
    process.env[TEST_SERVER_VARIABLE] = server.adminUrl;
    const test = await openTestDatabase([migrations]);
    try {
      return await measure(test.adminUrl, test.app, test.url('sequencer'), folder);
    } finally {
      await test.close();
    }
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  adminUrl: string,
  app: Database,
  sequencerUrl: string,
  folder: string,
): Promise<BenchResult[]> {
  const plain = openDatabase({ url: adminUrl, maxConnections: CALLERS });
  await plain.query(`
    CREATE TABLE plain_events (id uuid PRIMARY KEY, at timestamptz NOT NULL, controller text NOT NULL, action text NOT NULL,
      actor text NOT NULL, target text, outcome text NOT NULL, payload jsonb NOT NULL)`);
  await plain.query('CREATE INDEX ON plain_events (actor, at)');
  await plain.query('CREATE INDEX ON plain_events (target, at)');
  const audit = openAudit({ database: app, clock: systemClock, actions: [sampleActions] });
  await app.transaction((tx) => audit.appendMany(tx, buildEvents(2 * PEOPLE.length)));

  const batch = await compare(
    () => plain.transaction((tx) => insertPlain(tx, buildEvents(BATCH))),
    () => app.transaction((tx) => audit.appendMany(tx, buildEvents(BATCH))),
    1,
  );
  const autocommit = await compare(
    () => insertPlain(plain, buildEvents(1)),
    () => audit.record(buildEvents(1)[0]!),
    CALLERS,
  );
  const single = await compare(
    () => plain.transaction((tx) => insertPlain(tx, buildEvents(1))),
    () => app.transaction((tx) => audit.append(tx, buildEvents(1)[0]!)),
    1,
  );
  const sequenced = await sequence(sequencerUrl, app, audit, folder, plain);
  await audit.close();
  await plain.close();
  return [
    { name: 'events appended by batches of 1 000', value: batch.ours * BATCH, unit: '1/s' },
    {
      name: 'batch of 1 000 ÷ plain batched insert',
      value: batch.ours / batch.plain,
      unit: 'ratio',
      target: '≥ 0.80',
    },
    { name: 'events recorded by 16 callers', value: autocommit.ours, unit: '1/s' },
    {
      name: '16 callers ÷ plain autocommit inserts',
      value: autocommit.ours / autocommit.plain,
      unit: 'ratio',
      target: '≥ 1.25',
    },
    {
      name: 'single append p50 ÷ plain insert, each in a transaction',
      value: single.oursP50Ms / single.plainP50Ms,
      unit: 'ratio',
      target: '≤ 2',
    },
    ...sequenced,
  ];
}

interface Comparison {
  /** Calls a second. */
  readonly plain: number;
  readonly ours: number;
  readonly plainP50Ms: number;
  readonly oursP50Ms: number;
}

/** Runs the two in turns, so that what else the machine does weighs on both. */
async function compare(
  plain: () => Promise<unknown>,
  ours: () => Promise<unknown>,
  callers: number,
): Promise<Comparison> {
  const times = { plain: [] as number[], ours: [] as number[] };
  const spent = { plain: 0, ours: 0 };
  for (let slice = 0; slice < SLICES; slice += 1) {
    for (const [name, call] of [
      ['plain', plain],
      ['ours', ours],
    ] as const) {
      const startedAt = performance.now();
      await Promise.all(
        Array.from({ length: callers }, async () => {
          while (performance.now() - startedAt < SLICE_MS) {
            const calledAt = performance.now();
            await call();
            times[name].push(performance.now() - calledAt);
          }
        }),
      );
      spent[name] += performance.now() - startedAt;
    }
  }
  assert.ok(times.plain.length > SLICES && times.ours.length > SLICES, 'too few calls to compare');
  return {
    plain: (times.plain.length * 1000) / spent.plain,
    ours: (times.ours.length * 1000) / spent.ours,
    plainP50Ms: median(times.plain),
    oursP50Ms: median(times.ours),
  };
}

async function sequence(
  url: string,
  app: Database,
  audit: ReturnType<typeof openAudit>,
  folder: string,
  admin: Database,
): Promise<BenchResult[]> {
  const signer = buildTestSigner();
  const witnessFile = path.join(folder, 'witness.ndjson');
  const sequencer = openSequencer({ url, clock: systemClock, signer, origin: TEST_ORIGIN, witnessFile });
  const startedAt = performance.now();
  await sequencer.flush();
  const sequenceMs = performance.now() - startedAt;
  const { size } = sequencer.metrics();
  await sequencer.close();
  const [space] = await admin.query<{ hashes: number; places: number }>(
    `SELECT pg_total_relation_size('audit.tiles') + pg_total_relation_size('audit.tile_edges') AS hashes,
            pg_total_relation_size('audit.leaves') AS places`,
  );
  const out = path.join(folder, 'export');
  const exportedAt = performance.now();
  const exported = await exportLog({
    database: app,
    audit,
    keys: signer,
    out,
    purpose: 'benchmark',
    requester: { kind: 'system', id: 'bench' },
    controller: 'platform',
  });
  const exportMs = performance.now() - exportedAt;
  assert.equal(exported.events, size);
  const verifiedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const verdict = verifyExport(out, { vkey: signer.verifierKey, witness: witnessFile });
  const verifyMs = performance.now() - verifiedAt;
  const cpu = process.cpuUsage(cpuBefore);
  assert.equal(verdict.word, 'ok', verdict.finding);
  return [
    { name: `sequencer catching up on ${size} events`, value: (size * 1000) / sequenceMs, unit: '1/s' },
    {
      name: 'proof storage: hashes of the tree, by event',
      value: space!.hashes / size,
      unit: 'bytes',
      target: '≤ 40',
    },
    { name: 'index of the places of events, by event', value: space!.places / size, unit: 'bytes' },
    { name: 'events exported', value: (size * 1000) / exportMs, unit: '1/s' },
    {
      name: 'leaves verified, with their events, by a second of one core',
      value: (size * 1_000_000) / (cpu.user + cpu.system),
      unit: '1/s',
      target: '≥ 150 000',
    },
    {
      name: 'leaves verified, with their events, by the clock',
      value: (size * 1000) / verifyMs,
      unit: '1/s',
    },
  ];
}

let turn = 0;

function buildEvents(count: number): NewEvent[] {
  return Array.from({ length: count }, () => {
    turn += 1;
    return buildSampleEvent({
      actor: { kind: 'person', id: PEOPLE[turn % PEOPLE.length]! },
      target: { kind: 'person', id: PEOPLE[(turn * 7) % PEOPLE.length]! },
      correlation: `req-${turn}`,
    });
  });
}

async function insertPlain(database: Pick<Database, 'query'>, events: readonly NewEvent[]): Promise<void> {
  const at = new Date().toISOString();
  const rows = events.map((event) => ({ ...event, id: uuidv7(), at }));
  await database.query(
    `INSERT INTO plain_events SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::text[],
       $6::text[], $7::text[], $8::jsonb[])`,
    [
      rows.map((row) => row.id),
      rows.map((row) => row.at),
      rows.map((row) => row.controller),
      rows.map((row) => row.action),
      rows.map((row) => row.actor.id),
      rows.map((row) => row.target!.id),
      rows.map((row) => row.outcome),
      rows.map((row) => JSON.stringify(row)),
    ],
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
