import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { migrations as auditMigrations, openAudit } from '@socle/audit';
import { systemClock } from '@socle/base';
import { migrate, openDatabase, provisionDatabase, startEmbeddedServer, type Database } from '@socle/db';
import { directoryActions, importAaf, migrations, type ImportResult } from '@socle/directory';
import type { BenchResult } from './result.ts';

/** Pupils of the generated feed; with their families and teachers, two to three times as many people. */
const PUPILS = Number(process.env['IMPORT_BENCH_PUPILS'] ?? 100_000);
const DAY_MS = 86_400_000;

/**
 * On a PostgreSQL that flushes to disk: a first complete import, the same rows by bare COPY, the same feed once more, the feed of
 * the next day that says the same, and deltas of 1 and 4 % of the pupils.
 */
export async function run(): Promise<BenchResult[]> {
  const root = await mkdtemp(path.join(tmpdir(), 'socle-bench-import-'));
  const server = await startEmbeddedServer({ folder: path.join(root, 'postgres') });
  try {
    const days = [0, 1, 2, 3].map((day) => new Date(Date.now() + (day - 1) * DAY_MS));
    const feed = path.join(root, 'feed');
    await generate(feed, days[0]!);
    const logins = await provisionDatabase({
      adminUrl: server.adminUrl,
      name: 'socle',
      password: 'bench',
      extraLogins: ['sequencer'],
    });
    await migrate({ url: logins.migrator, ownerRole: 'socle_owner', sets: [auditMigrations, migrations] });
    await withAdmin(server.adminUrl, (admin) => admin.query('CREATE DATABASE empty TEMPLATE socle'));
    const database = openDatabase({ url: logins.app });
    const audit = openAudit({ database, clock: systemClock, actions: [directoryActions] });
    const importFeed = (source: string) => importAaf({ source, database, audit, clock: systemClock });
    try {
      const first = await timeFirst(feed, importFeed);
      const bare = await timeBareCopy(server.adminUrl, server.folders.root);
      const again = await timed(() => importFeed(feed));
      const nextDay = path.join(root, 'next-day');
      await rewriteFeed(feed, nextDay, days[1]!);
      const next = await timed(() => importFeed(nextDay));
      requireUnchanged(again.result);
      requireUnchanged(next.result);
      const deltas: { readonly share: number; readonly seconds: number }[] = [];
      for (const [index, share] of [0.01, 0.04].entries()) {
        const folder = path.join(root, `delta-${share}`);
        const named = await writeDelta(feed, folder, days[index + 2]!, share);
        const delta = await timed(() => importFeed(folder));
        if (delta.result.changed !== named)
          throw new Error(`a delta of ${named} changed ${delta.result.changed}`);
        deltas.push({ share, seconds: delta.seconds });
      }
      const [one, four] = deltas;
      return [
        ...first.results,
        { name: 'bare COPY of the same rows, keys and indexes kept', value: bare.indexed, unit: 's' },
        { name: 'bare COPY of the same rows, into heaps', value: bare.heaps, unit: 's' },
        { name: 'bare COPY of the same rows, into the very tables', value: bare.same, unit: 's' },
        {
          name: 'first import ÷ bare COPY into the very tables',
          value: first.seconds / bare.same,
          unit: 'ratio',
          target: '≤ 2.5',
        },
        {
          name: 'first import ÷ bare COPY with keys and indexes',
          value: first.seconds / bare.indexed,
          unit: 'ratio',
          target: '≤ 2.5',
        },
        { name: 'the same files again', value: again.seconds, unit: 's' },
        { name: 'how much faster', value: first.seconds / again.seconds, unit: 'times', target: '≥ 5' },
        {
          name: 'the next day’s files: the same records in another order, other parts, other dates',
          value: next.seconds,
          unit: 's',
        },
        { name: 'how much faster', value: first.seconds / next.seconds, unit: 'times', target: '≥ 5' },
        { name: 'delta of 1 % of the pupils', value: one!.seconds, unit: 's' },
        {
          name: 'delta of 4 % ÷ delta of 1 %',
          value: four!.seconds / one!.seconds,
          unit: 'ratio',
          target: '≤ 4',
        },
      ];
    } finally {
      await audit.close();
      await database.close();
    }
  } finally {
    await server.stop();
    await rm(root, { recursive: true, force: true });
  }
}

