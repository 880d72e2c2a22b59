import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setGuardianAuthority } from '@socle/directory';
import { findLink, mainText, sendForm } from '../support/forms.ts';
import { openBrowser } from '../support/http-browser.ts';
import { openRelyingParty, type RelyingParty } from '../support/relying-party.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

describe('what a teacher does with a class reaches families and services', () => {
  let under: SocleUnderTest;
  let party: RelyingParty;
  let teacher: TestPerson;
  let pupil: TestPerson;
  let outsider: TestPerson;
  let mother: TestPerson;
  let stranger: TestPerson;
  beforeAll(async () => {
    under = await openSocleUnderTest();
    teacher = await under.add({ givenName: 'Hélène', school: under.phare, teaches: true });
    pupil = await under.add({ givenName: 'Noé', school: under.phare, isPupil: true });
    outsider = await under.add({ givenName: 'Zoé', school: under.embruns, isPupil: true });
    mother = await under.add({ givenName: 'Élise', school: under.phare, roles: ['guardian'] });
    stranger = await under.add({ givenName: 'Gwénaël', school: under.phare, roles: ['guardian'] });
    await setAuthority(mother, 'joint');
    await setAuthority(stranger, 'withdrawn');
    party = await openRelyingParty(under.socle.identity, under.issuer);
  });
  afterAll(async () => {
    await party.close();
    await under.close();
  });

  const setAuthority = async (adult: TestPerson, exercise: 'joint' | 'withdrawn') => {
    const head = await under.add({ givenName: 'Irène', school: under.phare, roles: ['head'] });
    const second = await under.add({ givenName: 'Sophie', school: under.phare, roles: ['cpe'] });
    await under.socle.database.transaction(
      (tx) =>
        setGuardianAuthority(
          tx,
          {
            adult: adult.id,
            child: pupil.id,
            exercise,
            ...(exercise === 'withdrawn' && { oversight: 'none' as const }),
            validFrom: new Date(Date.now() - 1000),
            recordedBy: head.id,
            confirmedBy: second.id,
            evidenceReference: 'TEST-1',
            declaresLink: true,
          },
          under.context(),
        ),
      { scope: 'all' },
    );
  };
  const openClass = async () => {
    const browser = await under.signIn(teacher, '/school/accounts');
    const list = await browser.follow(await browser.get(`${under.issuer}/school/accounts`));
    return { browser, page: await browser.get(findLink(list, /4A/)) };
  };
  const portalOf = async (person: TestPerson) => {
    const browser = await under.signIn(person);
    return { browser, page: await browser.get(`${under.issuer}/`) };
  };

  it('tells the pupil and the parent with authority of a reset, by name, until they have seen it; nobody else', async () => {
    const told = 'Un code pour changer';
    expect((await portalOf(mother)).page.text).not.toContain(told);
    const { browser, page } = await openClass();
    const given = await sendForm(browser, page, /reset$/, { pupil: pupil.id });
    expect(mainText(given)).toContain('Un nouveau mot de passe');
    const parent = await portalOf(mother);
    expect(parent.page.text).toContain('le mot de passe de Noé');
    expect((await portalOf(pupil)).page.text).toContain('changer votre mot de passe');
    for (const person of [stranger, outsider, teacher])
      expect((await portalOf(person)).page.text).not.toContain(told);
    await sendForm(parent.browser, parent.page, /notices\/seen$/);
    expect((await parent.browser.get(`${under.issuer}/`)).text).not.toContain(told);
    expect((await portalOf(pupil)).page.text).toContain(told);
  });

  it('signs the class out of the services by the back channel at the end of a lesson, and nobody else', async () => {
    const sid = async (person: TestPerson) => {
      const { code, verifier } = await party.signIn(openBrowser(), person.login, person.password);
      const { body } = await party.redeem(code, verifier);
      return (payloadOf(String(body['id_token'])) as { sid: string }).sid;
    };
    const inClass = [await sid(pupil), await sid(pupil)];
    await sid(outsider);
    await sid(teacher);
    expect(party.logoutTokens).toEqual([]);
    const { browser, page } = await openClass();
    expect((await sendForm(browser, page, /end-lesson$/)).text).toMatch(/sessions ont été terminées/);
    const ended = party.logoutTokens.map((token) => (payloadOf(token) as { sid: string }).sid);
    expect(ended.toSorted()).toEqual(inClass.toSorted());
  });
});

function payloadOf(token: string): unknown {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
}
