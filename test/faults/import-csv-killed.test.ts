import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrations as auditMigrations, openAudit } from '@socle/audit';
import { systemClock } from '@socle/base';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import { directoryActions, importCsv, migrations as directoryMigrations } from '@socle/directory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runUntilKilled } from '../support/killed-program.ts';

const ABROAD = { controller: 'owner:flamboyants', controllerName: 'Les Flamboyants', academy: 'ETR' };
const SCHOOLS = 8;
const PUPILS = 60;

const PROGRAM = `
  import { openAudit } from '@socle/audit';
  import { systemClock } from '@socle/base';
  import { openDatabase } from '@socle/db';
  import { directoryActions, importCsv } from '@socle/directory';
  const [url, file] = process.argv.slice(1);
  const database = openDatabase({ url });
  const audit = openAudit({ database, clock: systemClock, actions: [directoryActions] });
  await importCsv({ file, database, audit, clock: systemClock, ...${JSON.stringify(ABROAD)},
    onProgress: ({ phase, done }) => process.stdout.write(phase + ' ' + done + '\\n') });
  process.stdout.write('end\\n');`;

/** Seven digits and the letter that checks them. */
function buildUai(number: number): string {
  return `${number}${'ABCDEFGHJKLMNPRSTUVWXYZ'[number % 23]!}`;
}

/** Schools of one owner; each pair of pupils has a parent, and each school's first pupil one who also has a child next door. */
function buildFile(): string {
  const rows = [
    'type;key;family_name;given_name;birth_date;school;classes;roles;teaches;children;kind;degree;time_zone',
  ];
  for (let school = 0; school < SCHOOLS; school += 1) {
    const uai = buildUai(2990100 + school);
    rows.push(`school;${uai};Lycée Les Flamboyants ${school + 1};;;;;;;;lycee;2D;Indian/Antananarivo`);
    rows.push(`staff;P-${school};Kergoat;Soizic;;${uai};;teacher;2A=Mathématiques;;;;`);
    for (let pupil = 0; pupil < PUPILS; pupil += 1) {
      const key = `E-${school}-${pupil}`;
      rows.push(`pupil;${key};Razafy;Éloïse;2011-03-15;${uai};2${pupil % 2 === 0 ? 'A' : 'B'};;;;;;`);
      if (pupil % 2 === 1) {
        const elsewhere = pupil === 1 ? `|E-${(school + 1) % SCHOOLS}-0=legal` : '';
        rows.push(
          `guardian;R-${school}-${pupil};Razafy;Noël;;;;;;${key}=legal/father|E-${school}-${pupil - 1}=legal/father${elsewhere};;;`,
        );
      }
    }
  }
  return `${rows.join('\n')}\n`;
}

describe('an import of a CSV file whose process is killed', () => {
  let test: TestDatabase;
  let root: string;
  let file: string;

  beforeAll(async () => {
    test = await openTestDatabase([auditMigrations, directoryMigrations]);
    root = await mkdtemp(path.join(tmpdir(), 'socle-import-csv-killed-'));
    file = path.join(root, 'écoles.csv');
    await writeFile(file, buildFile());
  });
  afterAll(async () => {
    await test.close();
    await rm(root, { recursive: true, force: true });
  });

  const count = async (sql: string) =>
    (await test.openAdmin().query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`))[0]!.n;

  it('is finished by the next run, each person once and each event with its act, wherever it was killed', async () => {
    const kills: readonly (readonly [string, number])[] = [
      ['read', 1],
      ['apply', 1],
      ['apply', 2],
      ['apply', 4],
    ];
    let halves = 0;
    for (const [word, line] of kills) {
      const said = await runUntilKilled(PROGRAM, [test.url('app'), file], { word, line });
      expect(said, `${word} ${line}`).not.toContain('end');
      const people = await count('directory.people');
      if (people > 0) halves += 1;
      expect(
        await count(
          `directory.people p WHERE NOT EXISTS (SELECT FROM directory.join_keys j WHERE j.person_id = p.id)`,
        ),
      ).toBe(0);
      // A school is there with all its pupils, or with none.
      expect(
        await count(
          `(SELECT FROM directory.roles WHERE role = 'pupil' GROUP BY school_id HAVING count(*) <> ${PUPILS}) s`,
        ),
      ).toBe(0);
    }
    expect(halves).toBeGreaterThan(0);

    const audit = openAudit({ database: test.app, clock: systemClock, actions: [directoryActions] });
    try {
      const report = await importCsv({ file, database: test.app, audit, clock: systemClock, ...ABROAD });
      expect(report).toMatchObject({
        schools: SCHOOLS,
        pupils: SCHOOLS * PUPILS,
        relatives: (SCHOOLS * PUPILS) / 2,
        staff: SCHOOLS,
        classes: SCHOOLS * 2,
        suspended: 0,
        refused: 0,
        warnings: [],
      });
    } finally {
      await audit.close();
    }
    expect(await count('directory.people')).toBe(SCHOOLS * PUPILS * 1.5 + SCHOOLS);
    expect(await count('directory.schools')).toBe(SCHOOLS);
    expect(await count(`directory.division_members WHERE valid_to IS NULL`)).toBe(SCHOOLS * PUPILS);
    expect(await count('directory.guardian_links WHERE superseded_at IS NULL')).toBe(
      SCHOOLS * PUPILS + SCHOOLS,
    );
    expect(await count('directory.teaching_assignments WHERE valid_to IS NULL')).toBe(SCHOOLS);
    expect(await count(`directory.imports WHERE state = 'running'`)).toBe(0);
    expect(await count(`audit.events WHERE action = 'directory.import.completed'`)).toBe(
      await count(`directory.imports WHERE state = 'done'`),
    );
  }, 120_000);
});
