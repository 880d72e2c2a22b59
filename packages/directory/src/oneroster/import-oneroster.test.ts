import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import tar from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPersonByJoinKey } from '../people/find-person.ts';
import { loadPersonFacts } from '../people/load-person-facts.ts';
import { openTestDirectory, type TestDirectory } from '../testing/open-directory.ts';
import { importOneRoster, type ImportOneRosterOptions } from './import-oneroster.ts';

type Rows = Readonly<Record<string, readonly string[]>>;

const HEADS: Readonly<Record<string, string>> = {
  academicSessions:
    'sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear',
  orgs: 'sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId',
  courses:
    'sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes',
  classes:
    'sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods',
  users:
    'sourcedId,status,dateLastModified,enabledUser,username,givenName,familyName,email,phone,agentSourcedIds',
  roles: 'sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId',
  enrollments:
    'sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate',
  demographics: 'sourcedId,status,dateLastModified,birthDate,sex',
};

const BULK: Rows = {
  academicSessions: [
    't1,,,2026-2027,schoolYear,2026-09-01,2027-07-05,,2027',
    't0,,,2025-2026,schoolYear,2025-09-01,2026-07-05,,2026',
  ],
  orgs: ['s1,,,Lycée Les Flamboyants,school,2990002C,', 'd1,,,Réseau,district,,'],
  courses: ['k1,,,,Mathématiques,MATH,,s1,,'],
  classes: [
    'c1,,,Seconde A,,k1,2A,homeroom,,s1,t1,,,',
    'c2,,,Maths 2A,,k1,2A-M,scheduled,,s1,t1,Mathématiques,061300,',
    'c0,,,Première A (passée),,k1,1A,homeroom,,s1,t0,,,',
  ],
  users: [
    'u1,,,true,eloise,Éloïse,Razafy,eloise@example.org,,"u2,u5"',
    'u2,,,true,noel,Noël,Razafy,,,',
    'u3,,,true,soizic,Soizic,Kergoat,,,',
    'u4,,,false,ancien,Ancien,Compte,,,',
    'u5,,,true,mamie,Jeanne,Razafy,,,',
    'u6,,,true,admin,Grand,Administrateur,,,',
  ],
  roles: [
    'r1,,,u1,primary,student,,,s1',
    'r2,,,u2,primary,parent,,,s1',
    'r3,,,u3,primary,teacher,,,s1',
    'r4,,,u4,primary,student,,,s1',
    'r5,,,u5,primary,relative,,,s1',
    'r6,,,u6,primary,systemAdministrator,,,d1',
  ],
  enrollments: [
    'e1,,,c1,s1,u1,student,false,,',
    'e2,,,c2,s1,u1,student,false,,',
    'e3,,,c2,s1,u3,teacher,true,,',
    'e4,,,c1,s1,u3,teacher,true,,',
    'e5,,,c0,s1,u1,student,false,,',
    'e6,,,c1,s1,u1,student,false,2024-09-01,2025-07-01',
  ],
  demographics: ['u1,,,2011-03-15,female'],
};

