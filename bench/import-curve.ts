import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { migrations as auditMigrations, openAudit } from '@socle/audit';
import { systemClock } from '@socle/base';
import { databaseUrl, migrate, openDatabase, provisionDatabase, startEmbeddedServer } from '@socle/db';
import { directoryActions, importAaf, migrations } from '@socle/directory';
import type { BenchResult } from './result.ts';

/** Pupils of each feed: about 1 000, 10 000, 100 000 and 300 000 people with their families and teachers. */
const SIZES = (process.env['IMPORT_CURVE_PUPILS'] ?? '410,4100,41000,124000').split(',').map(Number);

/** First imports of growing feeds, each into an empty database of its own on one embedded PostgreSQL that flushes to disk. */
export async function run(): Promise<BenchResult[]> {
  const root = await mkdtemp(path.join(tmpdir(), 'socle-bench-curve-'));
  const server = await startEmbeddedServer({ folder: path.join(root, 'postgres') });
  try {
    const logins = await provisionDatabase({
      adminUrl: server.adminUrl,
      name: 'socle',
      password: 'bench',
      extraLogins: ['sequencer'],
    });
    await migrate({ url: logins.migrator, ownerRole: 'socle_owner', sets: [auditMigrations, migrations] });
    const admin = openDatabase({ url: server.adminUrl });
    const points: { readonly people: number; readonly seconds: number }[] = [];
    try {
      for (const pupils of SIZES) {
        const name = `curve_${pupils}`;
        await admin.query(`CREATE DATABASE ${name} TEMPLATE socle`);
        const feed = path.join(root, name);
        await generate(feed, pupils);
        const url = databaseUrl(logins.app, { database: name });
        const database = openDatabase({ url });
        const audit = openAudit({ database, clock: systemClock, actions: [directoryActions] });
        const startedAt = performance.now();
        const result = await importAaf({ source: feed, database, audit, clock: systemClock });
        points.push({
          people: result.pupils + result.relatives + result.staff,
          seconds: (performance.now() - startedAt) / 1000,
        });
        await audit.close();
        await database.close();
        await rm(feed, { recursive: true, force: true });
        await admin.query(`DROP DATABASE ${name}`);
      }
    } finally {
      await admin.close();
    }
    const results: BenchResult[] = points.map(({ people, seconds }) => ({
      name: `people a second, of ${people}`,
      value: people / seconds,
      unit: '1/s',
    }));
    const [middle, last] = points.slice(-2);
    if (middle && last) {
      results.push({
        name: 'exponent of the time between the two largest (1 is linear)',
        value: Math.log(last.seconds / middle.seconds) / Math.log(last.people / middle.people),
        unit: '',
        target: '≤ 1.1',
      });
    }
    return results;
  } finally {
    await server.stop();
    await rm(root, { recursive: true, force: true });
  }
}

/** In a process of its own, so that it leaves no garbage in this one. */
async function generate(folder: string, pupils: number): Promise<void> {
  const options = { folder, pupils, schools: Math.max(3, Math.round(pupils / 650)), seed: 'curve' };
  const program = `import { generateAaf } from '@socle/directory';
    await generateAaf({ ...${JSON.stringify(options)}, date: new Date('2026-09-01') });`;
  await promisify(execFile)(process.execPath, ['--input-type=module-typescript', '-e', program]);
}
