import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrations as auditMigrations, openAudit } from '@socle/audit';
import { systemClock } from '@socle/base';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import {
  directoryActions,
  importCsv,
  importOneRoster,
  migrations as directoryMigrations,
} from '@socle/directory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAndKillAtRandom } from '../support/killed-at-random.ts';

/** How often each import is killed. `SOCLE_KILL_POINTS=200` for a long run. */
const KILL_POINTS = Number(process.env['SOCLE_KILL_POINTS'] ?? 3);
const SCHOOLS = 6;
const PUPILS = 40;
const OWNER = { controller: 'owner:flamboyants', controllerName: 'Les Flamboyants', academy: 'ETR' };

const program = (call: string) => `
  import { openAudit } from '@socle/audit';
  import { systemClock as clock } from '@socle/base';
  import { openDatabase } from '@socle/db';
  import { directoryActions, importCsv, importOneRoster } from '@socle/directory';
  const [url, source] = process.argv.slice(1);
  const database = openDatabase({ url });
  const audit = openAudit({ database, clock, actions: [directoryActions] });
  process.stdout.write('begins\\n');
  await ${call}({ file: source, feed: source, database, audit, clock, ...${JSON.stringify(OWNER)} });
  process.stdout.write('end\\n');`;

const uai = (school: number) => `${2990100 + school}${'ABCDEFGHJKLMNPRSTUVWXYZ'[(2990100 + school) % 23]!}`;
const numbers = (length: number) => Array.from({ length }, (_, index) => index);

function buildCsv(): string {
  const rows = [
    'type;key;family_name;given_name;birth_date;school;classes;roles;teaches;children;kind;degree;time_zone',
  ];
  for (const school of numbers(SCHOOLS)) {
    rows.push(`school;${uai(school)};Lycée Les Flamboyants ${school};;;;;;;;lycee;2D;Indian/Antananarivo`);
    rows.push(`staff;P-${school};Kergoat;Soizic;;${uai(school)};;teacher;2A=Mathématiques;;;;`);
    for (const pupil of numbers(PUPILS)) {
      rows.push(`pupil;E-${school}-${pupil};Razafy;Éloïse;2011-03-15;${uai(school)};2A;;;;;;`);
      rows.push(`guardian;R-${school}-${pupil};Razafy;Noël;;;;;;E-${school}-${pupil}=legal/father;;;`);
    }
  }
  return `${rows.join('\n')}\n`;
}

/** The same schools as files of OneRoster 1.2. */
function buildOneRoster(): Readonly<Record<string, readonly string[]>> {
  const [orgs, classes, users, roles, enrollments]: [string[], string[], string[], string[], string[]] = [
    ['sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId'],
    [
      'sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods',
    ],
    [
      'sourcedId,status,dateLastModified,enabledUser,username,givenName,familyName,email,phone,agentSourcedIds',
    ],
    ['sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId'],
    [
      'sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate',
    ],
  ];
  for (const school of numbers(SCHOOLS)) {
    orgs.push(`s${school},,,Lycée Les Flamboyants ${school},school,${uai(school)},`);
    classes.push(`c${school},,,Seconde A,,k1,2A,homeroom,,s${school},t1,,,`);
    users.push(`p${school},,,true,soizic${school},Soizic,Kergoat,,,`);
    roles.push(`rp${school},,,p${school},primary,teacher,,,s${school}`);
    enrollments.push(`ep${school},,,c${school},s${school},p${school},teacher,true,,`);
    for (const pupil of numbers(PUPILS)) {
      const id = `${school}x${pupil}`;
      users.push(
        `e${id},,,true,eloise${id},Éloïse,Razafy,,,a${id}`,
        `a${id},,,true,noel${id},Noël,Razafy,,,`,
      );
      roles.push(
        `re${id},,,e${id},primary,student,,,s${school}`,
        `ra${id},,,a${id},primary,parent,,,s${school}`,
      );
      enrollments.push(`ee${id},,,c${school},s${school},e${id},student,false,,`);
    }
  }
  const sessions = [
    'sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear',
    't1,,,Année,schoolYear,2020-09-01,2099-07-05,,2099',
  ];
  const courses = [
    'sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes',
    'k1,,,,Mathématiques,MATH,,s0,,',
  ];
  const files = { academicSessions: sessions, orgs, courses, classes, users, roles, enrollments };
  const manifest = ['propertyName,value', 'manifest.version,1.0', 'oneroster.version,1.2'];
  for (const name of [...Object.keys(files), 'demographics'])
    manifest.push(`file.${name},${name in files ? 'bulk' : 'absent'}`);
  return { manifest, ...files };
}

