import type { PersonId } from '@socle/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findForm, findLink, mainText, sendForm } from '../support/forms.ts';
import type { HttpBrowser } from '../support/http-browser.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

describe('/school/duplicates, where a school says who is one person', () => {
  let under: SocleUnderTest;
  let [admin, teacher, otherAdmin, parent]: TestPerson[] = [];
  let browser: HttpBrowser;
  beforeAll(async () => {
    under = await openSocleUnderTest();
    const { phare, embruns } = under;
    admin = await under.add({ givenName: 'Aline', school: phare, roles: ['local_admin'] });
    otherAdmin = await under.add({ givenName: 'Victoire', school: embruns, roles: ['local_admin'] });
    teacher = await under.add({ givenName: 'Hélène', school: phare, teaches: true });
    parent = await under.add({ givenName: 'Élise', school: phare, roles: ['guardian'] });
    browser = await under.signIn(admin);
  });
  afterAll(() => under.close());

  const twins = async (
    givenName: string,
    second: { school?: 'phare' | 'embruns'; role: string; over?: true },
  ) => {
    const birthDate = '1984-02-29';
    const one = await under.add({ givenName, birthDate, school: under.phare, roles: ['guardian'] });
    const other = await under.add({
      givenName,
      birthDate,
      school: under[second.school ?? 'phare'],
      ...(second.over ? { academyRoles: [second.role], roles: ['teacher'] } : { roles: [second.role] }),
    });
    return [one.id, other.id].toSorted() as [PersonId, PersonId];
  };
  const open = () => browser.get(`${under.issuer}/school/duplicates`);

  it('is closed to teachers and parents', async () => {
    for (const person of [teacher!, parent!]) {
      const own = await under.signIn(person);
      expect((await own.get(`${under.issuer}/school/duplicates`)).status).toBe(403);
    }
  });

  it('says what will come here when there is nothing', async () => {
    expect(mainText(await open())).toContain('Aucun doublon à regarder');
  });

  it('proposes nobody who also acts in another school or over the academy, and joins them for no form', async () => {
    const mine = await twins('Bérénice', { role: 'teacher' });
    const elsewhere = await twins('Clotilde', { school: 'embruns', role: 'teacher' });
    const above = await twins('Daphné', { role: 'academy_admin', over: true });
    const page = await open();
    expect(mainText(page)).toContain('1 paire à comparer');
    expect(mainText(page)).not.toMatch(/Clotilde|Daphné/);
    for (const [one, other] of [elsewhere, above]) {
      const { fields } = findForm(page, /distinct$/);
      for (const path of ['join', 'distinct']) {
        const answer = await browser.post(`${under.issuer}/school/duplicates/${path}`, {
          ...fields,
          one,
          other,
          reason: 'pour gagner ses droits',
        });
        expect(answer.status).toBe(404);
      }
    }
    const stranger = await under.signIn(otherAdmin!);
    const { fields } = findForm(await stranger.get(`${under.issuer}/school/people`), /people$/);
    const [one, other] = mine;
    const answer = await stranger.post(`${under.issuer}/school/duplicates/join`, {
      ...fields,
      one,
      other,
      reason: 'essai',
    });
    expect(answer.status).toBe(404);
  });

  it('asks for a reason, joins, and takes the join back', async () => {
    const page = await open();
    const unreasoned = await sendForm(browser, page, /join$/);
    expect(unreasoned.status).toBe(422);
    expect(mainText(unreasoned)).toContain('comment vous l’avez vérifié');
    const joined = await sendForm(browser, page, /join$/, { reason: 'Vérifié avec la famille' });
    expect(joined.text).toContain('Les deux fiches n’en font plus qu’une');
    expect(mainText(joined)).toMatch(/Fiches réunies.*Bérénice.*Aline.*Vérifié avec la famille/);
    const question = await browser.get(findLink(joined, /^Séparer/));
    expect((await sendForm(browser, question, /part$/)).status).toBe(422);
    const parted = await sendForm(browser, question, /part$/, { reason: 'Deux sœurs' });
    expect(parted.text).toContain('à nouveau séparées');
    expect(mainText(parted)).toContain('1 paire à comparer');
    expect((await browser.get(question.url)).status).toBe(404);
  });

  it('no longer proposes two who were said to be two people', async () => {
    const after = await sendForm(browser, await open(), /distinct$/);
    expect(after.text).toContain('ce sont deux personnes');
    expect(mainText(after)).toContain('Aucun doublon à regarder');
  });
});