function requireUnchanged(result: ImportResult): void {
  if (result.created + result.changed + result.suspended !== 0)
    throw new Error('the same people again changed something');
}

/** In a process of its own, so that its memory is not counted. */
async function generate(folder: string, date: Date): Promise<void> {
  const options = { folder, pupils: PUPILS, schools: Math.max(4, Math.round(PUPILS / 650)), seed: 'bench' };
  const program = `import { generateAaf } from '@socle/directory';
    await generateAaf({ ...${JSON.stringify(options)}, date: new Date('${date.toISOString()}') });`;
  await promisify(execFile)(process.execPath, ['--input-type=module-typescript', '-e', program]);
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly seconds: number }> {
  const startedAt = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - startedAt) / 1000 };
}

async function timeFirst(feed: string, importFeed: (source: string) => Promise<ImportResult>) {
  const sizes = await Promise.all(
    (await readdir(feed)).map(async (name) => (await stat(path.join(feed, name))).size),
  );
  globalThis.gc?.();
  let peak = 0;
  const sampler = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 10);
  const { result, seconds } = await timed(() => importFeed(feed));
  clearInterval(sampler);
  const people = result.pupils + result.relatives + result.staff;
  if (result.created !== people) throw new Error('the first import did not create everybody');
  const results: BenchResult[] = [
    { name: 'size of the feed', value: sizes.reduce((sum, size) => sum + size, 0) / 1e6, unit: 'MB' },
    { name: 'people in the feed', value: people, unit: 'people' },
    { name: 'first import', value: people / seconds, unit: 'people/s', target: '≥ 8000' },
    { name: 'peak memory of this whole process', value: peak / 1e6, unit: 'MB', target: '≤ 300' },
  ];
  return { seconds, results };
}

const TABLES = [
  'people',
  'join_keys',
  'roles',
  'divisions',
  'division_members',
  'teaching_assignments',
  'head_teachers',
  'guardian_links',
];

/** What the rows name, in an order in which each comes after what it names. */
const NAMED = ['controllers', 'regions', 'academies', 'schools', 'subjects'];

async function withAdmin<T>(url: string, work: (admin: Database) => Promise<T>): Promise<T> {
  const admin = openDatabase({ url, maxConnections: 1, statementTimeoutMs: 0 });
  try {
    return await work(admin);
  } finally {
    await admin.close();
  }
}

/**
 * Writes the imported rows to files of the server, then by COPY into new tables: with the same keys, indexes and checks; with none; and
 * into the very tables of an empty database, their references and triggers included.
 */
