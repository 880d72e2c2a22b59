import { openLogReader, type ReadEvent } from '@socle/audit';
import { buildManualClock, type ManualClock } from '@socle/base';
import { grantRole } from '@socle/directory';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findForm, findLink, mainText, sendForm } from '../support/forms.ts';
import type { HttpBrowser, Page } from '../support/http-browser.ts';
import { openRelyingParty } from '../support/relying-party.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

const PATH = '/school/views';
const REASON = 'Elle ne trouve pas le service de notes.';

describe('T-IDN-80 a view in a person’s place is used to act, to climb, to see staff, or without end and unseen', () => {
  let under: SocleUnderTest;
  let clock: ManualClock;
  let pupil: TestPerson;
  let officer: TestPerson;
  beforeAll(async () => {
    clock = buildManualClock(new Date());
    under = await openSocleUnderTest({ clock });
    pupil = await under.add({ givenName: 'Léa', school: under.phare, isPupil: true });
    officer = await under.add({ givenName: 'Tania', academyRoles: ['security_officer'] });
  });
  beforeEach(() => clock.set(new Date()));
  afterAll(() => under.close());

  const addLocal = (givenName: string) =>
    under.add({ givenName, school: under.phare, roles: ['local_admin'] });
  const addAcademy = (givenName: string) => under.add({ givenName, academyRoles: ['academy_admin'] });
  /** Opens a view by the page, and gives what comes back. */
  async function open(browser: HttpBrowser, whom: TestPerson, reason = REASON): Promise<Page> {
    const page = await browser.get(`${under.issuer}${PATH}`);
    return sendForm(browser, page, /^\/school\/views$/, { login: whom.login, reason });
  }
  const end = async (browser: HttpBrowser) =>
    sendForm(browser, await browser.get(`${under.issuer}/`), /\/account\/view\/ended$/);
  const openDirectly = async (viewer: TestPerson, session: string, seen: TestPerson) => {
    const facts = await under.socle.decisions.loadFacts(viewer.id);
    return under.socle.views.open(
      { facts: facts!, session: { id: session, acr: 'factor', personId: viewer.id } },
      { seen: seen.id, reason: REASON },
    );
  };
  const eventsAbout = async (person: TestPerson): Promise<readonly ReadEvent[]> => {
    const { events } = await openLogReader(under.socle).search(
      { reader: { kind: 'system', id: 'test' }, controller: 'platform', purpose: 'test', scope: 'all' },
      { person: person.id, as: 'subject', limit: 100 },
    );
    return events.filter(({ action }) => action.startsWith('service.view.'));
  };

  it('shows a local administrator what a pupil sees, bannered on each page, and ends at a word (positive twin)', async () => {
    const aline = await addLocal('Aline');
    const browser = await under.signIn(aline, PATH);
    const portal = await open(browser, pupil);
    expect(mainText(portal)).toContain('Bonjour Léa');
    for (const path of ['/', '/account', '/account/devices', '/account/services']) {
      const page = await browser.get(`${under.issuer}${path}`);
      expect([path, page.status]).toEqual([path, 200]);
      expect(page.text).toContain('Vous voyez ce que voit Léa Le Goff');
      expect(page.text).toContain('Lecture seule');
    }
    expect(mainText(await browser.get(`${under.issuer}/account`))).toContain(pupil.login);
    const after = await end(browser);
    expect(mainText(after)).toContain('La vue est terminée');
    expect(mainText(after)).toContain(aline.login);
    expect(after.text).not.toContain('Vous voyez ce que voit');
  });

  it('makes no session and no token of the person seen: services know the administrator only', async () => {
    const viewer = await addLocal('Bleuenn');
    const browser = await under.signIn(viewer, PATH);
    await open(browser, pupil);
    expect(await under.socle.identity.sessions.list(pupil.accountId)).toEqual([]);
    const rows = await under.database
      .openAdmin()
      .query('SELECT model FROM identity.provider_rows WHERE account_id = $1', [pupil.accountId]);
    expect(rows).toEqual([]);
    const service = await openRelyingParty(under.socle.identity, under.issuer);
    const { url, verifier } = service.request();
    const answer = await browser.follow(await browser.get(url), service.redirectUri);
    const code = new URL(answer.location ?? '').searchParams.get('code');
    const { body } = await service.redeem(code ?? '', verifier);
    const { sub } = decodeJwt(String(body['id_token']));
    const [known] = await under.database
      .openAdmin()
      .query<{ person_id: string }>('SELECT person_id FROM identity.pairwise_subjects WHERE subject = $1', [
        sub,
      ]);
    expect(known?.person_id).toBe(viewer.id);
    await service.close();
    await end(browser);
  });

  it('refuses every form but the one that ends it, and says so in the log with both people', async () => {
    const aline = await addLocal('Corentine');
    const browser = await under.signIn(aline, PATH);
    const own = await browser.get(`${under.issuer}/account/devices`);
    const { fields } = findForm(await browser.get(`${under.issuer}${PATH}`), /^\/school\/views$/);
    expect(own.status).toBe(200);
    await open(browser, pupil);
    for (const path of [
      '/account/devices/ended',
      '/account/recovery',
      '/account/password',
      '/account/notices/seen',
      '/school/people',
      '/school/administrators/given',
      '/approvals/x/confirmed',
      '/security/switches/stopped',
      PATH,
    ]) {
      const answer = await browser.post(`${under.issuer}${path}`, {
        ...fields,
        password: 'x',
        reason: REASON,
      });
      expect([path, answer.status]).toEqual([path, 403]);
      expect(answer.text).toContain('Vous voyez ce que voit Léa Le Goff');
    }
    const refused = (await eventsAbout(pupil)).filter(({ action }) => action === 'service.view.act_refused');
    const mine = refused.filter(({ actor }) => actor.personId === aline.id);
    expect(mine).toHaveLength(9);
    expect(mine.every(({ onBehalfOf }) => onBehalfOf?.personId === pupil.id)).toBe(true);
    await end(browser);
    const sent = await browser.post(`${under.issuer}/account/devices/ended`, fields);
    expect(sent.status).toBe(303);
  });

  it('does not lead to the administrator’s own powers: security, agreements, emergency, data of others', async () => {
    const browser = await under.signIn(await addAcademy('Denis'), PATH);
    const closed = [
      '/security',
      '/security/views',
      '/approvals',
      '/dpo/access',
      '/account/emergency',
      '/account/password',
      '/account/codes',
      '/account/passkeys',
      '/account/activity',
      '/account/access',
      '/school/administrators',
      PATH,
    ];
    expect((await browser.get(`${under.issuer}/security`)).status).toBe(200);
    await open(browser, pupil);
    for (const path of closed) {
      const page = await browser.get(`${under.issuer}${path}`);
      expect([path, page.status]).toEqual([path, 403]);
      expect(page.text).toContain('Vous voyez ce que voit Léa Le Goff');
    }
    await end(browser);
    expect((await browser.get(`${under.issuer}/security`)).status).toBe(200);
  });

  it('is never of staff by a local administrator, and never of those who direct or administer by anybody', async () => {
    const [aline, denis] = [await addLocal('Enora'), await addAcademy('Servan')];
    const teacher = await under.add({ givenName: 'Hélène', school: under.phare, teaches: true });
    const head = await under.add({ givenName: 'Irène', school: under.phare, roles: ['head'] });
    const browser = await under.signIn(aline, PATH);
    for (const staff of [teacher, head]) {
      const answer = await open(browser, staff);
      expect(answer.status).toBe(422);
      expect(answer.text).not.toContain('Vous voyez ce que voit');
    }
    const theirs = await under.signIn(denis, PATH);
    expect(mainText(await open(theirs, head))).toContain('de ceux qui dirigent ou administrent');
    const seen = await open(theirs, teacher);
    expect(seen.text).toContain('Vous voyez ce que voit Hélène');
    const school = await theirs.get(`${under.issuer}/school`);
    expect(school.status).toBe(200);
    expect((await theirs.get(`${under.issuer}/school/accounts`)).status).toBe(403);
    await end(theirs);
    const events = [...(await eventsAbout(teacher)), ...(await eventsAbout(head))];
    expect(events.filter(({ action }) => action === 'service.view.refused').length).toBe(3);
  });

  it('is refused of somebody elsewhere, of who is also elsewhere, of oneself, and to who may not', async () => {
    const [aline, teacher] = [
      await addLocal('Fanch'),
      await under.add({ givenName: 'Rémi', school: under.phare, teaches: true }),
    ];
    const away = await under.add({ givenName: 'Maxime', school: under.embruns, isPupil: true });
    const both = await under.add({ givenName: 'Odile', school: under.phare, roles: ['guardian'] });
    await under.socle.database.transaction(
      (tx) =>
        grantRole(
          tx,
          { person: both.id, role: 'guardian', domain: { school: under.embruns.id }, reason: 'test' },
          under.context(),
        ),
      { scope: 'all' },
    );
    const refused = { code: 'view_refused' };
    for (const seen of [away, both, aline])
      await expect(openDirectly(aline, crypto.randomUUID(), seen)).rejects.toMatchObject(refused);
    await expect(openDirectly(teacher, crypto.randomUUID(), pupil)).rejects.toMatchObject(refused);
    const denis = await addAcademy('Judicaël');
    const row = await openDirectly(denis, crypto.randomUUID(), both);
    await under.socle.views.end(row.id, { kind: 'person', id: denis.id }, 'viewer');
  });

  it('ends by itself after a quarter of an hour, and the database takes none that is longer', async () => {
    const browser = await under.signIn(await addLocal('Gwenola'), PATH);
    await open(browser, pupil);
    clock.advanceSeconds(15 * 60 - 1);
    expect((await browser.get(`${under.issuer}/`)).text).toContain('Vous voyez ce que voit');
    clock.advanceSeconds(1);
    const own = await browser.get(`${under.issuer}/`);
    expect(mainText(own)).toContain('Bonjour Gwenola');
    expect(own.text).not.toContain('Vous voyez ce que voit');
    const events = await eventsAbout(pupil);
    expect(
      events.filter(({ action, detail }) => action === 'service.view.ended' && detail?.['why'] === 'time'),
    ).toHaveLength(1);
    await expect(
      under.database
        .openAdmin()
        .query(`UPDATE socle.views SET ends_at = ends_at + interval '1 second' WHERE ended_at IS NOT NULL`),
    ).rejects.toThrow(/check/);
  });

  it('is one at a time: not inside another, not in a second browser, of eight at once one', async () => {
    const aline = await addLocal('Heodez');
    const [first, second] = [await under.signIn(aline, PATH), await under.signIn(aline, PATH)];
    const other = await under.add({ givenName: 'Inès', school: under.phare, isPupil: true });
    const { action, fields } = findForm(await first.get(`${under.issuer}${PATH}`), /^\/school\/views$/);
    await open(first, pupil);
    const nested = await first.post(action, { ...fields, login: other.login, reason: REASON });
    expect(nested.status).toBe(403);
    expect((await first.get(`${under.issuer}/`)).text).toContain('Vous voyez ce que voit Léa');
    const beside = await open(second, other);
    expect(beside.status).toBe(422);
    expect(mainText(beside)).toContain('Une vue est déjà ouverte');
    expect((await second.get(`${under.issuer}/`)).text).not.toContain('Vous voyez ce que voit');
    await end(first);
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, () => openDirectly(aline, crypto.randomUUID(), other)),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('ends with the right to it, and with the session', async () => {
    const aline = await addLocal('Iwan');
    const browser = await under.signIn(aline, PATH);
    const young = await under.add({ givenName: 'Nolan', school: under.phare, roles: ['guardian'] });
    await open(browser, young);
    await under.socle.database.transaction(
      (tx) =>
        grantRole(
          tx,
          { person: young.id, role: 'staff', domain: { school: under.phare.id }, reason: 'test' },
          under.context(),
        ),
      { scope: 'all' },
    );
    const own = await browser.get(`${under.issuer}/`);
    expect(mainText(own)).toContain('Bonjour Iwan');
    await open(browser, pupil);
    await sendForm(browser, await browser.get(`${under.issuer}/`), /^\/sign-out$/);
    const again = await under.signIn(aline);
    expect((await again.get(`${under.issuer}/`)).text).not.toContain('Vous voyez ce que voit');
  });

  it('asks for a reason and a recent second factor', async () => {
    const aline = await addLocal('Jeanne');
    const browser = await under.signIn(aline, PATH);
    const short = await open(browser, pupil, 'aide');
    expect(short.status).toBe(422);
    expect(mainText(short)).toContain('Écrivez le motif');
    const { action, fields } = findForm(short, /^\/school\/views$/);
    clock.advanceSeconds(901);
    const late = await browser.post(action, { ...fields, login: pupil.login, reason: REASON });
    expect(late.location).toContain('acr=factor');
  });

  it('is told to the person with the reason, listed under security, and ended from there', async () => {
    const seen = await under.add({ givenName: 'Katell', school: under.phare, isPupil: true });
    const aline = await addLocal('Lenaïg');
    const browser = await under.signIn(aline, PATH);
    await open(browser, seen);
    const watch = await under.signIn(officer, '/security/views');
    const page = await watch.get(`${under.issuer}/security/views`);
    expect(mainText(page)).toContain('Lenaïg Le Goff');
    expect(mainText(page)).toContain(REASON);
    const [open_] = (await under.socle.views.list(seen.id)).filter(({ ended_at }) => ended_at === null);
    const after = await sendForm(watch, page, new RegExp(`${open_!.id}/ended$`));
    expect(mainText(after)).toContain('Terminée par la sécurité');
    expect((await browser.get(`${under.issuer}/`)).text).not.toContain('Vous voyez ce que voit');

    const theirs = await under.signIn(seen);
    const portal = await theirs.get(`${under.issuer}/`);
    expect(mainText(portal)).toContain('a vu vos pages comme vous les voyez');
    const access = await theirs.get(`${under.issuer}/account/access`);
    expect(mainText(access)).toContain('Vos pages, vues à votre place');
    expect(mainText(access)).toContain(REASON);
    expect(mainText(access)).toContain('Vue ouverte à la place de cette personne');
    expect(mainText(access)).not.toContain('Lenaïg');
    const elsewhere = await under.add({
      givenName: 'Dora',
      school: under.embruns,
      roles: ['security_officer'],
    });
    const far = await under.signIn(elsewhere, '/security/views');
    expect(mainText(await far.get(`${under.issuer}/security/views`))).not.toContain(REASON);
  });

  it('is offered on the entry of a pupil, and both people are in every event of it', async () => {
    const aline = await addLocal('Mona');
    const browser = await under.signIn(aline, PATH);
    const entry = await browser.get(`${under.issuer}/school/people/${pupil.id}`);
    const page = await browser.get(findLink(entry, /Voir ce que cette personne voit/));
    expect(mainText(page)).toContain('Voir ce que voit Léa Le Goff');
    const portal = await sendForm(browser, page, /^\/school\/views$/, { reason: REASON });
    expect(portal.text).toContain('Vous voyez ce que voit Léa Le Goff');
    await browser.get(`${under.issuer}/account`);
    await end(browser);
    const events = (await eventsAbout(pupil)).filter(({ actor }) => actor.personId === aline.id);
    expect(events.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['service.view.opened', 'service.view.page_seen', 'service.view.ended']),
    );
    expect(events.every(({ onBehalfOf }) => onBehalfOf?.personId === pupil.id)).toBe(true);
    expect(JSON.stringify(events)).not.toContain('service de notes');
  });
});
