import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrations as auditMigrations, openAudit } from '@socle/audit';
import { systemClock } from '@socle/base';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import {
  directoryActions,
  generateAaf,
  importAaf,
  migrations as directoryMigrations,
  type WrittenFeed,
} from '@socle/directory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runUntilKilled } from '../support/killed-program.ts';

const PROGRAM = `
  import { openAudit } from '@socle/audit';
  import { systemClock } from '@socle/base';
  import { openDatabase } from '@socle/db';
  import { directoryActions, importAaf } from '@socle/directory';
  const [url, source] = process.argv.slice(1);
  const database = openDatabase({ url });
  const audit = openAudit({ database, clock: systemClock, actions: [directoryActions] });
  await importAaf({ source, database, audit, clock: systemClock, academy: '99',
    onProgress: ({ phase, done }) => process.stdout.write(phase + ' ' + done + '\\n') });
  process.stdout.write('end\\n');`;

describe('an import whose process is killed', () => {
  let test: TestDatabase;
  let root: string;
  let feed: WrittenFeed;

  beforeAll(async () => {
    test = await openTestDatabase([auditMigrations, directoryMigrations]);
    root = await mkdtemp(path.join(tmpdir(), 'socle-import-killed-'));
    feed = await generateAaf({
      folder: path.join(root, 'feed'),
      schools: 6,
      pupils: 600,
      seed: 'killed',
      date: new Date('2026-11-23'),
    });
  });
  afterAll(async () => {
    await test.close();
    await rm(root, { recursive: true, force: true });
  });

  const killAt = (word: string, line: number) =>
    runUntilKilled(PROGRAM, [test.url('app'), path.join(root, 'feed')], { word, line });

  const count = async (sql: string) =>
    (await test.openAdmin().query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`))[0]!.n;

  it('is finished by the next run, each person once and each event with its act, wherever it was killed', async () => {
    const kills: [string, number][] = [
      ['read', 1],
      ['read', 20],
      ['apply', 1],
      ['apply', 2],
      ['apply', 3],
      ['apply', 4],
    ];
    let halves = 0;
    for (const [phase, line] of kills) {
      const said = await killAt(phase, line);
      expect(said, `${phase} ${line}`).not.toContain('end');
      const people = await count('directory.people');
      if (people > 0) halves += 1;
      // What is there is whole: nobody without a key, no key without a person, no member of nothing.
      expect(
        await count(
          `directory.people p WHERE NOT EXISTS (SELECT FROM directory.join_keys j WHERE j.person_id = p.id)`,
        ),
      ).toBe(0);
    }
    expect(halves).toBeGreaterThan(0);

    const audit = openAudit({ database: test.app, clock: systemClock, actions: [directoryActions] });
    try {
      const report = await importAaf({
        source: path.join(root, 'feed'),
        database: test.app,
        audit,
        clock: systemClock,
        academy: '99',
      });
      const { schools, pupils, relatives, staff, classes, groups, links } = feed.counts;
      expect(report).toMatchObject({
        schools,
        pupils,
        relatives,
        staff,
        classes,
        groups,
        links,
        suspended: 0,
      });
    } finally {
      await audit.close();
    }
    const { counts } = feed;
    expect(await count('directory.people')).toBe(counts.pupils + counts.relatives + counts.staff);
    expect(await count('directory.schools')).toBe(counts.schools);
    expect(await count('directory.divisions')).toBe(counts.classes + counts.groups);
    expect(await count('directory.guardian_links WHERE superseded_at IS NULL')).toBe(
      counts.links.legal + counts.links.inCharge + counts.links.contact,
    );
    expect(
      await count(`directory.division_members m JOIN directory.divisions d ON d.id = m.division_id AND d.kind = 'class'
        WHERE m.valid_to IS NULL`),
    ).toBe(counts.pupils);
    // One event for each act that committed, none for those that did not.
    expect(await count(`directory.imports WHERE state = 'running'`)).toBe(0);
    expect(await count(`audit.events WHERE action = 'directory.import.completed'`)).toBe(
      await count(`directory.imports WHERE state = 'done'`),
    );
  }, 120_000);
});
