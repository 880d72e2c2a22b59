import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { migrations as auditMigrations, openAudit } from '@socle/audit';
import { systemClock } from '@socle/base';
import { migrate, openDatabase, provisionDatabase, startEmbeddedServer } from '@socle/db';
import { directoryActions, importAaf, migrations, openFeedFile } from '@socle/directory';
import type { BenchResult } from './result.ts';

/** Pupils of the generated feed; with their families and teachers, two to three times as many people. */
const PUPILS = Number(process.env['IMPORT_BENCH_PUPILS'] ?? 8_000);

/** Time and memory of a first import of generated files, of the same once more, and of reading alone. */
export async function run(): Promise<BenchResult[]> {
  const root = await mkdtemp(path.join(tmpdir(), 'socle-bench-import-'));
  const feed = path.join(root, 'feed');
  const server = await startEmbeddedServer({ folder: path.join(root, 'postgres'), throwAway: true });
  try {
    await generate(feed);
    const logins = await provisionDatabase({
      adminUrl: server.adminUrl,
      name: 'socle',
      password: 'bench',
      extraLogins: ['sequencer'],
    });
    await migrate({ url: logins.migrator, ownerRole: 'socle_owner', sets: [auditMigrations, migrations] });
    const database = openDatabase({ url: logins.app });
    const audit = openAudit({ database, clock: systemClock, actions: [directoryActions] });
    try {
      return await measure(feed, () => importAaf({ source: feed, database, audit, clock: systemClock }));
    } finally {
      await audit.close();
      await database.close();
    }
  } finally {
    await server.stop();
    await rm(root, { recursive: true, force: true });
  }
}

/** In a process of its own, so that its memory is not counted. */
async function generate(folder: string): Promise<void> {
  const options = { folder, pupils: PUPILS, schools: Math.max(4, Math.round(PUPILS / 650)), seed: 'bench' };
  const program = `import { generateAaf } from '@socle/directory';
    await generateAaf({ ...${JSON.stringify(options)}, date: new Date('2026-09-01') });`;
  await promisify(execFile)(process.execPath, ['--input-type=module-typescript', '-e', program]);
}

async function measure(feed: string, importFeed: () => ReturnType<typeof importAaf>): Promise<BenchResult[]> {
  const files = (await readdir(feed)).filter((name) => name.endsWith('.xml'));
  const sizes = await Promise.all(files.map(async (name) => (await stat(path.join(feed, name))).size));
  const megabytes = sizes.reduce((sum, size) => sum + size, 0) / 1e6;
  const readSeconds = await readAlone(feed, files);
  globalThis.gc?.();
  let peak = 0;
  const sampler = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 10);
  const startAt = performance.now();
  const first = await importFeed();
  const seconds = (performance.now() - startAt) / 1000;
  clearInterval(sampler);
  const people = first.pupils + first.relatives + first.staff;
  const againAt = performance.now();
  const second = await importFeed();
  if (second.created + second.changed !== 0) throw new Error('the second import changed something');
  return [
    { name: 'size of the feed', value: megabytes, unit: 'MB' },
    { name: 'people in the feed', value: people, unit: 'people' },
    { name: 'first import', value: people / seconds, unit: 'people/s', target: '≥ 8000' },
    { name: 'peak memory of the importer', value: peak / 2 ** 20, unit: 'MiB', target: '≤ 256' },
    { name: 'the same feed again', value: performance.now() - againAt, unit: 'ms' },
    { name: 'reading XML alone', value: megabytes / readSeconds, unit: 'MB/s', target: '≥ 40' },
  ];
}

async function readAlone(feed: string, files: readonly string[]): Promise<number> {
  const startAt = performance.now();
  let records = 0;
  for (const file of files) {
    const reader = openFeedFile({ file, onRecord: () => (records += 1) });
    for await (const chunk of createReadStream(path.join(feed, file), { highWaterMark: 128 * 1024 })) {
      reader.write(chunk as Buffer);
    }
    reader.end();
  }
  if (records === 0) throw new Error('no record was read');
  return (performance.now() - startAt) / 1000;
}
