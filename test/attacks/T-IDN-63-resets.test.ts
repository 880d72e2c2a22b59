import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPerson, grantRole, joinDivision } from '@socle/directory';
import type { PersonId } from '@socle/base';
import { findForm, mainText, sendForm } from '../support/forms.ts';
import { openBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';
import { loadLoggedEvents } from '../support/logged-events.ts';

describe('T-IDN-63 resets are used to take accounts over, one by one or by the class', () => {
  let under: SocleUnderTest;
  let teacher: TestPerson;
  let colleague: TestPerson;
  let pupil: TestPerson;
  let outsider: TestPerson;
  let browser: HttpBrowser;
  let fields: Readonly<Record<string, string>>;
  beforeAll(async () => {
    under = await openSocleUnderTest();
    teacher = await under.add({ givenName: 'Hélène', school: under.phare, teaches: true });
    colleague = await under.add({ givenName: 'Paul', school: under.phare, teaches: true });
    pupil = await under.add({ givenName: 'Noé', school: under.phare, isPupil: true });
    outsider = await under.add({ givenName: 'Inès', school: under.embruns, isPupil: true });
    browser = await under.signIn(teacher);
    fields = findForm(await browser.get(classPage()), /reset$/).fields;
  });
  afterAll(() => under.close());

  const classPage = (division: string = under.phare.division) =>
    `${under.issuer}/school/accounts/classes/${division}`;
  const reset = (sent: Record<string, string>, division?: string) =>
    browser.post(`${classPage(division)}/reset`, { ...fields, ...sent }, { origin: under.issuer });
  const codeOf = (text: string) => />([0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5})</.exec(text)?.[1];
  const countEvents = async (action: string) => (await loadLoggedEvents(under.database, action)).length;

  it('gives a code, never a password, and the former password works until the code is used', async () => {
    const given = await reset({ pupil: pupil.id });
    expect(given.status).toBe(200);
    expect(given.headers.get('cache-control')).toBe('no-store');
    expect(given.text).not.toContain(pupil.password);
    const child = await under.signIn(pupil);
    expect((await child.get(`${under.issuer}/`)).status).toBe(200);
    const fresh = openBrowser();
    const asked = await fresh.follow(await fresh.get(`${under.issuer}/sign-in/activate`));
    const chosen = await fresh.submit(asked, { code: codeOf(given.text) ?? '' });
    const password = 'les huîtres comptent les étoiles';
    expect((await fresh.submit(chosen, { password, repeat: password })).status).toBe(303);
    // the sessions of the former password end
    expect((await child.get(`${under.issuer}/`)).status).toBe(303);
    pupil = { ...pupil, password };
  });

  it('tells the pupil at the next sign-in, until they say that they saw it, and in the activity', async () => {
    const child = await under.signIn(pupil);
    const home = await child.get(`${under.issuer}/`);
    expect(home.text).toContain('Un code pour changer votre mot de passe a été donné');
    const after = await sendForm(child, home, /notices\/seen$/);
    expect(after.text).not.toContain('Un code pour changer votre mot de passe');
    expect(mainText(await child.get(`${under.issuer}/account/activity`))).toContain('Code remis');
  });

  it('refuses a colleague, a pupil of another class or school, and somebody invented', async () => {
    const before = await countEvents('identity.code.issued');
    const invented = '0198f000-0000-7000-8000-000000000001';
    for (const target of [colleague.id, outsider.id, teacher.id, invented, 'nobody', '']) {
      const answer = await reset({ pupil: target });
      expect(answer.status).toBe(303);
      expect(codeOf(answer.text)).toBeUndefined();
    }
    expect((await reset({ pupil: outsider.id }, under.embruns.division)).status).toBe(403);
    expect(await countEvents('identity.code.issued')).toBe(before);
    expect((await reset({ pupil: pupil.id })).status).toBe(200);
  });

  it('writes a security event at the tenth in an hour, and asks for a second person beyond twenty', async () => {
    const ids: PersonId[] = [];
    await under.socle.database.transaction(
      async (tx) => {
        for (let index = 0; index < 9; index += 1) {
          const context = under.context();
          const id = await createPerson(
            tx,
            { givenName: `Élève${index}`, familyName: 'Martin', controller: under.phare.controller },
            context,
          );
          await grantRole(
            tx,
            { person: id, role: 'pupil', domain: { school: under.phare.id }, reason: 'test' },
            context,
          );
          await joinDivision(tx, { person: id, division: under.phare.division }, context);
          ids.push(id);
        }
      },
      { scope: 'all' },
    );
    expect(await countEvents('identity.resets.many')).toBe(0);
    expect((await reset({ who: 'all' })).status).toBe(200);
    expect(await countEvents('identity.resets.many')).toBe(1);
    const before = await countEvents('identity.code.issued');
    const asked = await reset({ who: 'all' });
    expect(asked.status).toBe(303);
    expect((await browser.follow(asked)).text).toContain('une autre personne doit d’abord donner son accord');
    expect(await countEvents('identity.code.issued')).toBe(before);
    expect(await countEvents('service.approval.asked')).toBe(1);
    // nobody agrees to their own request
    expect(mainText(await browser.get(`${under.issuer}/approvals`))).not.toContain('Donner mon accord');
    // the twin: another person with the right agrees, and the same request goes through, once
    const admin = await under.add({ givenName: 'Solenn', school: under.phare, roles: ['local_admin'] });
    const theirs = await under.signIn(admin, '/approvals');
    await sendForm(theirs, await theirs.get(`${under.issuer}/approvals`), /\/confirmed$/);
    expect((await reset({ who: 'all' })).status).toBe(200);
    expect((await reset({ who: 'all' })).status).toBe(303);
  });

  it('refuses the form without the session’s token or from another site', async () => {
    const target = `${classPage()}/reset`;
    expect((await browser.post(target, { pupil: pupil.id }, { origin: under.issuer })).status).toBe(403);
    const foreign = { ...fields, pupil: pupil.id };
    expect((await browser.post(target, foreign, { origin: 'https://evil.example' })).status).toBe(403);
  });
});
