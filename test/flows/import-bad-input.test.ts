import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrations as auditMigrations, openAudit, type Audit } from '@socle/audit';
import { buildManualClock, isSocleError } from '@socle/base';
import type { Database } from '@socle/db';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import {
  directoryActions,
  generateAaf,
  importAaf,
  migrations as directoryMigrations,
} from '@socle/directory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rewrite } from '../support/bad-feeds/rewrite.ts';
import { ACCEPTED_FEEDS, REFUSED_FEEDS } from '../support/bad-feeds/corpus.ts';
import { writeTinyTerritory } from '../support/tiny-territory.ts';

const DAY = new Date('2026-11-23T04:00:00Z');
const LONGEST_LINE = 300;

let test: TestDatabase;
let admin: Database;
let audit: Audit;
let root: string;
let folders = 0;

beforeAll(async () => {
  test = await openTestDatabase([auditMigrations, directoryMigrations]);
  admin = test.openAdmin();
  audit = openAudit({ database: test.app, clock: buildManualClock(DAY), actions: [directoryActions] });
  root = await mkdtemp(path.join(tmpdir(), 'socle-bad-feeds-'));
});
afterAll(async () => {
  await audit.close();
  await test.close();
  await rm(root, { recursive: true, force: true });
});

async function writeGoodFeed(): Promise<string> {
  const folder = path.join(root, String((folders += 1)));
  await writeTinyTerritory(folder, DAY);
  return folder;
}

const importFeed = (source: string, more: { dryRun?: boolean } = {}) =>
  importAaf({ source, database: test.app, audit, clock: buildManualClock(DAY), academy: '99', ...more });

/** Rows of every table of the directory but the two diaries of imports, staging included. */
async function countRows(): Promise<Record<string, number>> {
  const tables = await admin.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = 'directory' AND table_type = 'BASE TABLE' AND table_name NOT IN ('imports', 'import_runs') ORDER BY 1`,
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await admin.query<{ n: number }>(`SELECT count(*)::int AS n FROM directory.${name}`);
    counts[name] = row!.n;
  }
  return counts;
}

const acts = async () =>
  (
    await admin.query<{ action: string; n: number }>(
      `SELECT action, count(*)::int AS n FROM audit.events WHERE action NOT LIKE 'directory.import.%' GROUP BY 1 ORDER BY 1`,
    )
  ).map(({ action, n }) => `${action} ${n}`);

describe('an import of a feed that is not what it should be', () => {
  it('has a directory to spoil: empty tables at the start', async () => {
    const counts = await countRows();
    expect(Object.keys(counts)).toEqual(
      expect.arrayContaining(['people', 'roles', 'guardian_links', 'schools']),
    );
    expect(counts['people']).toBe(0);
  });

  it.each(REFUSED_FEEDS)(
    'refuses $title ($code): one clear line, nothing applied',
    async ({ spoil, code }) => {
      const folder = await writeGoodFeed();
      await spoil(folder);
      const [rows, events] = [await countRows(), await acts()];
      const failure: unknown = await importFeed(folder).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(isSocleError(failure)).toBe(true);
      if (!isSocleError(failure)) return;
      expect(failure.code).toBe(code);
      expect(failure.kind).toBe('refusal');
      expect(failure.publicMessage).toMatch(/^[^\n]+\.$/);
      expect(failure.publicMessage.length).toBeLessThanOrEqual(LONGEST_LINE);
      // Neither what the file holds nor what the machine holds shows in the message.
      expect(failure.publicMessage).not.toMatch(/courriel|lol|xxx|root:/);
      expect(await countRows()).toEqual(rows);
      expect(await acts()).toEqual(events);
    },
  );
});

describe('an import of a folder that holds both degrees', () => {
  const isolated = { database: undefined as TestDatabase | undefined };
  afterAll(() => isolated.database?.close());

  it('applies neither when the second one is truncated, and both when it is whole', async () => {
    const own = await openTestDatabase([auditMigrations, directoryMigrations]);
    isolated.database = own;
    const people = async () =>
      (await own.openAdmin().query<{ n: number }>('SELECT count(*)::int AS n FROM directory.people'))[0]!.n;
    const run = (source: string) =>
      importAaf({ source, database: own.app, audit, clock: buildManualClock(DAY), academy: '99' });
    const options = { schools: 2, pupils: 60, seed: 'both', date: DAY };
    const [bad, whole] = [path.join(root, 'bad-both'), path.join(root, 'whole-both')];
    await generateAaf({ ...options, folder: bad });
    // The first degree's file comes first in the folder's order, and is read last.
    await rewrite(bad, 'Eleve', (text) => text.slice(0, text.length / 2));
    await expect(run(bad)).rejects.toMatchObject({
      code: 'feed_file_invalid',
      details: { file: expect.stringContaining('ENT1D') },
    });
    expect(await people()).toBe(0);
    await generateAaf({ ...options, folder: whole });
    expect(await run(whole)).toMatchObject({ schools: 2, pupils: 60 });
    expect(await people()).toBeGreaterThan(60);
  });
});

describe('an import of a feed that is odd but right', () => {
  let good: Awaited<ReturnType<typeof importFeed>>;

  it('imports the good feed, so that the refusals above were about the spoiling', async () => {
    const folder = await writeGoodFeed();
    good = await importFeed(folder);
    expect(good).toMatchObject({ schools: 1, pupils: 40, refused: 0, suspended: 0, warnings: [] });
    expect(good.created).toBe(good.pupils + good.relatives + good.staff);
    expect((await countRows())['people']).toBe(good.created);
  });

  it.each(ACCEPTED_FEEDS)('accepts $title: the same people', async ({ spoil, title }) => {
    const folder = await writeGoodFeed();
    await spoil(folder);
    const rows = await countRows();
    const report = await importFeed(folder);
    const { pupils, relatives, staff, classes, groups, links } = good;
    expect(report).toMatchObject({ pupils, relatives, staff, classes, groups, links });
    expect(report).toMatchObject({
      created: 0,
      changed: 0,
      suspended: 0,
      refused: 0,
      unchanged: good.created,
    });
    expect(await countRows()).toEqual(rows);
    const kinds = report.warnings.map((warning) => warning.kind);
    expect(kinds).toEqual(title.startsWith('attributes that nobody knows') ? ['attribute_unknown'] : []);
  });
});
