import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '@socle/base';
import { composeSocle, type Socle } from '@socle/service';
import { findForm, mainText, sendForm } from '../support/forms.ts';
import { openBrowser } from '../support/http-browser.ts';
import { openRelyingParty, type RelyingParty } from '../support/relying-party.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

const PATH = '/security/switches';
const REASON = 'Hameçonnage : des mots de passe volés servent.';
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

describe('T-IDN-71 stolen accounts go on working after somebody saw the theft, or the stops themselves are abused', () => {
  let under: SocleUnderTest;
  let other: Socle;
  let officer: TestPerson;
  let teacher: TestPerson;
  let pupil: TestPerson;
  let admin: TestPerson;
  let party: RelyingParty;
  beforeAll(async () => {
    under = await openSocleUnderTest();
    officer = await under.add({ givenName: 'Tania', academyRoles: ['security_officer'] });
    teacher = await under.add({ givenName: 'Hélène', school: under.phare, teaches: true });
    pupil = await under.add({ givenName: 'Léa', school: under.phare, isPupil: true });
    admin = await under.add({ givenName: 'Aline', school: under.phare, roles: ['local_admin'] });
    // another instance of the same service, which the browsers of these tests do not reach
    other = await composeSocle({
      config: under.socle.config,
      databaseUrl: under.database.url('app'),
      clock: systemClock,
      log: SILENT,
      policyWorlds: 500,
    });
    party = await openRelyingParty(under.socle.identity, under.issuer);
  });
  afterAll(async () => {
    await party.close();
    await other.close();
    await under.close();
  });

  const order = () => ({
    actor: { kind: 'person', id: officer.id } as const,
    controller: under.academy.controller,
    reason: REASON,
  });
  const isIn = async (person: TestPerson) =>
    under.signIn(person).then(
      () => true,
      () => false,
    );
  const trySignIn = async (person: TestPerson, password = person.password) => {
    const browser = openBrowser();
    const page = await browser.follow(await browser.get(`${under.issuer}/`));
    return sendForm(browser, page, /^\/sign-in\//, { username: person.login, password });
  };

  it('stops a school’s people from the next request on in every instance, shows the message, and opens again (positive twin)', async () => {
    const elsewhere = await under.add({ givenName: 'Yann', school: under.embruns, isPupil: true });
    expect(await isIn(teacher)).toBe(true);
    const stop = await other.identity.defences.stop({
      ...order(),
      kind: 'school',
      target: under.phare.id,
      message: 'Le collège rouvre les connexions à 14 h.',
    });
    const refused = await trySignIn(teacher);
    expect(refused.status).toBe(403);
    expect(mainText(refused)).toContain('Le collège rouvre les connexions à 14 h.');
    expect((await trySignIn(pupil)).status).toBe(403);
    expect(await isIn(elsewhere)).toBe(true);
    await other.identity.defences.lift(stop.id, order());
    expect(await isIn(teacher)).toBe(true);
    await expect(other.identity.defences.lift(stop.id, order())).rejects.toMatchObject({
      code: 'stop_unknown',
    });
  });

  it('lets the academy’s people in, also those who hold a role in the school', async () => {
    const both = await under.add({
      givenName: 'Denis',
      school: under.phare,
      roles: ['staff'],
      academyRoles: ['academy_admin'],
    });
    const stop = await under.socle.identity.defences.stop({
      ...order(),
      kind: 'school',
      target: under.phare.id,
    });
    expect(await isIn(both)).toBe(true);
    expect(await isIn(officer)).toBe(true);
    expect((await trySignIn(teacher)).status).toBe(403);
    await under.socle.identity.defences.lift(stop.id, order());
  });

  it('tells of the stop only whoever gave the right password', async () => {
    const stop = await under.socle.identity.defences.stop({
      ...order(),
      kind: 'school',
      target: under.phare.id,
    });
    const wrong = await trySignIn(teacher, 'pas le bon mot de passe');
    const unknown = await trySignIn({ ...teacher, login: 'personne.00' }, 'pas le bon mot de passe');
    expect(wrong.status).toBe(422);
    expect(unknown.status).toBe(wrong.status);
    await under.socle.identity.defences.lift(stop.id, order());
  });

  it('ends every session of a school by the page, and no other', async () => {
    const elsewhere = await under.add({ givenName: 'Maëlle', school: under.embruns, isPupil: true });
    const [hers, his, theirs] = [
      await under.signIn(teacher),
      await under.signIn(pupil),
      await under.signIn(elsewhere),
    ];
    const browser = await under.signIn(officer, PATH);
    const page = await browser.get(`${under.issuer}${PATH}`);
    const done = await sendForm(browser, page, /sessions-ended$/, { 'target-sessions': under.phare.id });
    expect(mainText(done)).toMatch(/connexions? (est|sont) fermées?/);
    expect((await hers.get(`${under.issuer}/account`)).status).toBe(303);
    expect((await his.get(`${under.issuer}/account`)).status).toBe(303);
    expect((await theirs.get(`${under.issuer}/account`)).status).toBe(200);
    expect((await browser.get(`${under.issuer}${PATH}`)).status).toBe(200);
  });

  it('stops a service: no code, no token, no sign-in; then all of them again', async () => {
    const walk = () => party.signIn(openBrowser(), pupil.login, pupil.password);
    const before = await walk();
    const tokens = await party.redeem(before.code, before.verifier);
    expect(tokens.status).toBe(200);
    const unused = await walk();
    const stop = await other.identity.defences.stop({ ...order(), kind: 'client', target: party.clientId });
    expect((await party.redeem(unused.code, unused.verifier)).body['error']).toBe('invalid_client');
    const machine = await party.token({ grant_type: 'client_credentials' });
    expect(machine.body['error']).toBe('invalid_client');
    const asked = await openBrowser().get(party.request().url);
    expect(asked.status).toBe(400);
    await other.identity.defences.lift(stop.id, order());
    const after = await walk();
    expect((await party.redeem(after.code, after.verifier)).status).toBe(200);
  });

  it('stops dynamic registration, and the token keeps its use', async () => {
    const { token } = await under.socle.identity.registrationTokens.issue({ label: 'éditeur' }, order());
    const register = () =>
      fetch(`${under.issuer}/register`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token.revealText()}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          client_name: 'Manuel',
          redirect_uris: ['https://manuel.example/retour'],
          token_endpoint_auth_method: 'client_secret_basic',
        }),
      });
    const stop = await other.identity.defences.stop({ ...order(), kind: 'registration', target: 'all' });
    expect((await register()).status).toBe(503);
    await other.identity.defences.lift(stop.id, order());
    expect((await register()).status).toBe(201);
  });

  it('is one stop of eight ordered at once', async () => {
    const orders = await Promise.allSettled(
      Array.from({ length: 8 }, () =>
        under.socle.identity.defences.stop({ ...order(), kind: 'school', target: under.embruns.id }),
      ),
    );
    expect(orders.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const [stop] = await under.socle.identity.defences.list();
    await under.socle.identity.defences.lift(stop!.id, order());
    expect(await under.socle.identity.defences.list()).toEqual([]);
  });

  it('is refused to the officer of another school, to who only watches, and to forms without their token', async () => {
    const serge = await under.add({ givenName: 'Serge', school: under.embruns, roles: ['security_officer'] });
    const his = await under.signIn(serge, PATH);
    const page = await his.get(`${under.issuer}${PATH}`);
    expect(page.text).not.toContain(under.phare.id);
    expect(page.text).not.toContain('target-client');
    const form = findForm(page, /\/stopped$/);
    const attempt = { ...form.fields, 'target-school': under.phare.id, 'reason-school': REASON };
    expect((await his.post(form.action, attempt)).status).toBe(403);
    const registration = { ...form.fields, kind: 'registration', 'reason-registration': REASON };
    expect((await his.post(form.action, registration)).status).toBe(403);
    const watcher = await under.add({ givenName: 'Édith', academyRoles: ['academy_admin'] });
    const hers = await under.signIn(watcher, PATH);
    expect((await hers.get(`${under.issuer}${PATH}`)).text).not.toContain('target-school');
    const bare = await his.post(form.action, {
      kind: 'school',
      'target-school': under.embruns.id,
      'reason-school': REASON,
    });
    expect(bare.status).toBe(403);
    expect(await under.socle.identity.defences.list()).toEqual([]);
    const own = await his.post(form.action, { ...attempt, 'target-school': under.embruns.id });
    expect(own.status).toBe(303);
    const [stop] = await under.socle.identity.defences.list();
    const opened = await his.get(`${under.issuer}${PATH}`);
    await sendForm(his, opened, new RegExp(`${stop!.id}/lifted$`));
    expect(await under.socle.identity.defences.list()).toEqual([]);
  });

  it('demands new passwords of a class only with a second person of the school, once, and of that class alone', async () => {
    const asker = await under.add({ givenName: 'Ulysse', academyRoles: ['security_officer'] });
    const browser = await under.signIn(asker, PATH);
    const ask = async () => {
      const page = await browser.get(`${under.issuer}${PATH}/passwords?school=${under.phare.id}`);
      return sendForm(browser, page, /\/passwords$/, { whom: under.phare.division, reason: REASON });
    };
    const open = await under.signIn(pupil);
    expect((await ask()).url).toContain('/approvals');
    expect((await open.get(`${under.issuer}/account`)).status).toBe(200);
    const hers = await under.signIn(admin);
    const waiting = await hers.get(`${under.issuer}/approvals`);
    expect(mainText(waiting)).toContain('nouveau mot de passe exigé');
    await sendForm(hers, waiting, /\/confirmed$/);
    expect(mainText(await ask())).toContain('Un nouveau mot de passe est exigé.');
    expect((await open.get(`${under.issuer}/account`)).status).toBe(303);
    expect((await trySignIn(pupil)).url).toContain('/new-password');
    expect(await isIn(teacher)).toBe(true);
    // the agreement served once
    expect((await ask()).url).toContain('/approvals');
  });

  it('writes every stop, opening and end in the log', async () => {
    const events = await under.database.openAdmin().query<{ action: string }>(
      `SELECT DISTINCT action FROM audit.events WHERE action LIKE 'identity.stop.%'
           OR action IN ('identity.sessions.ended_together', 'identity.passwords.expired') ORDER BY action`,
    );
    expect(events.map(({ action }) => action)).toEqual([
      'identity.passwords.expired',
      'identity.sessions.ended_together',
      'identity.stop.lifted',
      'identity.stop.set',
    ]);
  });
});