describe('importOneRoster', () => {
  let directory: TestDirectory;
  beforeEach(async () => {
    directory = await openTestDirectory();
  });
  afterEach(() => directory.close());

  async function write(rows: Rows, mode: 'bulk' | 'delta' = 'bulk', version = '1.2'): Promise<void> {
    await mkdir(directory.folder, { recursive: true });
    const manifest = ['propertyName,value', 'manifest.version,1.0', `oneroster.version,${version}`];
    for (const [name, head] of Object.entries(HEADS)) {
      manifest.push(`file.${name},${rows[name] ? mode : 'absent'}`);
      if (rows[name])
        await writeFile(path.join(directory.folder, `${name}.csv`), [head, ...rows[name]].join('\r\n'));
    }
    await writeFile(path.join(directory.folder, 'manifest.csv'), manifest.join('\r\n'));
  }
  async function run(options: Partial<ImportOneRosterOptions> = {}) {
    const { database, audit, clock, folder } = directory;
    const owner = { controller: 'owner:flamboyants', controllerName: 'Les Flamboyants', academy: 'ETR' };
    return importOneRoster({ feed: folder, database, audit, clock, ...owner, ...options });
  }
  const find = async (id: string) =>
    (await directory.all((tx) => findPersonByJoinKey(tx, { kind: 'oneroster', value: `oneroster-${id}` })))!;
  const facts = async (id: string) => {
    const person = await find(id);
    return (await directory.all((tx) => loadPersonFacts(tx, person.id, directory.clock.now())))!;
  };

  it('brings schools, classes, people, enrollments and families, and says what it does not map', async () => {
    await write(BULK);
    const result = await run();
    expect(result).toMatchObject({
      schools: 1,
      pupils: 1,
      relatives: 2,
      staff: 1,
      classes: 2,
      groups: 1,
      links: { legal: 1, inCharge: 0, contact: 1 },
      created: 4,
      refused: 0,
    });
    expect(result.warnings).toEqual([
      { kind: 'record_not_mapped', count: 2, sample: ['r6', 'u6'] },
      { kind: 'user_disabled', count: 1, sample: ['u4'] },
    ]);
    expect(await find('u1')).toMatchObject({ givenName: 'Éloïse', birthDate: '2011-03-15' });
    expect((await facts('u1')).memberOf).toHaveLength(2);
    expect((await facts('u3')).teaches).toHaveLength(2);
    expect((await facts('u3')).roles.map(({ role }) => role).toSorted()).toEqual(['head_teacher', 'teacher']);
    const kept = JSON.stringify(await directory.admin.query('SELECT * FROM directory.oneroster_rows'));
    expect(kept).not.toMatch(/Razafy|Kergoat|Éloïse|2011-03-15|example\.org/);
  });

  it('changes nothing the second time, and nothing in a dry run', async () => {
    await write(BULK);
    expect(await run({ dryRun: true })).toMatchObject({ created: 4 });
    expect(await directory.admin.query('SELECT 1 FROM directory.people')).toEqual([]);
    await run();
    expect(await run()).toMatchObject({ created: 0, changed: 0, unchanged: 4 });
    directory.clock.advanceSeconds(86_400); // compared in full on another day
    expect(await run()).toMatchObject({ created: 0, changed: 0, unchanged: 4 });
  });

  it('takes a delta for what it names, and an old one sent again for nothing', async () => {
    await write(BULK);
    await run();
    const delta: Rows = {
      users: [
        'u7,active,2026-09-03T08:00:00Z,true,maeva,Maëva,Andria,,,',
        'u3,active,2026-09-03T08:00:00Z,true,soizic,Soizic,Le Kergoat,,,',
      ],
      roles: ['r7,active,2026-09-03T08:00:00Z,u7,primary,student,,,s1'],
      enrollments: [
        'e7,active,2026-09-03T08:00:00Z,c1,s1,u7,student,false,,',
        'e2,tobedeleted,2026-09-03T08:00:00Z,c2,s1,u1,student,false,,',
      ],
    };
    await write(delta, 'delta');
    expect(await run()).toMatchObject({ created: 1, changed: 2, suspended: 0, pupils: 2 });
    expect(await find('u3')).toMatchObject({ familyName: 'Le Kergoat' });
    expect(await find('u1')).toMatchObject({ familyName: 'Razafy', birthDate: '2011-03-15' });
    expect((await facts('u1')).memberOf).toHaveLength(1);
    await write({ enrollments: ['e7,tobedeleted,2026-09-04T08:00:00Z,c1,s1,u7,student,false,,'] }, 'delta');
    expect(await run()).toMatchObject({ changed: 1 });
    await write({ enrollments: ['e7,active,2026-09-03T07:00:00Z,c1,s1,u7,student,false,,'] }, 'delta');
    expect(await run()).toMatchObject({ changed: 0 });
    expect((await facts('u7')).memberOf).toEqual([]);
  });

  it('reads an archive, and refuses one with files that are not of a feed', async () => {
    await write(BULK);
    const pack = async (extra: Readonly<Record<string, string>>) => {
      const archive = tar.pack();
      for (const name of await readdir(directory.folder)) {
        if (name.endsWith('.csv'))
          archive.entry({ name: `export/${name}` }, await readFile(path.join(directory.folder, name)));
      }
      for (const [name, text] of Object.entries(extra)) archive.entry({ name }, text);
      archive.finalize();
      const feed = path.join(directory.folder, 'feed.tgz');
      await writeFile(feed, gzipSync(await buffer(archive as unknown as NodeJS.ReadableStream)));
      return feed;
    };
    await expect(run({ feed: await pack({ 'other.csv': 'a,b' }) })).rejects.toMatchObject({
      code: 'feed_archive_invalid',
    });
    await expect(run({ feed: await pack({ '../users.csv': 'a,b' }) })).rejects.toMatchObject({
      code: 'feed_archive_invalid',
    });
    expect(await run({ feed: await pack({ 'readme.txt': 'x' }) })).toMatchObject({ created: 4 });
  });

  it('refuses a delta before anything whole, another version, a school without UAI, and a formula', async () => {
    await write({ users: BULK.users! }, 'delta');
    await expect(run()).rejects.toMatchObject({ code: 'feed_delta_without_complete' });
    await write(BULK, 'bulk', '1.1');
    await expect(run()).rejects.toMatchObject({ code: 'feed_not_oneroster' });
    await write({ ...BULK, orgs: ['s1,,,Lycée Les Flamboyants,school,LF-12,'] });
    await expect(run()).rejects.toMatchObject({ code: 'feed_rows_invalid' });
    expect(await run({ schools: { s1: '2990002C' }, dryRun: true })).toMatchObject({ schools: 1 });
    await write({ ...BULK, users: ['u1,,,true,x,=1+1,Razafy,,,'] });
    await expect(run()).rejects.toMatchObject({
      code: 'feed_rows_invalid',
      publicMessage: expect.stringContaining('users.csv, line 2, column givenName'),
    });
    expect(await directory.admin.query('SELECT 1 FROM directory.people')).toEqual([]);
  });

  it('asks for a word when the next bulk feed lacks too many', async () => {
    await write(BULK);
    await run();
    await write({ ...BULK, users: BULK.users!.slice(0, 2) });
    await expect(run()).rejects.toMatchObject({ code: 'feed_departures_exceed_guard' });
    expect((await directory.events()).map(({ action }) => action)).toContain('directory.import.refused');
  });
});
