import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findForm, findLink, mainText, sendForm } from '../support/forms.ts';
import { openBrowser, type HttpBrowser, type Page } from '../support/http-browser.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';
import { loadLoggedEvents } from '../support/logged-events.ts';

describe('/school/accounts/badges, where a school says when and from where its badges open', () => {
  let under: SocleUnderTest;
  let head: TestPerson;
  let teacher: TestPerson;
  let administrator: TestPerson;
  let pupil: TestPerson;
  let badge: { readonly address: string; readonly pictures: readonly string[] };
  beforeAll(async () => {
    under = await openSocleUnderTest();
    head = await under.add({ givenName: 'Irène', school: under.phare, roles: ['head'] });
    administrator = await under.add({ givenName: 'Fañch', school: under.phare, roles: ['local_admin'] });
    teacher = await under.add({ givenName: 'Hélène', school: under.phare, teaches: true });
    pupil = await under.add({ givenName: 'Côme', school: under.phare, isPupil: true });
    const { socle, phare } = under;
    const [printed] = await socle.database.transaction(
      (tx) =>
        socle.identity.badges.issue(tx, [{ id: pupil.id, givenName: 'Côme', familyName: 'Lanoë' }], {
          actor: { kind: 'system', id: 'test' },
          schoolId: phare.id,
        }),
      { scope: 'all' },
    );
    badge = {
      address: new URL(printed!.address.revealText()).hash.slice(1),
      pictures: printed!.pictures!.revealText().split(' '),
    };
  });
  afterAll(() => under.close());

  const rulePath = () => `${under.issuer}/school/accounts/badges/${under.phare.id}`;
  const signInByBadge = async (): Promise<number> => {
    const browser = openBrowser();
    let page = await browser.follow(await browser.get(`${under.issuer}/sign-in/badge`));
    page = await browser.submit(page, { badge: badge.address });
    for (const picture of badge.pictures) page = await browser.submit(page, { picture });
    return page.status;
  };
  const send = async (browser: HttpBrowser, page: Page, changes: Record<string, string>, days: string[]) => {
    const { action, fields } = findForm(page, /badges\//);
    const body = new URLSearchParams({ ...fields, ...changes });
    body.delete('day');
    for (const day of days) body.append('day', day);
    const cookie = [...browser.cookies(under.issuer)].map((pair) => pair.join('=')).join('; ');
    return fetch(action, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, origin: under.issuer, 'content-type': 'application/x-www-form-urlencoded' },
      body: body.toString(),
    });
  };

  it('is found by the head of school and the administrator, and by nobody else', async () => {
    for (const person of [head, administrator]) {
      const browser = await under.signIn(person, '/school/accounts');
      const classes = await browser.get(`${under.issuer}/school/accounts`);
      const page = await browser.follow(await browser.get(findLink(classes, /Heures des badges/)));
      expect(page.url).toBe(rulePath());
      expect(mainText(page)).toContain('Collège Le Phare');
      expect((await browser.get(rulePath().replace(under.phare.id, under.embruns.id))).status).toBe(403);
    }
    const browser = await under.signIn(teacher, '/school/accounts');
    expect((await browser.get(`${under.issuer}/school/accounts`)).text).not.toContain('Heures des badges');
    expect((await browser.get(rulePath())).status).toBe(403);
    expect((await browser.get(`${under.issuer}/school/accounts/badges`)).status).toBe(403);
    expect((await browser.get(`${rulePath().slice(0, -2)}zz`)).status).toBe(404);
  });

  it('closes badges outside the school’s networks, and opens them again when the rule is taken away', async () => {
    expect(await signInByBadge()).toBe(303);
    const browser = await under.signIn(head);
    const saved = await send(
      browser,
      await browser.get(rulePath()),
      {
        when: 'limited',
        'opens-at': '07:45',
        'closes-at': '18:00',
        networks: '198.51.100.9/24\n2001:db8::/48',
      },
      ['1', '2', '4', '5'],
    );
    expect(saved.status).toBe(303);
    expect(await under.socle.identity.badges.findRule(under.phare.id)).toEqual({
      timeZone: 'Europe/Paris',
      opensAt: '07:45',
      closesAt: '18:00',
      weekdays: [1, 2, 4, 5],
      // the block that holds the address
      networks: ['198.51.100.0/24', '2001:db8::/48'],
    });
    expect(await signInByBadge()).toBe(422);
    const shown = findForm(await browser.get(rulePath()), /badges\//);
    expect(shown.fields).toMatchObject({ when: 'limited', 'opens-at': '07:45', 'closes-at': '18:00' });
    const opened = await sendForm(browser, await browser.get(rulePath()), /badges\//, { when: 'always' });
    expect(mainText(opened)).toContain('C’est enregistré');
    expect(await under.socle.identity.badges.findRule(under.phare.id)).toBeUndefined();
    expect(await signInByBadge()).toBe(303);
  });

  it('shows what was typed again, with everything that is wrong', async () => {
    const browser = await under.signIn(head);
    const page = await browser.get(rulePath(), { 'accept-language': 'en' });
    const answer = await send(
      browser,
      page,
      { when: 'limited', 'opens-at': '18:00', 'closes-at': '08:00', networks: '0.0.0.0/0' },
      [],
    );
    expect(answer.status).toBe(422);
    const text = await answer.text();
    for (const words of ['la seconde après la première', 'au moins un jour', '« 0.0.0.0/0 »']) {
      expect(text.replaceAll(/[\u00a0\u202f]/g, ' ')).toContain(words);
    }
    expect(text).toContain('value="18:00"');
    expect(await under.socle.identity.badges.findRule(under.phare.id)).toBeUndefined();
  });

  it('writes each change in the log', async () => {
    const events = await loadLoggedEvents(under.database, 'identity.badge.rule_set');
    const details = events.map(({ detail }) => detail);
    expect(details).toHaveLength(2);
    expect(details).toContainEqual({ limited: true, networks: 2 });
    expect(details).toContainEqual({ limited: false, networks: 0 });
    expect(events.every(({ actor }) => actor.kind === 'person')).toBe(true);
  });
});