async function timeBareCopy(adminUrl: string, folder: string) {
  const columns = new Map<string, string>();
  const file = (table: string) => `'${path.join(folder, `${table}.copy`)}'`;
  const load = (admin: Database, schema: string, tables: readonly string[]) =>
    timed(async () => {
      for (const table of tables) {
        await admin.query(`COPY ${schema}.${table} (${columns.get(table)!}) FROM ${file(table)}`);
      }
    });
  const own = await withAdmin(adminUrl.replace('/postgres?', '/socle?'), async (admin) => {
    await admin.query('CREATE SCHEMA indexed');
    await admin.query('CREATE SCHEMA heaps');
    for (const table of [...NAMED, ...TABLES]) {
      const [row] = await admin.query<{ list: string }>(
        `SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) AS list
         FROM information_schema.columns
         WHERE table_schema = 'directory' AND table_name = $1 AND is_generated = 'NEVER'`,
        [table],
      );
      const { list } = row!;
      columns.set(table, list);
      await admin.query(`CREATE TABLE indexed.${table} (LIKE directory.${table} INCLUDING ALL)`);
      await admin.query(`CREATE TABLE heaps.${table} AS SELECT ${list} FROM directory.${table} WITH NO DATA`);
      await admin.query(`COPY (SELECT ${list} FROM directory.${table}) TO ${file(table)}`);
    }
    await admin.query('CHECKPOINT');
    const indexed = await load(admin, 'indexed', TABLES);
    await admin.query('CHECKPOINT');
    const heaps = await load(admin, 'heaps', TABLES);
    await admin.query('DROP SCHEMA indexed CASCADE');
    await admin.query('DROP SCHEMA heaps CASCADE');
    return { indexed: indexed.seconds, heaps: heaps.seconds };
  });
  return withAdmin(adminUrl.replace('/postgres?', '/empty?'), async (admin) => {
    await load(admin, 'directory', NAMED);
    await admin.query('CHECKPOINT');
    return { ...own, same: (await load(admin, 'directory', TABLES)).seconds };
  });
}

const dayOf = (date: Date) => date.toISOString().slice(0, 10).replaceAll('-', '');

/** The same records as another day's feed: in the reverse order, in parts of another size, under other dates. */
async function rewriteFeed(feed: string, folder: string, day: Date): Promise<void> {
  await mkdir(folder);
  const names = (await readdir(feed)).filter((name) => name.endsWith('.xml')).sort();
  for (const [stem, parts] of Map.groupBy(names, (name) => name.replace(/_\d{4}\.xml$/, ''))) {
    const target = stem.replace(/_20\d{6}_/, `_${dayOf(day)}_`);
    // A part at a time, the last first: the whole feed would not fit in the memory that is measured.
    for (const [number, part] of parts.toReversed().entries()) {
      const text = await readFile(path.join(feed, part), 'utf8');
      const records = text.match(/<addRequest>[\s\S]*?<\/addRequest>/g) ?? [];
      const head = text
        .split(/<addRequest>|<\/ficAlimMENESR>/)[0]!
        .replace(/dateGenerationExport="[^"]*"/, `dateGenerationExport="${dayOf(day)}"`);
      const half = Math.ceil(records.length / 2);
      for (const [index, own] of [records.slice(half), records.slice(0, half)].entries()) {
        await writeFile(
          path.join(folder, `${target}_${String(2 * number + index).padStart(4, '0')}.xml`),
          `${head}${own.toReversed().join('\n')}\n</ficAlimMENESR>\n`,
        );
      }
    }
  }
}

/** Gives a share of the pupils of the second degree another name; tells how many. */
async function writeDelta(feed: string, folder: string, day: Date, share: number): Promise<number> {
  const wanted = Math.round(PUPILS * share);
  const requests: string[] = [];
  let kept = '';
  for (const name of (await readdir(feed)).filter((each) => /2D.*_Eleve_\d+\.xml$/.test(each)).sort()) {
    kept ||= name;
    for (const [, id] of (await readFile(path.join(feed, name), 'utf8')).matchAll(/<id>(\d+)<\/id>/g)) {
      if (requests.length === wanted) break;
      requests.push(`<modifyRequest><operationalAttributes><attr name="categoriePersonne"><value>Eleve</value></attr></operationalAttributes>
<identifier><id>${id}</id></identifier><modifications><modification name="sn" operation="replace"><value>Renommée ${share}</value></modification></modifications></modifyRequest>`);
    }
  }
  if (requests.length < wanted) throw new Error('the feed has too few pupils of the second degree');
  await mkdir(folder);
  await writeFile(
    path.join(folder, kept.replace(/_Complet_\d+_/, `_Delta_${dayOf(day)}_`)),
    `<?xml version="1.0" encoding="UTF-8"?>\n<ficAlimMENESR>\n<!-- codeAcademieExport="99" -->\n${requests.join('\n')}\n</ficAlimMENESR>\n`,
  );
  return requests.length;
}
