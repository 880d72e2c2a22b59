import { migrations as auditMigrations, openAudit, type Audit } from '@socle/audit';
import { buildManualClock, type Log } from '@socle/base';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directoryActions } from '../actions.ts';
import { generateAaf } from '../generator/generate-aaf.ts';
import { importAaf } from '../import/import-aaf.ts';
import { migrations } from '../migration-set.ts';

const AT = new Date('2026-09-01T05:00:00.000Z');

describe('a complete feed of the next day that says the same', () => {
  let test: TestDatabase;
  let audit: Audit;
  let root: string;
  let day = 1;
  const clock = buildManualClock(AT);

  beforeAll(async () => {
    test = await openTestDatabase([auditMigrations, migrations]);
    audit = openAudit({ database: test.app, clock, actions: [directoryActions] });
    root = await mkdtemp(path.join(tmpdir(), 'socle-unchanged-'));
    await generateAaf({ folder: path.join(root, '1'), pupils: 120, schools: 4, seed: 'essai', date: AT });
  });
  afterAll(async () => {
    await audit.close();
    await test.close();
    await rm(root, { recursive: true, force: true });
  });

  const twoDigits = (number: number) => String(number).padStart(2, '0');

  /** The feed of the day before in other files: records backwards, in parts of its own, under other dates. */
  async function writeNextDay(change: (record: string) => string = (record) => record): Promise<string> {
    const from = path.join(root, String(day));
    day += 1;
    const to = path.join(root, String(day));
    await mkdir(to);
    const names = (await readdir(from)).filter((name) => name.endsWith('.xml')).sort();
    for (const [stem, parts] of Map.groupBy(names, (name) => name.replace(/_\d{4}\.xml$/, ''))) {
      const texts = await Promise.all(parts.map((part) => readFile(path.join(from, part), 'utf8')));
      const records = texts.flatMap((text) => text.match(/<addRequest>[\s\S]*?<\/addRequest>/g) ?? []);
      const head = texts[0]!
        .split(/<addRequest>|<\/ficAlimMENESR>/)[0]!
        .replace(/dateGenerationExport="[^"]*"/, `dateGenerationExport="${twoDigits(day)}/09/2026"`);
      const size = Math.max(1, Math.ceil(records.length / (1 + (day % 3))));
      for (let part = 0; part === 0 || part * size < records.length; part += 1) {
        const own = records.reverse().slice(part * size, (part + 1) * size);
        records.reverse();
        await writeFile(
          path.join(
            to,
            `${stem.replace(/_202609\d\d_/, `_202609${twoDigits(day)}_`)}_${String(part).padStart(4, '0')}.xml`,
          ),
          `${head}${own.map(change).join('\n')}\n</ficAlimMENESR>\n`,
        );
      }
    }
    return to;
  }

  /** Imports, and tells whether the feed was read and compared. */
  async function run(source: string) {
    clock.advanceSeconds(86_400);
    const said: string[] = [];
    const note: Log['info'] = (_, message) => void said.push(message);
    const log: Log = { info: note, warn: note, error: note, debug: note };
    const result = await importAaf({ source, database: test.app, audit, clock, log });
    return { result, compared: said.some((message) => message.includes('read and checked')) };
  }

  const query = <Row>(sql: string) => test.openAdmin().query<Row>(sql);
  const newest = async () =>
    (await query<{ n: string }>(`SELECT max(xmin::text::bigint)::text AS n FROM directory.people`))[0]!.n;

  it('is recognised, noted with its event, and writes nobody', async () => {
    const first = await run(path.join(root, '1'));
    expect(first.compared).toBe(true);
    const before = await newest();
    const { result, compared } = await run(await writeNextDay());
    expect(compared).toBe(false);
    expect(result).toEqual({
      ...first.result,
      created: 0,
      unchanged: first.result.pupils + first.result.relatives + first.result.staff,
    });
    expect(await newest()).toBe(before);
    const degrees = await query<{ degree: string; days: string; states: string }>(
      `SELECT degree, string_agg(DISTINCT feed_day::text, ' ') AS days, string_agg(DISTINCT state, ' ') AS states
       FROM directory.imports GROUP BY degree`,
    );
    expect(degrees).toHaveLength(2);
    for (const each of degrees) expect(each).toMatchObject({ days: '2026-09-01 2026-09-02', states: 'done' });
    expect(await query(`SELECT FROM audit.events WHERE action = 'directory.import.completed'`)).toHaveLength(
      4,
    );
    expect((await run(await writeNextDay())).compared).toBe(false);
  });

  it('is compared whole, and wins, when somebody else wrote a row since', async () => {
    await query(`UPDATE directory.people SET family_name = 'Autrement' WHERE id = (SELECT person_id
      FROM directory.join_keys WHERE category = 'pupil' ORDER BY value LIMIT 1)`);
    const { result, compared } = await run(await writeNextDay());
    expect({ compared, changed: result.changed }).toEqual({ compared: true, changed: 1 });
    expect(await query(`SELECT FROM directory.people WHERE family_name = 'Autrement'`)).toEqual([]);
    expect((await run(await writeNextDay())).compared).toBe(false);
  });

  it('is compared whole when somebody else deleted a row since', async () => {
    await query(
      `DELETE FROM directory.head_teachers WHERE id = (SELECT min(id) FROM directory.head_teachers)`,
    );
    const { result, compared } = await run(await writeNextDay());
    expect({ compared, changed: result.changed }).toEqual({ compared: true, changed: 1 });
    expect((await run(await writeNextDay())).compared).toBe(false);
  });

  it('is compared whole by a release with other rules', async () => {
    await query(`UPDATE directory.feed_contents SET rules = 'others'`);
    expect((await run(await writeNextDay())).compared).toBe(true);
  });

  it('is compared whole when it says something else, were it one letter', async () => {
    let changed = 0;
    const folder = await writeNextDay((record) =>
      record.includes('<value>Eleve</value>') && record.includes('name="sn"') && changed++ === 0
        ? record.replace(/(name="sn"><value>)/, '$1Q')
        : record,
    );
    const { result, compared } = await run(folder);
    expect({ compared, changed: result.changed }).toEqual({ compared: true, changed: 1 });
  });

  it('is compared whole when others wrote while the last one was applied', async () => {
    let written = false;
    clock.advanceSeconds(86_400);
    await importAaf({
      source: await writeNextDay((record) => record.replace(/(name="sn"><value>)Q/, '$1')),
      database: test.app,
      audit,
      clock,
      onProgress({ phase }) {
        if (phase !== 'apply' || written) return;
        written = true;
        void query(
          `UPDATE directory.schools SET language = 'br' WHERE id = (SELECT min(id::text)::uuid FROM directory.schools)`,
        );
      },
    });
    expect(written).toBe(true);
    expect((await run(await writeNextDay())).compared).toBe(true);
  });
});
