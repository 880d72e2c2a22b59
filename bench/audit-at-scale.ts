import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  migrations,
  openAudit,
  openAuditKeys,
  openSequencer,
  purgeMonths,
  sealMonth,
  verifyExport,
  type Audit,
  type AuditKeys,
} from '@socle/audit';
import { buildSampleEvent, sampleActions } from '@socle/audit/testing';
import { Secret, systemClock } from '@socle/base';
import { startEmbeddedServer } from '@socle/db';
import { openTestDatabase, TEST_SERVER_VARIABLE, type TestDatabase } from '@socle/db/testing';
import { fillQueue } from '../test/support/audit-volume.ts';
import type { BenchResult } from './result.ts';

/** At full size 1 800 000: an hour of an academy's first school day while nothing sequences. */
const EVENTS = Number(process.env.AUDIT_SCALE_EVENTS ?? 40_000);
const OLD_EVENTS = Math.min(EVENTS, 200_000);
const ARRIVALS_A_SECOND = 500;
const PACE_MS = 20;
const MASTER_KEY = '5e'.repeat(32);
const NAME = 'audit.exemple.fr/volume';
const MONTHS_BACK = 8;
const DAY_MS = 86_400_000;

/**
 * A log at scale: the sequencer catching up on a long queue while events go on arriving, the export of all of it, killed in
 * the middle and resumed, and the drop of an old month while people sign in.
 */
