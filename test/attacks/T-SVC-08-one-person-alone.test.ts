import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mainText, sendForm } from '../support/forms.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

describe('T-SVC-08 one person alone does what needs two', () => {
  let world: SocleUnderTest;
  let servane: TestPerson;
  let ronan: TestPerson;
  let head: TestPerson;
  beforeAll(async () => {
    world = await openSocleUnderTest();
    servane = await world.add({ givenName: 'Servane', academyRoles: ['academy_admin'] });
    ronan = await world.add({ givenName: 'Ronan', academyRoles: ['academy_admin'] });
    head = await world.add({ givenName: 'Gwenn', school: world.phare, roles: ['head'] });
  });
  afterAll(() => world.close());

  const inTransaction = <T>(work: Parameters<typeof world.socle.database.transaction<T>>[0]) =>
    world.socle.database.transaction(work, { scope: 'all' });

  async function ask(subject: string, by: TestPerson = servane): Promise<string> {
    const row = await inTransaction((tx) =>
      world.socle.approvals.ask(tx, {
        kind: 'directory.import.force',
        subject,
        controller: world.academy.controller,
        place: { academy: world.academy.id },
        summary: { fr: ['41 départs'], en: ['41 departures'] },
        reason: 'fermeture d’un collège',
        by: { kind: 'person', id: by.id },
      }),
    );
    return row.id;
  }

  async function decide(id: string, by: TestPerson, verdict: 'confirmed' | 'refused' = 'confirmed') {
    const facts = await world.socle.decisions.loadFacts(by.id);
    return inTransaction((tx) =>
      world.socle.approvals.decide(tx, { id, verdict, facts: facts!, acr: 'password', session: 's' }),
    );
  }

  const use = (subject: string, by: TestPerson = servane) =>
    inTransaction((tx) =>
      world.socle.approvals.use(tx, {
        kind: 'directory.import.force',
        subject,
        by: { kind: 'person', id: by.id },
      }),
    );

  it('lets the act be done once another person has agreed (positive twin), through the page', async () => {
    await ask('feed-1');
    const browser = await world.signIn(ronan);
    const page = await browser.get(`${world.issuer}/approvals`);
    expect(mainText(page)).toContain('41 départs');
    const after = await sendForm(browser, page, /\/confirmed$/);
    expect(after.text).toContain('Votre accord est enregistré');
    expect(await use('feed-1')).toMatchObject({ decided_by: ronan.id });
  });

  it('refuses the asker’s own answer, and shows them no button for it', async () => {
    const id = await ask('feed-2');
    await expect(decide(id, servane)).rejects.toMatchObject({ code: 'access_denied' });
    const browser = await world.signIn(servane);
    const page = await browser.get(`${world.issuer}/approvals`);
    expect(page.text).toContain(`/approvals/${id}/withdrawn`);
    expect(page.text).not.toContain(`/approvals/${id}/confirmed`);
    expect(await use('feed-2')).toBeUndefined();
  });

  it('refuses somebody whom the rules do not let do the act', async () => {
    const id = await ask('feed-3');
    await expect(decide(id, head)).rejects.toMatchObject({ code: 'access_denied' });
    const browser = await world.signIn(head);
    expect((await browser.get(`${world.issuer}/approvals`)).text).not.toContain(id);
  });

  it('refuses the act after a refusal, for another feed, by another asker, and a second time', async () => {
    await decide(await ask('feed-4'), ronan, 'refused');
    expect(await use('feed-4')).toBeUndefined();
    await decide(await ask('feed-5'), ronan);
    expect(await use('feed-5 changed')).toBeUndefined();
    expect(await use('feed-5', ronan)).toBeUndefined();
    const uses = await Promise.all(Array.from({ length: 8 }, () => use('feed-5')));
    expect(uses.filter(Boolean)).toHaveLength(1);
  });

  it('is worth nothing when the second person has lost the right since; another agreement is', async () => {
    const leaving = await world.add({ givenName: 'Maden', academyRoles: ['academy_admin'] });
    await decide(await ask('feed-7'), leaving);
    await world.database
      .openAdmin()
      .query('UPDATE directory.roles SET valid_to = greatest(valid_from, now()) WHERE person_id = $1', [
        leaving.id,
      ]);
    // as an act does that is taken back when nobody agreed
    const undone = inTransaction(async (tx) => {
      const act = { kind: 'directory.import.force', subject: 'feed-7' } as const;
      const row = await world.socle.approvals.use(tx, { ...act, by: { kind: 'person', id: servane.id } });
      if (row === undefined) throw new Error('not agreed');
    });
    await expect(undone).rejects.toThrow('not agreed');
    await decide(await ask('feed-7'), ronan);
    expect(await use('feed-7')).toMatchObject({ decided_by: ronan.id });
  });

  it('takes one of many answers that come at once', async () => {
    const id = await ask('feed-6');
    const answers = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) => decide(id, ronan, index % 2 ? 'refused' : 'confirmed')),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('writes who asked, who agreed and that it was done, in the log', async () => {
    const events = await world.database
      .openAdmin()
      .query<{ action: string }>(
        `SELECT DISTINCT action FROM audit.events WHERE action LIKE 'service.approval.%'`,
      );
    expect(events.map(({ action }) => action).toSorted()).toEqual([
      'service.approval.asked',
      'service.approval.confirmed',
      'service.approval.refused',
      'service.approval.used',
    ]);
  });
});
