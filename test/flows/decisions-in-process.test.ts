import type { Database } from '@socle/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  openModuleOfSocle,
  waitUntil,
  type Arrived,
  type ModuleOfSocle,
} from '../support/module-of-socle.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

describe('a module decides in its own process', () => {
  let socle: SocleUnderTest;
  let module: ModuleOfSocle;
  let admin: Database;
  let cpe: TestPerson;
  let arrived: Arrived;
  beforeAll(async () => {
    socle = await openSocleUnderTest();
    admin = socle.database.openAdmin();
    module = await openModuleOfSocle(socle);
    cpe = await socle.add({ givenName: 'Maïwenn', school: socle.phare, roles: ['cpe'] });
    arrived = await module.arrive(cpe);
    await waitUntil(() => module.client.decisionStatus().policies > 0);
  });
  afterAll(async () => {
    await module.close();
    await socle.close();
  });

  const read = (school = socle.phare, action = 'absences.roll_call.read') => ({
    action,
    resource: { type: 'absences.roll_call' },
    properties: { school: school.id, division: school.division, closed: false },
  });
  const local = () => module.client.decisionStatus().local;
  const endRoles = (valid = 'now()') =>
    admin.query(`UPDATE directory.roles SET valid_to = ${valid} WHERE person_id = $1`, [cpe.id]);

  it('by the policies and facts it holds, as the socle does', async () => {
    const before = local();
    const here = await arrived.may(read());
    expect(here).toMatchObject({ allowed: true, rule: 'ABS-005', basis: 'allow' });
    expect(local()).toBe(before + 1);
    const there = await arrived.may(read(), { consistency: 'strict' });
    expect(there).toEqual(here);
    expect(local()).toBe(before + 1);
    expect((await arrived.may(read(socle.embruns))).allowed).toBe(false);
    expect((await arrived.may(read(socle.embruns), { consistency: 'strict' })).allowed).toBe(false);
    expect(module.client.decisionStatus()).toMatchObject({ people: 1, policiesRefused: 0 });
  });

  it('and asks the socle about what belongs to another module', async () => {
    const { remote } = module.client.decisionStatus();
    const marks = { school: socle.phare.id, division: socle.phare.division, subject: 'x' };
    const asked = {
      action: 'grades.mark.read',
      resource: { type: 'grades.mark' },
      properties: marks,
    };
    expect((await arrived.may(asked)).revision).toBeGreaterThan(0);
    expect(module.client.decisionStatus().remote).toBe(remote + 1);
  });

  it('lists by an expression of its own table what one decision after the other would allow', async () => {
    const session = { sub: arrived.sub, acr: 'password' } as Parameters<typeof module.client.listWhere>[0];
    const columns = { school: { column: 'school' }, division: { column: 'division' } } as const;
    const where = await module.client.listWhere(session, 'absences.roll_call.read', columns);
    const rows = await module.database.query<{ school: string }>(
      `SELECT school FROM (VALUES ('${socle.phare.id}', 'a'), ('${socle.embruns.id}', 'b')) AS t (school, division)
       WHERE ${where.sql}`,
      where.values,
    );
    expect(rows).toEqual([{ school: socle.phare.id }]);
  });

  it('lists by ids too where the list is no table, and says when nothing bounds it or there are too many', async () => {
    const session = { sub: arrived.sub, acr: 'password' } as Parameters<typeof module.client.listWhere>[0];
    const ids = (member: 'school' | 'subject', atMost?: number) =>
      module.client.listIds(session, 'absences.roll_call.read', member, atMost);
    expect(await ids('subject')).toBeUndefined();
    expect(await ids('school', 0)).toBeUndefined();
    expect(await ids('school')).toEqual([socle.phare.id]);
    const stranger = { ...session, sub: 'nobody-of-this-module' };
    await expect(module.client.listIds(stranger, 'absences.roll_call.read', 'school')).rejects.toMatchObject({
      code: 'socle_unavailable',
    });
  });

  it('refuses within a second of the end of a role, and allows again when it is given back', async () => {
    expect((await arrived.may(read())).allowed).toBe(true);
    const before = (await arrived.may(read())).revision!;
    await endRoles();
    expect(await waitUntil(async () => !(await arrived.may(read())).allowed)).toBeLessThan(5_000);
    expect((await arrived.may(read())).revision).toBeGreaterThan(before);
    await endRoles('NULL');
    await waitUntil(async () => (await arrived.may(read())).allowed);
    expect((await arrived.may(read(), { consistency: 'at-least' })).allowed).toBe(true);
  });

  it('is refused where a revision is asked for that nobody has reached', async () => {
    const { revision } = module.client.decisionStatus();
    const future = await arrived.may(read(), { consistency: 'at-least', minRev: revision + 50 });
    expect(future).toMatchObject({ allowed: false, basis: 'error' });
    expect((await arrived.may(read(), { consistency: 'at-least', minRev: revision })).allowed).toBe(true);
  });

  it('ends with the window of a role, to the second, although nobody changes anything then', async () => {
    const soon = new Date(Date.now() + 600_000);
    // before the change: the news of it may be here by the time that the statement has returned
    const { revision } = module.client.decisionStatus();
    await endRoles(`'${soon.toISOString()}'`);
    await waitUntil(() => module.client.decisionStatus().revision > revision);
    module.clock.set(new Date(soon.getTime() - 1_000));
    expect((await arrived.may(read())).allowed).toBe(true);
    module.clock.set(new Date(soon.getTime() + 1));
    expect((await arrived.may(read())).allowed).toBe(false);
    module.clock.set(new Date());
    await endRoles('NULL');
    await waitUntil(async () => (await arrived.may(read())).allowed);
  });

  it('logs sensitive decisions, allowed and denied, once a request', async () => {
    const events = () =>
      module.database.query<{ outcome: string; detail: { action: string; rule?: string } }>(
        `SELECT event::json ->> 'outcome' AS outcome, event::json -> 'detail' AS detail FROM client.outbox
         WHERE event::json ->> 'action' = 'absences.decision.made' ORDER BY seq`,
      );
    const justification = (school = socle.phare) => ({
      action: 'absences.justification.read',
      resource: { type: 'absences.justification', id: 'j1' },
      properties: { school: school.id, division: school.division, pupil: 'p1' },
    });
    expect((await arrived.may(justification())).allowed).toBe(true);
    expect((await arrived.may(justification(socle.embruns))).allowed).toBe(false);
    expect(await events()).toMatchObject([
      { outcome: 'success', detail: { action: 'absences.justification.read', rule: 'ABS-043' } },
      { outcome: 'denied', detail: { action: 'absences.justification.read' } },
    ]);
    await waitUntil(async () => (await module.client.audit.status()).waiting === 0);
    expect((await module.client.audit.status()).refused).toBe(0);
  });

  it('ends its sessions that the socle says are over', async () => {
    const other = await module.arrive(cpe);
    expect((await other.browser.get(`${module.baseUrl}/`)).status).toBe(200);
    const sessions = await socle.socle.identity.sessions.list(cpe.accountId);
    expect(sessions.length).toBeGreaterThan(0);
    await socle.socle.identity.sessions.endAll(cpe.accountId, { actor: { kind: 'system', id: 'test' } });
    await waitUntil(async () => (await other.browser.get(`${module.baseUrl}/`)).status !== 200);
  });
});
