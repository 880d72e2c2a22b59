import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrations as auditMigrations, openAudit, type Audit } from '@socle/audit';
import { systemClock } from '@socle/base';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import {
  bindScimClient,
  directoryActions,
  importCsv,
  migrations as directoryMigrations,
  openScim,
} from '@socle/directory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAndKillAtRandom } from '../support/killed-at-random.ts';
import { loadLoggedEvents } from '../support/logged-events.ts';
import { SOCLE_GROUP, SOCLE_USER, user } from '../support/scim-client.ts';

/** How often whoever serves SCIM is killed. `SOCLE_KILL_POINTS=200` for a long run. */
const KILL_POINTS = Number(process.env['SOCLE_KILL_POINTS'] ?? 3);
const SCHOOL = '2990100J';
const CLIENT = 'annuaire';

/** Serves one request after the other: a pupil, a group, the pupil into it, another name. */
const PROGRAM = `
  import { openAudit } from '@socle/audit';
  import { systemClock as clock } from '@socle/base';
  import { openDatabase } from '@socle/db';
  import { directoryActions, openScim } from '@socle/directory';
  const [url, turn] = process.argv.slice(1);
  const database = openDatabase({ url });
  const audit = openAudit({ database, clock, actions: [directoryActions] });
  const scim = openScim({ database, audit, clock, baseUrl: 'https://socle.example/scim/v2' });
  const caller = await scim.requireCaller('${CLIENT}');
  const patch = (op) => ({ body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [op] } });
  const say = (what) => process.stdout.write(what + '\\n');
  for (let n = 0; n < 500; n += 1) {
    const key = turn + '-' + n;
    const pupil = await scim.create(caller, 'User', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', '${SOCLE_USER}'], externalId: key, userName: 'compte-' + key,
      name: { familyName: 'Le Bihan', givenName: 'Nolwenn' },
      '${SOCLE_USER}': { roles: [{ role: 'pupil', school: '${SCHOOL}' }] } });
    say('user ' + key);
    const group = await scim.create(caller, 'Group', { displayName: 'G' + key, externalId: 'G' + key,
      '${SOCLE_GROUP}': { school: '${SCHOOL}', kind: 'group' } });
    await scim.patch(caller, 'Group', group.id, patch({ op: 'add', path: 'members', value: [{ value: pupil.id }] }));
    say('member ' + key);
    await scim.patch(caller, 'User', pupil.id, patch({ op: 'replace', path: 'name.familyName', value: 'Le Bihan-Kervella' }));
    say('name ' + key);
  }`;

