import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonId, SchoolId } from '@socle/base';
import { openTestDirectory, type TestDirectory } from '../testing/open-directory.ts';
import { SAMPLE } from '../testing/write-feed-sample.ts';
import { loadSchools } from '../schools/schools.ts';
import { suspendPerson } from './change-status.ts';
import { endRole, grantRole } from './grant-role.ts';
import {
  loadAuthorizationChanges,
  loadAuthorizationRevision,
  loadFactsBoundary,
} from './load-authorization-changes.ts';

describe('what an authorization revision changed', () => {
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
  const revision = () => directory.all((tx) => loadAuthorizationRevision(tx));
  const since = (from: number) => directory.all((tx) => loadAuthorizationChanges(tx, from));
  const grant = (person: PersonId, role = 'local_admin') =>
    directory.all((tx) => grantRole(tx, { person, role, domain: { school }, reason: 'essai' }, context()));
  const links = () =>
    directory.admin.query<{ adult_id: PersonId; child_id: PersonId }>(
      'SELECT adult_id, child_id FROM directory.guardian_links WHERE superseded_at IS NULL',
    );

  it('names the person of a role that is granted or ended, and nobody when nothing changed', async () => {
    const before = await revision();
    expect(await since(before)).toEqual({ revision: before, people: new Set() });
    const role = await grant(teacher);
    expect(await since(before)).toEqual({ revision: before + 1, people: new Set([teacher]) });
    await directory.all((tx) => endRole(tx, role, context()));
    await grant(head, 'security_officer').catch(() => grant(head));
    const after = await since(before);
    expect(after.revision).toBe(before + 3);
    expect(after.people).toEqual(new Set([teacher, head]));
    expect((await since(before + 2)).people).toEqual(new Set([head]));
  });

  it('names the guardians of a child whose facts changed', async () => {
    const [link] = await links();
    const guardians = (await links())
      .filter(({ child_id }) => child_id === link!.child_id)
      .map(({ adult_id }) => adult_id);
    const before = await revision();
    await directory.all((tx) => suspendPerson(tx, link!.child_id, 'essai', context()));
    expect((await since(before)).people).toEqual(new Set([link!.child_id, ...guardians]));
    expect(guardians.length).toBeGreaterThan(0);
  });

  it('means everybody when a revision is missing, is of another database, or concerns too many', async () => {
    const before = await revision();
    expect((await since(before + 1)).people).toBe('everybody');
    expect((await since(0)).people).toBe('everybody');
    await directory.admin.query('UPDATE directory.schools SET controller_id = controller_id');
    expect((await since(before)).people).toEqual(new Set());
    await directory.admin.query(
      `INSERT INTO directory.roles (id, person_id, role, scope, school_id, controller_id, source, valid_from, valid_to)
       SELECT gen_random_uuid(), r.person_id, r.role, r.scope, r.school_id, r.controller_id, r.source,
         '2040-01-01'::timestamptz + g * interval '1 day', '2040-01-02'::timestamptz + g * interval '1 day'
       FROM (SELECT * FROM directory.roles WHERE school_id IS NOT NULL LIMIT 1) r, generate_series(1, 2001) g`,
    );
    expect((await since(before)).people).toBe('everybody');
    expect((await since(await revision())).people).toEqual(new Set());
    const [noted] = await directory.admin.query<{ rows: number }>(
      'SELECT count(*) AS rows FROM directory.authorization_changed_people WHERE person_id IS NULL',
    );
    expect(noted!.rows).toBeGreaterThan(0);
  });

  it('counts each revision once when many change at the same time, and loses none', async () => {
    const before = await revision();
    const everyone = await directory.admin.query<{ id: PersonId }>(
      'SELECT id FROM directory.people LIMIT 12',
    );
    await Promise.all(
      everyone.map(({ id }) =>
        directory.admin.query(
          `UPDATE directory.people SET birth_date = coalesce(birth_date, '2000-01-01') - 1 WHERE id = $1`,
          [id],
        ),
      ),
    );
    const { revision: after, people } = await since(before);
    expect(after).toBe(before + everyone.length);
    expect([...(people as Set<PersonId>)]).toEqual(expect.arrayContaining(everyone.map(({ id }) => id)));
  });

  it('knows from when facts may differ although nobody changes a row', async () => {
    const [link] = await links();
    const at = directory.clock.now();
    const boundary = () => directory.all((tx) => loadFactsBoundary(tx, link!.adult_id, at));
    const before = await boundary();
    const soon = new Date(at.getTime() + 60_000);
    expect(before === undefined || before > soon).toBe(true);
    await directory.admin.query(
      `UPDATE directory.roles SET valid_to = $2 WHERE person_id = $1 AND role = 'pupil'`,
      [link!.child_id, soon],
    );
    expect(await boundary()).toEqual(soon);
  });
});
