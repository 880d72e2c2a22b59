import { migrations as auditMigrations, openAudit, type Audit } from '@socle/audit';
import { buildManualClock } from '@socle/base';
import type { Database } from '@socle/db';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directoryActions } from '../actions.ts';
import { generateSeries, type WrittenSeries } from '../generator/generate-series.ts';
import { importAaf } from '../import/import-aaf.ts';
import { migrations } from '../migration-set.ts';

const START = new Date('2026-09-01T05:00:00.000Z');
/** `SOCLE_SERIES_DAYS=365` for a year. */
const DAYS = Number(process.env['SOCLE_SERIES_DAYS'] ?? 30);

/** What the directory says of everybody, by the feed's keys: no identifier and no instant of one database. */
const STATE: Readonly<Record<string, string>> = {
  people: `SELECT j.degree, j.value, j.category, j.attached_to, j.teaches, j.missing_since IS NULL AS here,
      p.given_name, p.family_name, p.birth_date, p.leaving_since IS NULL AS stays
    FROM directory.join_keys j JOIN directory.people p ON p.id = j.person_id WHERE j.missing_since IS NULL`,
  leavers: `SELECT j.degree, j.value FROM directory.join_keys j JOIN directory.people p ON p.id = j.person_id
    WHERE p.leaving_since IS NOT NULL`,
  mail: `SELECT m.value, j.value AS holder FROM directory.join_keys m
    JOIN directory.join_keys j ON j.person_id = m.person_id AND j.kind = 'aaf' WHERE m.kind = 'agent_mail'`,
  roles: `SELECT j.value, r.role, s.uai, r.function_code FROM directory.roles r
    JOIN directory.join_keys j ON j.person_id = r.person_id AND j.kind = 'aaf'
    JOIN directory.schools s ON s.id = r.school_id WHERE r.valid_to IS NULL`,
  members: `SELECT j.value, s.uai, d.kind, d.code FROM directory.division_members m
    JOIN directory.divisions d ON d.id = m.division_id JOIN directory.schools s ON s.id = d.school_id
    JOIN directory.join_keys j ON j.person_id = m.person_id AND j.kind = 'aaf' WHERE m.valid_to IS NULL`,
  teaching: `SELECT j.value, s.uai, d.kind, d.code, u.code AS subject FROM directory.teaching_assignments m
    JOIN directory.divisions d ON d.id = m.division_id JOIN directory.schools s ON s.id = d.school_id
    LEFT JOIN directory.subjects u ON u.id = m.subject_id
    JOIN directory.join_keys j ON j.person_id = m.person_id AND j.kind = 'aaf' WHERE m.valid_to IS NULL`,
  heads: `SELECT j.value, s.uai, d.code FROM directory.head_teachers m
    JOIN directory.divisions d ON d.id = m.division_id JOIN directory.schools s ON s.id = d.school_id
    JOIN directory.join_keys j ON j.person_id = m.person_id AND j.kind = 'aaf' WHERE m.valid_to IS NULL`,
  links: `SELECT c.value, a.value AS adult, g.kind, g.exercise, g.relation_code FROM directory.guardian_links g
    JOIN directory.join_keys c ON c.person_id = g.child_id AND c.kind = 'aaf' AND c.missing_since IS NULL
    JOIN directory.join_keys a ON a.person_id = g.adult_id AND a.kind = 'aaf'
    WHERE g.superseded_at IS NULL AND g.valid_to IS NULL`,
};

describe(`${DAYS} days of generated deltas`, () => {
  let folder: string;
  let series: WrittenSeries;
  const opened: { test: TestDatabase; audit: Audit }[] = [];
  beforeAll(
    async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'socle-series-'));
      series = await generateSeries({
        folder,
        pupils: 300,
        schools: 4,
        seed: 'mois',
        date: START,
        days: DAYS,
        share: 0.4,
      });
    },
    Math.max(60_000, DAYS * 1_000),
  );
  afterAll(async () => {
    for (const { audit, test } of opened) {
      await audit.close();
      await test.close();
    }
    await rm(folder, { recursive: true, force: true });
  });

  async function openDirectory() {
    const test = await openTestDatabase([auditMigrations, migrations]);
    const clock = buildManualClock(START);
    const audit = openAudit({ database: test.app, clock, actions: [directoryActions] });
    opened.push({ test, audit });
    const admin = test.openAdmin();
    const run = (source: string) => importAaf({ source, database: test.app, audit, clock });
    return { run, clock, admin };
  }

  async function readState(admin: Database): Promise<Record<string, readonly string[]>> {
    const state: Record<string, readonly string[]> = {};
    for (const [name, sql] of Object.entries(STATE)) {
      const rows = await admin.query<{ row: string }>(`SELECT t::text AS row FROM (${sql}) t ORDER BY 1`);
      expect([name, rows.length > 0]).toEqual([name, true]);
      state[name] = rows.map(({ row }) => row);
    }
    return state;
  }

  it(
    'comes to what the complete feed of the last day says',
    async () => {
      const nightly = await openDirectory();
      await nightly.run(series.first.folder);
      const seen = { created: 0, changed: 0, suspended: 0 };
      for (const delta of series.deltas) {
        nightly.clock.advanceSeconds(24 * 60 * 60);
        const result = await nightly.run(delta.folder);
        expect(result.refused).toBe(0);
        seen.created += result.created;
        seen.changed += result.changed;
        seen.suspended += result.suspended;
      }
      expect(Math.min(seen.created, seen.changed, seen.suspended)).toBeGreaterThan(5);
      const reached = await readState(nightly.admin);

      const monthly = await openDirectory();
      await monthly.run(series.first.folder);
      monthly.clock.advanceSeconds(DAYS * 24 * 60 * 60);
      await importAafForced(monthly, series.last.folder);
      expect(reached).toEqual(await readState(monthly.admin));

      // And the complete feed itself finds nothing left to do.
      nightly.clock.advanceSeconds(60);
      expect(await nightly.run(series.last.folder)).toMatchObject({ created: 0, changed: 0, suspended: 0 });
    },
    Math.max(120_000, DAYS * 10_000),
  );

  async function importAafForced(directory: Awaited<ReturnType<typeof openDirectory>>, source: string) {
    const { test, audit } = opened.at(-1)!;
    return importAaf({ source, database: test.app, audit, clock: directory.clock, force: true });
  }
});