describe.each([
  { format: 'CSV', call: 'importCsv' },
  { format: 'OneRoster', call: 'importOneRoster' },
] as const)('an import of $format that is killed at random moments', ({ format, call }) => {
  let test: TestDatabase;
  let root: string;
  let source: string;

  beforeAll(async () => {
    test = await openTestDatabase([auditMigrations, directoryMigrations]);
    root = await mkdtemp(path.join(tmpdir(), 'socle-roster-killed-'));
    source = path.join(root, 'feed');
    if (format === 'CSV') {
      source = path.join(root, 'écoles.csv');
      await writeFile(source, buildCsv());
      return;
    }
    await mkdir(source);
    for (const [name, rows] of Object.entries(buildOneRoster()))
      await writeFile(path.join(source, `${name}.csv`), rows.join('\r\n'));
  });
  afterAll(async () => {
    await test.close();
    await rm(root, { recursive: true, force: true });
  });

  const count = async (sql: string) =>
    (await test.openAdmin().query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`))[0]!.n;

  it(`is whole after each of ${KILL_POINTS} kills, and finished by the next run`, async () => {
    let killed = 0;
    for (let kill = 0; kill < KILL_POINTS; kill += 1) {
      const said = await runAndKillAtRandom(program(call), [test.url('app'), source], 150 * (kill + 1));
      expect(said[0]).toBe('begins');
      if (!said.includes('end')) killed += 1;
      // Nobody without a key, no key without a person; a school has all its pupils, or none.
      expect(
        await count(
          `directory.people p WHERE NOT EXISTS (SELECT FROM directory.join_keys j WHERE j.person_id = p.id)`,
        ),
      ).toBe(0);
      expect(
        await count(
          `(SELECT FROM directory.roles WHERE role = 'pupil' GROUP BY school_id HAVING count(*) <> ${PUPILS}) s`,
        ),
      ).toBe(0);
      expect(await count(`audit.events WHERE action = 'directory.import.completed'`)).toBe(
        await count(`directory.imports WHERE state = 'done'`),
      );
    }
    expect(killed).toBeGreaterThan(0);

    const audit = openAudit({ database: test.app, clock: systemClock, actions: [directoryActions] });
    const base = { database: test.app, audit, clock: systemClock, ...OWNER };
    const run = () =>
      format === 'CSV' ? importCsv({ ...base, file: source }) : importOneRoster({ ...base, feed: source });
    try {
      expect(await run()).toMatchObject({
        schools: SCHOOLS,
        pupils: SCHOOLS * PUPILS,
        relatives: SCHOOLS * PUPILS,
        staff: SCHOOLS,
        suspended: 0,
        refused: 0,
      });
      expect(await run()).toMatchObject({ created: 0, changed: 0, suspended: 0 });
    } finally {
      await audit.close();
    }
    expect(await count('directory.people')).toBe(SCHOOLS * PUPILS * 2 + SCHOOLS);
    expect(await count('directory.schools')).toBe(SCHOOLS);
    expect(await count(`directory.division_members WHERE valid_to IS NULL`)).toBe(SCHOOLS * PUPILS);
    expect(await count('directory.guardian_links WHERE superseded_at IS NULL')).toBe(SCHOOLS * PUPILS);
    expect(await count(`directory.imports WHERE state = 'running'`)).toBe(0);
  }, 600_000);
});