describe('SCIM requests whose server is killed at random moments', () => {
  let test: TestDatabase;
  let audit: Audit;
  let root: string;

  beforeAll(async () => {
    test = await openTestDatabase([auditMigrations, directoryMigrations]);
    audit = openAudit({ database: test.app, clock: systemClock, actions: [directoryActions] });
    root = await mkdtemp(path.join(tmpdir(), 'socle-scim-killed-'));
    const file = path.join(root, 'écoles.csv');
    await writeFile(
      file,
      `type;key;family_name;given_name;birth_date;school;classes;roles;teaches;children;kind;degree;time_zone
school;${SCHOOL};Lycée Les Flamboyants;;;;;;;;lycee;2D;Indian/Antananarivo
staff;P-1;Kergoat;Soizic;;${SCHOOL};;teacher;;;;;\n`,
    );
    await importCsv({
      file,
      database: test.app,
      audit,
      clock: systemClock,
      controller: 'owner:flamboyants',
      controllerName: 'Les Flamboyants',
      academy: 'ETR',
    });
    await test.app.transaction(
      (tx) =>
        bindScimClient(
          tx,
          { clientId: CLIENT, controllerCode: 'owner:flamboyants' },
          { audit, author: { kind: 'system', id: 'test' }, at: systemClock.now() },
        ),
      { scope: 'all' },
    );
  });
  afterAll(async () => {
    await audit.close();
    await test.close();
    await rm(root, { recursive: true, force: true });
  });

  const select = <Row>(sql: string) => test.openAdmin().query<Row>(sql);
  const byClient = async (action: string) =>
    (await loadLoggedEvents(test, action))
      .filter(({ actor }) => actor.id === CLIENT)
      .map(({ target }) => target!.id)
      .toSorted();
  const ids = async (sql: string) => (await select<{ id: string }>(sql)).map(({ id }) => id).toSorted();

  it(`keeps what it answered for, and nothing by halves, after each of ${KILL_POINTS} kills`, async () => {
    const said: string[] = [];
    for (let kill = 0; kill < KILL_POINTS; kill += 1) {
      const lines = await runAndKillAtRandom(PROGRAM, [test.url('app'), `T${kill}`], 200);
      expect(lines[0]).toBe(`user T${kill}-0`);
      said.push(...lines);

      // A user is a person with a role and two events, which name them by one pseudonym, or is not there.
      const users = await ids('SELECT person_id AS id FROM directory.scim_users');
      expect(users).toEqual(await ids(`SELECT person_id AS id FROM directory.roles WHERE role = 'pupil'`));
      const created = await byClient('directory.person.created');
      expect(created).toHaveLength(users.length);
      expect(new Set(created).size).toBe(users.length);
      expect(await byClient('directory.role.granted')).toEqual(created);
      // A group is a division, and a member comes with an event.
      expect(await ids('SELECT division_id AS id FROM directory.scim_groups')).toEqual(
        await ids(`SELECT id FROM directory.divisions WHERE kind = 'group'`),
      );
      const added = await byClient('directory.scim_member.added');
      expect(added).toHaveLength(
        (await ids('SELECT person_id AS id FROM directory.division_members')).length,
      );
      expect(created).toEqual(expect.arrayContaining(added));
      // Another name comes with its event.
      const renamed = await byClient('directory.scim_user.changed');
      expect(renamed).toHaveLength(
        (await ids(`SELECT id FROM directory.people WHERE family_name = 'Le Bihan-Kervella'`)).length,
      );
      expect(created).toEqual(expect.arrayContaining(renamed));

      const known = await select<{ key: string; member: boolean; renamed: boolean }>(
        `SELECT u.external_id AS key, p.family_name = 'Le Bihan-Kervella' AS renamed, EXISTS (
           SELECT FROM directory.division_members m WHERE m.person_id = p.id) AS member
         FROM directory.scim_users u JOIN directory.people p ON p.id = u.person_id`,
      );
      const has = (word: string) =>
        new Set(said.flatMap((line) => (line.startsWith(word) ? [line.split(' ')[1]!] : [])));
      const kept = {
        user: new Set(known.map(({ key }) => key)),
        member: new Set(known.flatMap(({ key, member }) => (member ? [key] : []))),
        name: new Set(known.flatMap(({ key, renamed }) => (renamed ? [key] : []))),
      };
      for (const [word, keys] of Object.entries(kept))
        expect(
          [...has(word)].filter((key) => !keys.has(key)),
          word,
        ).toEqual([]);
    }
    expect(said.length).toBeGreaterThanOrEqual(KILL_POINTS);

    // The client sends the last one again: it is told that it exists, or makes it.
    const scim = openScim({
      database: test.app,
      audit,
      clock: systemClock,
      baseUrl: 'https://socle.example/scim/v2',
    });
    const caller = await scim.requireCaller(CLIENT);
    const last = said.findLast((line) => line.startsWith('user'))!.split(' ')[1]!;
    await expect(scim.create(caller, 'User', user(last, 'pupil', SCHOOL))).rejects.toMatchObject({
      status: 409,
    });
    expect((await scim.create(caller, 'User', user('après', 'pupil', SCHOOL))).body).toMatchObject({
      externalId: 'après',
    });
  }, 600_000);
});