export async function run(): Promise<BenchResult[]> {
  const folder = await mkdtemp('/tmp/socle-bench-scale-');
  const server = await startEmbeddedServer({ folder: path.join(folder, 'postgres') });
  try {
    process.env[TEST_SERVER_VARIABLE] = server.adminUrl;
    const test = await openTestDatabase([migrations]);
    const keys = await openAuditKeys({
      folder: path.join(folder, 'keys'),
      masterKey: new Secret(Buffer.from(MASTER_KEY, 'hex')),
      name: NAME,
    });
    const audit = openAudit({ database: test.app, clock: systemClock, actions: [sampleActions] });
    try {
      const caught = await catchUp(test, audit, keys, folder);
      const exported = await exportAll(test, keys, folder);
      const dropped = await dropMonth(test, audit, keys);
      return [...caught, ...exported, ...dropped];
    } finally {
      await audit.close();
      await test.close();
    }
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function catchUp(
  test: TestDatabase,
  audit: Audit,
  keys: AuditKeys,
  folder: string,
): Promise<BenchResult[]> {
  const superuser = test.openAdmin();
  const month = monthStart(-MONTHS_BACK);
  await superuser.query(
    `CREATE TABLE audit.events_${month.toISOString().slice(0, 7).replace('-', '_')} PARTITION OF audit.events
     FOR VALUES FROM ('${await firstId(superuser, month)}') TO ('${await firstId(superuser, monthStart(1 - MONTHS_BACK))}')`,
  );
  await fillQueue(superuser, { count: OLD_EVENTS, from: month, spanMs: 20 * DAY_MS });
  await fillQueue(superuser, { count: EVENTS, from: new Date(Date.now() - 3_600_000), spanMs: 3_600_000 });
  await superuser.query('ANALYZE audit.events, audit.pending');
  const waiting = OLD_EVENTS + EVENTS;
  const memory = openMarks(waiting);
  const stop = new AbortController();
  const arrivals = arrive(audit, stop.signal);
  const startedAt = performance.now();
  let reached = 0;
  const done = Promise.withResolvers<void>();
  const sequencer = openSequencer({
    url: test.url('sequencer'),
    clock: systemClock,
    signer: keys,
    origin: keys.keyName,
    witnessFile: path.join(folder, 'witness.ndjson'),
    onBatch({ size, sequenced }) {
      memory.reach(size, process.memoryUsage().rss);
      reached = size;
      if (sequenced < 1_000 && size >= waiting) done.resolve();
    },
  });
  await done.promise;
  const seconds = (performance.now() - startedAt) / 1000;
  stop.abort();
  const arrived = await arrivals;
  await sequencer.flush();
  await sequencer.close();
  const [space] = await superuser.query<{ tiles: number }>(
    "SELECT pg_total_relation_size('audit.tiles') + pg_total_relation_size('audit.tile_edges') AS tiles",
  );
  assert.equal((await superuser.query('SELECT FROM audit.pending LIMIT 1')).length, 0);
  return [
    { name: 'events that waited', value: waiting, unit: '' },
    { name: 'events that arrived meanwhile', value: arrived / seconds, unit: '1/s', target: '≈ 500' },
    { name: 'sequenced while they arrived', value: reached / seconds, unit: '1/s', target: '> 500' },
    { name: 'time until nothing waited', value: seconds, unit: 's' },
    ...memory.results('sequencer and arrivals'),
    { name: 'proof storage by event', value: space!.tiles / reached, unit: 'bytes', target: '≤ 40' },
  ];
}

/** Records events at the pace of a busy territory until told to stop. Gives how many. */
async function arrive(audit: Audit, signal: AbortSignal): Promise<number> {
  const startedAt = performance.now();
  let recorded = 0;
  while (!signal.aborted) {
    const due = Math.floor(((performance.now() - startedAt) / 1000) * ARRIVALS_A_SECOND) - recorded;
    await Promise.all(Array.from({ length: Math.min(due, 1_000) }, () => audit.record(buildSampleEvent())));
    recorded += Math.min(due, 1_000);
    await pause(PACE_MS);
  }
  return recorded;
}

async function exportAll(test: TestDatabase, keys: AuditKeys, folder: string): Promise<BenchResult[]> {
  const out = path.join(folder, 'export');
  const keyFolder = path.join(folder, 'keys');
  const [tree] = await test.app.query<{ size: number }>('SELECT size FROM audit.head');
  const size = tree!.size;
  const startedAt = performance.now();
  const killed = await runExport([test.url('app'), keyFolder, out, 'false'], size / 2);
  assert.ok(killed.wasKilled, 'the export ended before it could be killed');
  const resumed = await runExport([test.url('app'), keyFolder, out, 'true'], Infinity);
  const seconds = (performance.now() - startedAt) / 1000;
  assert.ok(!resumed.wasKilled && resumed.leaf >= size, 'the export did not end');
  assert.ok(resumed.firstLeaf > size / 4, 'the export did not go on where it was killed');
  const memory = openMarks(resumed.leaf);
  for (const { leaf, rss } of [...killed.seen, ...resumed.seen]) memory.reach(leaf, rss);
  const cpuBefore = process.cpuUsage();
  const verdict = verifyExport(out, {
    vkey: keys.verifierKey,
    witness: path.join(folder, 'witness.ndjson'),
  });
  const cpu = process.cpuUsage(cpuBefore);
  assert.equal(verdict.word, 'ok', verdict.finding);
  return [
    { name: 'events exported, with kill -9 in the middle', value: resumed.leaf / seconds, unit: '1/s' },
    {
      name: 'share of the export done when it was killed',
      value: killed.leaf / size,
      unit: 'ratio',
    },
    {
      name: 'share already there when it was resumed',
      value: resumed.firstLeaf / size,
      unit: 'ratio',
    },
    ...memory.results('export'),
    {
      name: 'leaves verified, with their events, by a second of one core',
      value: (resumed.leaf * 1_000_000) / (cpu.user + cpu.system),
      unit: '1/s',
      target: '≥ 150 000',
    },
  ];
}

const EXPORTER = `
  const { exportLog, openAudit, openAuditKeys } = await import('@socle/audit');
  const { Secret, systemClock } = await import('@socle/base');
  const { openDatabase } = await import('@socle/db');
  const [url, folder, out, resume] = process.argv.slice(1);
  const keys = await openAuditKeys({ folder, masterKey: new Secret(Buffer.from('${MASTER_KEY}', 'hex')), name: '${NAME}' });
  const database = openDatabase({ url });
  const audit = openAudit({ database, clock: systemClock, actions: [] });
  await exportLog({
    database, audit, keys, out, resume: resume === 'true', purpose: 'Mesure', controller: 'academie-99',
    requester: { kind: 'system', id: 'bench' },
    onProgress: ({ leaf }) => process.send({ leaf, rss: process.memoryUsage().rss }),
  });
  await audit.close();
  await database.close();
  process.disconnect();`;

/** Exports in a process of its own, which is killed with SIGKILL once it has come to the leaf `killAt`. */
async function runExport(args: readonly string[], killAt: number) {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', EXPORTER, ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const seen: { leaf: number; rss: number }[] = [];
  child.on('message', (message) => {
    const progress = message as { leaf: number; rss: number };
    seen.push(progress);
    if (progress.leaf >= killAt) child.kill('SIGKILL');
  });
  const signal = await new Promise<string | null>((resolve) =>
    child.once('close', (_code, by) => resolve(by)),
  );
  assert.ok(seen.length > 0, 'the export made no progress');
  return { seen, firstLeaf: seen[0]!.leaf, leaf: seen.at(-1)!.leaf, wasKilled: signal === 'SIGKILL' };
}

async function dropMonth(test: TestDatabase, audit: Audit, keys: AuditKeys): Promise<BenchResult[]> {
  const sequencer = openSequencer({
    url: test.url('sequencer'),
    clock: systemClock,
    signer: keys,
    origin: keys.keyName,
  });
  const act = {
    database: test.app,
    audit,
    keys,
    clock: systemClock,
    actor: { kind: 'system', id: 'retention' },
    controller: 'platform',
    retentionMonths: 6,
  } as const;
  await sealMonth({ ...act, month: monthStart(-MONTHS_BACK).toISOString().slice(0, 7) });
  const quiet = await watchSignIns(audit, pause(3_000));
  const startedAt = performance.now();
  let ms = 0;
  const purge = purgeMonths(act).then((months) => {
    ms = performance.now() - startedAt;
    return months;
  });
  const during = await watchSignIns(audit, Promise.all([purge, pause(3_000)]));
  const [purged] = await purge;
  assert.equal(purged?.outcome, 'purged');
  await sequencer.close();
  return [
    { name: 'events of the month that was dropped', value: purged.events, unit: '' },
    { name: 'drop of a month, its order in the log included', value: ms, unit: 'ms', target: '< 1 000' },
    { name: 'event of a sign-in, p99 before the drop', value: quantile(quiet, 0.99), unit: 'ms' },
    { name: 'event of a sign-in, p99 around the drop', value: quantile(during, 0.99), unit: 'ms' },
    { name: 'event of a sign-in, slowest before the drop', value: quantile(quiet, 1), unit: 'ms' },
    { name: 'event of a sign-in, slowest around the drop', value: quantile(during, 1), unit: 'ms' },
  ];
}

/** How long each of the events took that were recorded one after the other until `end`, in milliseconds. */
async function watchSignIns(audit: Audit, end: Promise<unknown>): Promise<number[]> {
  let isOver = false;
  const ended = end.finally(() => (isOver = true));
  const times: number[] = [];
  while (!isOver) {
    const startedAt = performance.now();
    await audit.record(buildSampleEvent({ action: 'sample.session.opened', detail: { method: 'password' } }));
    times.push(performance.now() - startedAt);
  }
  await ended;
  return times;
}

/** Memory when a tenth, half and all of the work was done. */
function openMarks(total: number) {
  const marks = [0.1, 0.5, 1].map((share) => ({ share, megabytes: Number.NaN }));
  return {
    reach(done: number, rss: number) {
      for (const mark of marks)
        if (Number.isNaN(mark.megabytes) && done >= mark.share * total) mark.megabytes = rss / 1e6;
    },
    results: (whose: string): BenchResult[] => [
      ...marks.map(({ share, megabytes }) => ({
        name: `resident memory of ${whose} at ${share * 100} %`,
        value: megabytes,
        unit: 'MB',
      })),
      {
        name: `memory of ${whose}, at the end ÷ at a tenth`,
        value: marks[2]!.megabytes / marks[0]!.megabytes,
        unit: 'ratio',
        target: '≤ 1.5',
      },
    ],
  };
}

async function firstId(database: { query: TestDatabase['app']['query'] }, instant: Date): Promise<string> {
  const [row] = await database.query<{ id: string }>('SELECT audit.first_id($1) AS id', [instant]);
  return row!.id;
}

function monthStart(offset: number): Date {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1));
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}
