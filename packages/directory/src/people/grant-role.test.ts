import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonId, SchoolId } from '@socle/base';
import type { RoleId } from '../ids.ts';
import { loadAcademies, loadSchools } from '../schools/schools.ts';
import { openTestDirectory, type TestDirectory } from '../testing/open-directory.ts';
import { SAMPLE } from '../testing/write-feed-sample.ts';
import { resumePerson, suspendPerson } from './change-status.ts';
import { createGuest } from './create-person.ts';
import { endRole, grantRole } from './grant-role.ts';
import { loadPersonFacts } from './load-person-facts.ts';

describe('writers of people and roles', () => {
  let directory: TestDirectory;
  let school: SchoolId;
  let teacher: PersonId;
  let head: PersonId;
  beforeAll(async () => {
    directory = await openTestDirectory();
    await directory.importSample(SAMPLE);
    school = (await directory.all((tx) => loadSchools(tx)))[0]!.id;
    teacher = await directory.person('3001');
    head = await directory.person('3002');
  });
  afterAll(() => directory.close());

  const context = () => ({
    audit: directory.audit,
    author: { kind: 'person', id: head } as const,
    at: directory.clock.now(),
  });
  const facts = (person: PersonId, at = directory.clock.now()) =>
    directory.all((tx) => loadPersonFacts(tx, person, at));
  const grant = (change: object = {}) =>
    directory.all((tx) =>
      grantRole(
        tx,
        {
          person: teacher,
          role: 'local_admin',
          domain: { school },
          reason: 'Référente numérique',
          ...change,
        },
        context(),
      ),
    );
  const has = async (role: string) => (await facts(teacher)).roles.some((each) => each.role === role);
  const last = async (action: string) =>
    (await directory.events()).findLast((event) => event.action === action);

  it('grants a role once, logs it without its reason, and ends it', async () => {
    const before = (await facts(teacher)).revision;
    const id = await grant();
    expect(await has('local_admin')).toBe(true);
    expect((await facts(teacher)).revision).toBeGreaterThan(before);
    expect(await last('directory.role.granted')).toMatchObject({
      detail: { role: 'local_admin', scope: 'school', domain: school, source: 'manual' },
    });
    expect(JSON.stringify(await last('directory.role.granted'))).not.toContain('numérique');
    await expect(grant()).rejects.toMatchObject({ code: 'role_already_held' });
    await directory.all((tx) => endRole(tx, id, context()));
    expect(await has('local_admin')).toBe(false);
    await expect(directory.all((tx) => endRole(tx, id, context()))).rejects.toMatchObject({
      code: 'role_not_held',
    });
    expect(await last('directory.role.ended')).toMatchObject({ detail: { role: 'local_admin' } });
  });

  it('grants one role only to eight rivals', async () => {
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => grant({ role: 'dpo' })));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('refuses what does not exist, and an end before the start', async () => {
    const nobody = '018f3c1e-7a00-7000-8000-00000000000a';
    await expect(grant({ person: nobody })).rejects.toMatchObject({ code: 'person_unknown' });
    await expect(grant({ domain: { school: nobody } })).rejects.toMatchObject({ code: 'school_unknown' });
    await expect(grant({ to: new Date('2020-01-01') })).rejects.toMatchObject({
      code: 'role_window_invalid',
    });
    await expect(directory.all((tx) => endRole(tx, nobody as RoleId, context()))).rejects.toMatchObject({
      code: 'role_not_held',
    });
  });

  it('gives a role over an academy every school of it', async () => {
    const [academy] = await directory.all((tx) => loadAcademies(tx));
    await grant({ role: 'academy_admin', domain: { academy: academy!.id } });
    const { roles, schools } = await facts(teacher);
    expect(roles).toContainEqual(
      expect.objectContaining({ role: 'academy_admin', scope: 'academy', domain: academy!.id }),
    );
    expect(schools.size).toBe(2);
  });

  it('keeps a granted role through a feed that does not know of it', async () => {
    await grant({ role: 'security_officer' });
    directory.clock.advanceSeconds(60);
    await directory.importSample({ ...SAMPLE, day: '20260902' });
    expect(await has('security_officer')).toBe(true);
  });

  it('lets a guest in until the end of the stay, under a sponsor who works there', async () => {
    const guest = (change: object = {}) =>
      directory.all((tx) =>
        createGuest(
          tx,
          {
            givenName: 'Solène',
            familyName: 'Dœuvre',
            school,
            sponsor: teacher,
            until: new Date('2026-10-01T00:00:00Z'),
            reason: 'Atelier théâtre',
            ...change,
          },
          context(),
        ),
      );
    await expect(guest({ until: new Date('2028-10-01') })).rejects.toMatchObject({
      code: 'role_window_invalid',
    });
    await expect(guest({ sponsor: await directory.person('2001') })).rejects.toMatchObject({
      code: 'sponsor_unfit',
    });
    const id = await guest();
    expect((await facts(id)).roles).toMatchObject([
      { role: 'guest', domain: school, to: new Date('2026-10-01T00:00:00Z') },
    ]);
    expect((await facts(id, new Date('2026-10-01T00:00:00Z'))).roles).toEqual([]);
    expect(await last('directory.guest.created')).toMatchObject({ detail: { school } });
  });

  it('sends guests home when their sponsor no longer works in the school, by hand or by a feed', async () => {
    const invite = (sponsor: PersonId, until: string) =>
      directory.all((tx) =>
        createGuest(
          tx,
          {
            givenName: 'Tomáš',
            familyName: 'Dvořák',
            school,
            sponsor,
            until: new Date(until),
            reason: 'Rencontre d’auteur',
          },
          context(),
        ),
      );
    const inside = async (guest: PersonId) => (await facts(guest)).roles.length;
    const librarian = await directory.person('2002');
    const role = await grant({ person: librarian, role: 'librarian', to: new Date('2026-12-01T00:00:00Z') });
    await expect(invite(librarian, '2027-01-01T00:00:00Z')).rejects.toMatchObject({
      code: 'role_window_invalid',
    });
    const [byHand, byFeed] = [
      await invite(librarian, '2026-11-01T00:00:00Z'),
      await invite(await directory.person('3003'), '2026-11-01T00:00:00Z'),
    ];
    expect([await inside(byHand), await inside(byFeed)]).toEqual([1, 1]);
    await directory.all((tx) => endRole(tx, role, context()));
    expect([await inside(byHand), await inside(byFeed)]).toEqual([0, 1]);
    // ids of one millisecond come in any order
    const ended = (await directory.events()).filter(({ action }) => action === 'directory.role.ended');
    expect(ended.map(({ reason, detail }) => [reason, detail['role']])).toContainEqual([
      'sponsor_left',
      'guest',
    ]);
    directory.clock.advanceSeconds(60);
    const staff = SAMPLE.staff!.filter(({ id }) => id !== '3003');
    await directory.importSample({ ...SAMPLE, day: '20260902', staff }, { force: true });
    expect(await inside(byFeed)).toBe(0);
    directory.clock.advanceSeconds(60);
    await directory.importSample({ ...SAMPLE, day: '20260902' });
  });

  it('suspends and resumes, each once, and each moves the revision', async () => {
    const { revision } = await facts(teacher);
    await directory.all((tx) => suspendPerson(tx, teacher, 'stolen_password', context()));
    expect(await facts(teacher)).toMatchObject({ suspended: true });
    expect((await facts(teacher)).revision).toBeGreaterThan(revision);
    expect(await last('directory.person.suspended')).toMatchObject({ reason: 'stolen_password' });
    await expect(directory.all((tx) => suspendPerson(tx, teacher, 'again', context()))).rejects.toMatchObject(
      { code: 'person_status_unchanged' },
    );
    directory.clock.advanceSeconds(60);
    await directory.importSample({ ...SAMPLE, day: '20260903' });
    expect(await facts(teacher)).toMatchObject({ suspended: true });
    await directory.all((tx) => resumePerson(tx, teacher, 'password_changed', context()));
    expect(await facts(teacher)).toMatchObject({ suspended: false });
  });

  it('writes nothing when the log refuses the event', async () => {
    const bad = { ...context(), author: { kind: 'person', id: 'not-an-id' as PersonId } as const };
    await expect(directory.all((tx) => suspendPerson(tx, head, 'test', bad))).rejects.toMatchObject({
      code: 'audit_event_refused',
    });
    expect(await facts(head)).toMatchObject({ suspended: false });
  });

  it('tells those who listen that facts changed, after the commit', async () => {
    const heard: string[] = [];
    const told = Promise.withResolvers<void>();
    const listener = await directory.database.listen('socle_authorization', (payload) => {
      heard.push(payload);
      told.resolve();
    });
    await grant({ role: 'librarian' });
    await told.promise;
    expect(heard).toEqual([String((await facts(teacher)).revision)]);
    await listener.close();
  });
});
