import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrations as auditMigrations, openAudit, type Audit } from '@socle/audit';
import { buildManualClock } from '@socle/base';
import type { Database } from '@socle/db';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directoryActions } from '../actions.ts';
import { importAaf } from '../import/import-aaf.ts';
import { migrations } from '../migration-set.ts';
import { generateAaf } from './generate-aaf.ts';
import type { WrittenFeed } from './write-feed.ts';

const DAY = new Date('2026-11-23T04:00:00Z');

describe('a generated feed that is imported', () => {
  let test: TestDatabase;
  let admin: Database;
  let audit: Audit;
  let root: string;
  let feed: WrittenFeed;
  let report: Awaited<ReturnType<typeof importAaf>>;

  const importFeed = () =>
    importAaf({
      source: path.join(root, 'feed'),
      database: test.app,
      audit,
      clock: buildManualClock(DAY),
      academy: '99',
    });
  const count = async (sql: string) =>
    (await admin.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`))[0]!.n;

  beforeAll(async () => {
    test = await openTestDatabase([auditMigrations, migrations]);
    admin = test.openAdmin();
    audit = openAudit({ database: test.app, clock: buildManualClock(DAY), actions: [directoryActions] });
    root = await mkdtemp(path.join(tmpdir(), 'socle-round-trip-'));
    feed = await generateAaf({
      folder: path.join(root, 'feed'),
      schools: 12,
      pupils: 3_000,
      seed: 'aller-retour',
      date: DAY,
    });
    report = await importFeed();
  });
  afterAll(async () => {
    await audit.close();
    await test.close();
    await rm(root, { recursive: true, force: true });
  });

  it('is counted as the generator counts it', () => {
    const { schools, pupils, relatives, staff, classes, groups, links } = feed.counts;
    expect(report).toMatchObject({ schools, pupils, relatives, staff, classes, groups, links });
    expect(report).toMatchObject({
      refused: 0,
      changed: 0,
      suspended: 0,
      created: pupils + relatives + staff,
    });
  });

  it('gives no warning but the relatives that are missing on purpose', () => {
    expect(feed.counts.missingRelatives).toBeGreaterThan(0);
    expect(report.warnings.map(({ kind, count: times }) => [kind, times])).toEqual([
      ['link_to_missing_relative', feed.counts.missingRelatives],
    ]);
  });

  it('fills the tables with exactly what was written', async () => {
    const { counts } = feed;
    expect(await count('directory.people')).toBe(counts.pupils + counts.relatives + counts.staff);
    expect(await count('directory.schools')).toBe(counts.schools);
    expect(await count(`directory.divisions WHERE kind = 'class'`)).toBe(counts.classes);
    expect(await count(`directory.divisions WHERE kind = 'group'`)).toBe(counts.groups);
    expect(await count(`directory.guardian_links WHERE kind = 'legal' AND exercise = 'joint'`)).toBe(
      counts.links.legal,
    );
    expect(await count(`directory.guardian_links WHERE kind = 'in_charge'`)).toBe(counts.links.inCharge);
    expect(await count(`directory.guardian_links WHERE kind = 'contact'`)).toBe(counts.links.contact);
    expect(await count(`directory.join_keys WHERE kind = 'agent_mail'`)).toBe(counts.staff);
    expect(await count(`(SELECT DISTINCT person_id FROM directory.head_teachers) h`)).toBe(
      counts.headTeachers,
    );
    expect(await count(`(SELECT DISTINCT person_id FROM directory.roles WHERE role = 'pupil') p`)).toBe(
      counts.pupils,
    );
  });

  it('puts every pupil in one class', async () => {
    const seats = `directory.division_members m JOIN directory.divisions d ON d.id = m.division_id AND d.kind = 'class'`;
    expect(await count(seats)).toBe(feed.counts.pupils);
    expect(await count(`(SELECT DISTINCT m.person_id FROM ${seats}) s`)).toBe(feed.counts.pupils);
  });

  it('changes nothing when it is imported again', async () => {
    const again = await importFeed();
    expect(again).toMatchObject({ created: 0, changed: 0, suspended: 0, refused: 0 });
    expect(await count('directory.people')).toBe(report.created);
  });
});
