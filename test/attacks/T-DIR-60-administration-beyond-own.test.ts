import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildManualClock, type ManualClock, type PersonId } from '@socle/base';
import {
  ensureAcademy,
  grantRole,
  mergePeople,
  openEntity,
  placeEntity,
  type EntityId,
} from '@socle/directory';
import { newTotpSecret } from '@socle/identity';
import { findForm, mainText, sendForm } from '../support/forms.ts';
import type { HttpBrowser, Page } from '../support/http-browser.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

const PATH = '/school/administrators';
const DAY_MS = 86_400_000;

describe('T-DIR-60 an administrator gives a role beyond what they hold, or one person passes for two', () => {
  let under: SocleUnderTest;
  let clock: ManualClock;
  beforeAll(async () => {
    clock = buildManualClock(new Date());
    under = await openSocleUnderTest({ clock });
  });
  beforeEach(() => clock.set(new Date()));
  afterAll(() => under.close());

  const addLocal = (givenName: string) =>
    under.add({ givenName, school: under.phare, roles: ['local_admin'] });
  const addTeacher = (givenName: string) => under.add({ givenName, school: under.phare, roles: ['teacher'] });
  const addAcademy = (givenName: string, role = 'academy_admin') =>
    under.add({ givenName, academyRoles: [role] });
  const holds = async (person: { readonly id: PersonId }, role: string) => {
    const facts = await under.socle.decisions.loadFacts(person.id);
    return (facts?.roles ?? []).some((each) => each.role === role);
  };
  /** The page that names whom one is about to appoint. */
  async function reachConfirm(
    browser: HttpBrowser,
    place: string,
    who: TestPerson,
    fields: Record<string, string> = {},
  ): Promise<Page> {
    const page = await browser.get(`${under.issuer}${PATH}/new?place=${place}`);
    return sendForm(browser, page, /\/check$/, { login: who.login, reason: 'Départ en retraite', ...fields });
  }
  const confirmOn = (browser: HttpBrowser, page: Page) => sendForm(browser, page, /\/given$/);

  it('lets a local administrator appoint a colleague, who is named first (positive twin)', async () => {
    const [giver, teacher] = [await addLocal('Aline'), await addTeacher('Bérénice')];
    const browser = await under.signIn(giver, PATH);
    const confirm = await reachConfirm(browser, under.phare.id, teacher);
    expect(mainText(confirm)).toContain('Nommer Bérénice Le Goff ?');
    expect(await holds(teacher, 'local_admin')).toBe(false);
    const done = await confirmOn(browser, confirm);
    expect(mainText(done)).toContain('Le rôle est donné.');
    expect(await holds(teacher, 'local_admin')).toBe(true);
  });

  it('refuses oneself', async () => {
    const giver = await addAcademy('Solenn');
    const browser = await under.signIn(giver, PATH);
    const done = await confirmOn(browser, await reachConfirm(browser, under.phare.id, giver));
    expect(mainText(done)).toContain('Personne ne se donne');
    expect(await holds(giver, 'local_admin')).toBe(false);
  });

  it('refuses a higher role, a wider place and another school, whatever form is sent', async () => {
    const [giver, teacher] = [await addLocal('Gaëlle'), await addTeacher('Loïc')];
    const browser = await under.signIn(giver, PATH);
    const confirm = await reachConfirm(browser, under.phare.id, teacher);
    const { action, fields } = findForm(confirm, /\/given$/);
    const higher = await browser.follow(await browser.post(action, { ...fields, role: 'academy_admin' }));
    expect(mainText(higher)).toContain('ne se tient pas dans un tel lieu');
    const officer = await browser.follow(
      await browser.post(action, { ...fields, role: 'dpo', request: crypto.randomUUID() }),
    );
    expect(mainText(officer)).toContain('Ce rôle dépasse le vôtre');
    for (const place of [under.academy.id, under.academy.region, under.embruns.id]) {
      const wider = await browser.post(action, { ...fields, place, request: crypto.randomUUID() });
      expect(wider.status).toBe(403);
    }
    expect(await holds(teacher, 'local_admin')).toBe(false);
    expect(await holds(teacher, 'dpo')).toBe(false);
    await browser.post(action, { ...fields, request: crypto.randomUUID() });
    expect(await holds(teacher, 'local_admin')).toBe(true);
  });

  it('refuses an administrator whose role ended a moment ago, by a form that was open', async () => {
    const [giver, teacher] = [await addTeacher('Malo'), await addTeacher('Nolwenn')];
    const to = new Date(clock.now().getTime() + 600_000);
    const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(
      new Date(to.getTime() + DAY_MS),
    );
    await under.socle.database.transaction(
      (tx) =>
        grantRole(
          tx,
          {
            person: giver.id,
            role: 'local_admin',
            domain: { school: under.phare.id },
            to,
            reason: 'Intérim',
          },
          under.context(),
        ),
      { scope: 'all' },
    );
    const totpSecret = newTotpSecret();
    await under.socle.identity.factors.assignTotp(giver.accountId, totpSecret, {
      actor: { kind: 'system', id: 'test' },
    });
    const browser = await under.signIn({ ...giver, totpSecret }, PATH);
    const longer = await confirmOn(
      browser,
      await reachConfirm(browser, under.phare.id, teacher, { 'window-to': day }),
    );
    expect(mainText(longer)).toContain('Ce rôle dépasse le vôtre');
    const confirm = await reachConfirm(browser, under.phare.id, teacher);
    const { action, fields } = findForm(confirm, /\/given$/);
    clock.set(to);
    const late = await browser.post(action, fields);
    expect(late.status).toBe(403);
    expect(await holds(teacher, 'local_admin')).toBe(false);
  });

  it('is not widened by an entity that moves: neither the school’s nor one that stands above it', async () => {
    const giver = await addAcademy('Édern');
    const teacher = await addTeacher('Tifenn');
    const far = await under.socle.database.transaction(
      (tx) => ensureAcademy(tx, { code: '96', at: clock.now() }),
      { scope: 'all' },
    );
    const theirs = await under.add({ givenName: 'Rival' });
    const commune = await under.socle.database.transaction(
      async (tx) => {
        const context = under.context();
        await grantRole(
          tx,
          { person: theirs.id, role: 'academy_admin', domain: { academy: far.id }, reason: 'test' },
          context,
        );
        const parent = await openEntity(
          tx,
          { kind: 'department', code: 'D96', name: 'Rade', parent: far.id as string as EntityId },
          context,
        );
        const id = await openEntity(tx, { kind: 'commune', code: '96001', name: 'Le Port', parent }, context);
        await placeEntity(tx, under.phare.id as string as EntityId, id, context);
        return id;
      },
      { scope: 'all' },
    );
    const give = (by: TestPerson, over: string) =>
      under.socle.administration.perform(
        { act: 'give', person: teacher.id, role: 'local_admin', over: over as EntityId },
        { by: { kind: 'person', id: by.id }, reason: 'Essai', request: crypto.randomUUID() },
      );
    const beyond = { code: 'administration_beyond_own' };
    await expect(give(theirs, commune)).rejects.toMatchObject(beyond);
    await expect(give(theirs, under.phare.id)).rejects.toMatchObject(beyond);
    expect(await give(giver, commune)).toEqual({ done: true });
    await under.socle.database.transaction(
      (tx) => placeEntity(tx, under.embruns.id as string as EntityId, commune, under.context()),
      { scope: 'all' },
    );
    const facts = await under.socle.decisions.loadFacts(teacher.id);
    const administered = facts!.roles.filter(({ role }) => role === 'local_admin');
    expect(administered.map(({ domain }) => domain)).toEqual([under.phare.id]);
  });

  it('acts on a form once: sent again after the role was ended, it gives nothing', async () => {
    const [giver, teacher] = [await addLocal('Ondine'), await addTeacher('Péran')];
    const browser = await under.signIn(giver, PATH);
    const { action, fields } = findForm(await reachConfirm(browser, under.phare.id, teacher), /\/given$/);
    const page = await browser.follow(await browser.post(action, fields));
    const [row] = await under.database
      .openAdmin()
      .query<{ id: string }>(`SELECT id FROM directory.roles WHERE person_id = $1 AND role = 'local_admin'`, [
        teacher.id,
      ]);
    await sendForm(browser, page, new RegExp(`${row!.id}/ended$`), { [`reason-end-${row!.id}`]: 'Erreur' });
    expect(await holds(teacher, 'local_admin')).toBe(false);
    const again = await browser.follow(await browser.post(action, fields));
    expect(mainText(again)).toContain('Ce formulaire a déjà servi');
    expect(await holds(teacher, 'local_admin')).toBe(false);
  });

  describe('an academy administrator takes two people', () => {
    let giver: TestPerson;
    let browser: HttpBrowser;
    beforeAll(async () => {
      giver = await addAcademy('Servane');
      browser = await under.signIn(giver, PATH);
    });

    async function ask(who: TestPerson): Promise<string> {
      const confirm = await reachConfirm(browser, under.academy.id, who, { role: 'academy_admin' });
      expect(mainText(confirm)).toContain('Une seconde personne devra donner son accord');
      const asked = await confirmOn(browser, confirm);
      expect(mainText(asked)).toContain('Une seconde personne doit donner son accord');
      expect(await holds(who, 'academy_admin')).toBe(false);
      const [row] = await under.database
        .openAdmin()
        .query<{ id: string }>('SELECT id FROM socle.approvals WHERE about = $1', [who.id]);
      return row!.id;
    }

    async function decide(id: string, by: TestPerson): Promise<unknown> {
      const facts = await under.socle.decisions.loadFacts(by.id);
      return under.socle.database.transaction(
        (tx) =>
          under.socle.approvals.decide(tx, {
            id,
            verdict: 'confirmed',
            facts: facts!,
            acr: 'factor',
            session: 's',
          }),
        { scope: 'all' },
      );
    }

    it('works with a DPO of the academy, who reads whom it is about, and serves once (positive twin)', async () => {
      const [who, second] = [await under.add({ givenName: 'Youenn' }), await addAcademy('Fabienne', 'dpo')];
      const id = await ask(who);
      const theirs = await under.signIn(second, '/dpo/access');
      const page = await theirs.get(`${under.issuer}/approvals`);
      expect(mainText(page)).toContain('Youenn Le Goff');
      await sendForm(theirs, page, new RegExp(`${id}/confirmed$`));
      expect(await holds(who, 'academy_admin')).toBe(false);
      const list = await browser.get(`${under.issuer}${PATH}?place=${under.academy.id}`);
      const { action, fields } = findForm(list, /\/agreed$/);
      const done = await browser.follow(await browser.post(action, fields));
      expect(mainText(done)).toContain('C’est fait.');
      expect(await holds(who, 'academy_admin')).toBe(true);
      expect((await browser.post(action, { ...fields, request: crypto.randomUUID() })).status).toBe(404);
    });

    it('refuses the giver, the one concerned, and somebody whom the rules do not let agree', async () => {
      const who = await addAcademy('Zélie', 'dpo');
      const id = await ask(who);
      for (const by of [giver, who, await addLocal('Katell')])
        await expect(decide(id, by)).rejects.toMatchObject({ code: 'access_denied' });
    });

    it('refuses a second account of the giver, joined before or after it was asked, or not joined at all', async () => {
      const who = await under.add({ givenName: 'Ivan' });
      const double = await under.add({ givenName: 'Servane', academyRoles: ['dpo'] });
      const admin = under.database.openAdmin();
      await admin.query(`UPDATE directory.people SET birth_date = '1979-05-04' WHERE id = ANY ($1::uuid[])`, [
        [giver.id, double.id],
      ]);
      const id = await ask(who);
      await expect(decide(id, double)).rejects.toMatchObject({ code: 'access_denied' });
      const head = await under.add({ givenName: 'Irène', school: under.phare, roles: ['head'] });
      await under.socle.database.transaction(
        (tx) =>
          mergePeople(
            tx,
            { survivor: double.id, absorbed: giver.id, reason: 'Deux fiches', by: head.id },
            under.context(),
          ),
        { scope: 'all' },
      );
      await expect(decide(id, double)).rejects.toMatchObject({ code: 'access_denied' });
      await expect(decide(id, giver)).rejects.toMatchObject({ code: 'access_denied' });
      await decide(id, await addAcademy('Goulven', 'security_officer'));
    });
  });

  it('ends at once: the session is over, the page is closed, the decision is no', async () => {
    const [giver, colleague] = [await addLocal('Maïwenn'), await addLocal('Elouan')];
    const [mine, theirs] = [await under.signIn(giver, PATH), await under.signIn(colleague, PATH)];
    expect((await theirs.get(`${under.issuer}${PATH}`)).status).toBe(200);
    const may = async () => {
      const facts = await under.socle.decisions.loadFacts(colleague.id);
      return under.socle.decisions.decide(facts!, {
        action: 'accounts.account.reset',
        resource: { type: 'accounts.account', id: giver.id, school: under.phare.id },
      }).allowed;
    };
    expect(await may()).toBe(true);
    const [row] = await under.database
      .openAdmin()
      .query<{ id: string }>('SELECT id FROM directory.roles WHERE person_id = $1', [colleague.id]);
    const page = await mine.get(`${under.issuer}${PATH}`);
    await sendForm(mine, page, new RegExp(`${row!.id}/ended$`), {
      [`reason-end-${row!.id}`]: 'Mot de passe volé',
    });
    expect(await may()).toBe(false);
    const after = await theirs.get(`${under.issuer}${PATH}`);
    expect(after.status).toBe(303);
    expect(after.location).toContain('/sign-in');
  });

  it('keeps the last administrator of a school until a second person agrees', async () => {
    const only = await under.add({ givenName: 'Anouk', school: under.embruns, roles: ['local_admin'] });
    const head = await under.add({ givenName: 'Hervé', school: under.embruns, roles: ['head'] });
    const browser = await under.signIn(only, PATH);
    const page = await browser.get(`${under.issuer}${PATH}?place=${under.embruns.id}`);
    expect(mainText(page)).toContain('Seule personne à ce rôle');
    const [row] = await under.database
      .openAdmin()
      .query<{ id: string }>('SELECT id FROM directory.roles WHERE person_id = $1', [only.id]);
    const ended = new RegExp(`${row!.id}/ended$`);
    const asked = await sendForm(browser, page, ended, { [`reason-end-${row!.id}`]: 'Mutation' });
    expect(mainText(asked)).toContain('Une seconde personne doit donner son accord');
    expect(await holds(only, 'local_admin')).toBe(true);
    const theirs = await under.signIn(head, '/approvals');
    await sendForm(theirs, await theirs.get(`${under.issuer}/approvals`), /\/confirmed$/);
    const list = await browser.get(`${under.issuer}${PATH}?place=${under.embruns.id}`);
    await sendForm(browser, list, /\/agreed$/);
    expect(await holds(only, 'local_admin')).toBe(false);
  });

  it('writes each act and each refusal in the log, without the reasons', async () => {
    const events = await under.database.openAdmin().query<{ action: string; leaked: boolean }>(
      `SELECT action, bool_or(convert_from(payload, 'UTF8') LIKE '%retraite%') AS leaked FROM audit.events
       WHERE action LIKE 'directory.role.%' OR action LIKE 'service.a%' GROUP BY action`,
    );
    expect(events.map(({ action }) => action)).toEqual(
      expect.arrayContaining([
        'directory.role.ended',
        'directory.role.granted',
        'service.administration.refused',
        'service.approval.asked',
        'service.approval.used',
      ]),
    );
    expect(events.filter(({ leaked }) => leaked)).toEqual([]);
  });
});
