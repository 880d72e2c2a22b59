import { migrations as auditMigrations, openAudit, type Audit } from '@socle/audit';
import { buildManualClock } from '@socle/base';
import type { Database } from '@socle/db';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directoryActions } from '../actions.ts';
import { generateAaf } from '../generator/generate-aaf.ts';
import type { WrittenFeed } from '../generator/write-feed.ts';
import { migrations } from '../migration-set.ts';
import { importAaf } from './import-aaf.ts';

const AT = new Date('2026-09-01T05:00:00.000Z');

describe('importAaf of a generated territory', () => {
  let test: TestDatabase;
  let audit: Audit;
  let folder: string;
  let written: WrittenFeed;
  let admin: Database;
  const clock = buildManualClock(AT);

  beforeAll(async () => {
    test = await openTestDatabase([auditMigrations, migrations]);
    admin = test.openAdmin();
    audit = openAudit({ database: test.app, clock, actions: [directoryActions] });
    folder = await mkdtemp(path.join(tmpdir(), 'socle-feed-'));
    written = await generateAaf({ folder, pupils: 300, schools: 4, seed: 'essai', date: AT });
  });
  afterAll(async () => {
    await audit.close();
    await test.close();
    await rm(folder, { recursive: true, force: true });
  });

  const run = (options: { dryRun?: boolean } = {}) =>
    importAaf({ source: folder, database: test.app, audit, clock, ...options });

  it('says in a dry run what it would do, and does nothing', async () => {
    const result = await run({ dryRun: true });
    expect(result.created).toBeGreaterThan(700);
    expect(await count('people')).toBe(0);
    expect(await count('imports')).toBe(0);
  });

  it('counts exactly what the generator wrote', async () => {
    const result = await run();
    const { counts } = written;
    for (const name of ['schools', 'pupils', 'relatives', 'staff', 'classes', 'groups'] as const) {
      expect([name, result[name]]).toEqual([name, counts[name]]);
    }
    expect(result.links).toEqual(counts.links);
    expect(result).toMatchObject({
      created: counts.pupils + counts.relatives + counts.staff,
      changed: 0,
      unchanged: 0,
      suspended: 0,
      refused: 0,
    });
    expect(result.warnings).toEqual(
      counts.missingRelatives > 0
        ? [{ kind: 'link_to_missing_relative', count: counts.missingRelatives, sample: expect.any(Array) }]
        : [],
    );
    expect(await count('people')).toBe(result.created);
  });

  it('changes nothing when the same feed comes again, and says so', async () => {
    clock.advanceSeconds(60);
    const before = await fingerprint();
    const result = await run();
    expect(result).toMatchObject({ created: 0, changed: 0, suspended: 0 });
    expect(result.unchanged).toBe(result.pupils + result.relatives + result.staff);
    expect(await fingerprint()).toBe(before);
  });

  it('changes nothing either when it must be compared in full', async () => {
    await admin.query(`UPDATE directory.imports SET digest = repeat('0', 64)`);
    await admin.query('DELETE FROM directory.feed_contents');
    clock.advanceSeconds(60);
    const before = await fingerprint();
    expect(await run()).toMatchObject({ created: 0, changed: 0, suspended: 0 });
    expect(await fingerprint()).toBe(before);
  });

  async function count(table: string): Promise<number> {
    const [row] = await admin.query<{ n: number }>(`SELECT count(*)::int AS n FROM directory.${table}`);
    return row!.n;
  }

  /** Everything that an import may write, but for its own ledger. */
  async function fingerprint(): Promise<string> {
    const tables = [
      'people',
      'join_keys',
      'roles',
      'divisions',
      'division_members',
      'teaching_assignments',
      'head_teachers',
      'guardian_links',
      'authorization_revisions',
    ];
    const parts: string[] = [];
    for (const table of tables) {
      const [row] = await admin.query<{ n: number; hash: string }>(
        `SELECT count(*)::int AS n, md5(string_agg(t::text, '|' ORDER BY t::text)) AS hash FROM directory.${table} t`,
      );
      expect(row!.n).toBeGreaterThan(0);
      parts.push(`${table}:${row!.n}:${row!.hash}`);
    }
    return parts.join('\n');
  }
});
