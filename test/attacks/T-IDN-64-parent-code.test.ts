import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setGuardianAuthority } from '@socle/directory';
import { findForm } from '../support/forms.ts';
import { openBrowser, type HttpBrowser, type Page } from '../support/http-browser.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

const BORN = '2015-03-02';
const PASSWORD = 'les huîtres comptent les étoiles';

describe('T-IDN-64 a parent’s code is used by somebody else, twice, or by a parent without authority', () => {
  let under: SocleUnderTest;
  let child: TestPerson;
  let head: TestPerson;
  let cpe: TestPerson;
  beforeAll(async () => {
    under = await openSocleUnderTest();
    child = await under.add({ givenName: 'Léa', birthDate: BORN, school: under.phare, isPupil: true });
    head = await under.add({ givenName: 'Irène', school: under.phare, roles: ['head'] });
    cpe = await under.add({ givenName: 'Sophie', school: under.phare, roles: ['cpe'] });
  });
  afterAll(() => under.close());

  const setAuthority = (adult: TestPerson, exercise: 'joint' | 'withdrawn') =>
    under.socle.database.transaction(
      (tx) =>
        setGuardianAuthority(
          tx,
          {
            adult: adult.id,
            child: child.id,
            exercise,
            validFrom: new Date(Date.now() - 1000),
            recordedBy: head.id,
            confirmedBy: cpe.id,
            evidenceReference: 'TEST-1',
            declaresLink: true,
          },
          under.context(),
        ),
      { scope: 'all' },
    );
  const addParent = async (givenName: string) => {
    const parent = await under.add({ givenName, school: under.phare, roles: ['guardian'] });
    await setAuthority(parent, 'joint');
    return parent;
  };
  const print = async (parent: TestPerson) => {
    const [printed] = await under.socle.database.transaction(
      (tx) =>
        under.socle.identity.activation.issue(
          tx,
          [{ person: { id: parent.id, givenName: 'x', familyName: 'y' }, childId: child.id }],
          { kind: 'link', actor: { kind: 'system', id: 'test' } },
        ),
      { scope: 'all' },
    );
    return printed!.code.revealText();
  };
  const give = async (browser: HttpBrowser, code: string, birthDate: string): Promise<Page> => {
    const page = await browser.follow(await browser.get(`${under.issuer}/sign-in/parent`));
    return browser.submit(page, { code, 'birth-date': birthDate });
  };
  const choose = (browser: HttpBrowser, page: Page) =>
    browser.submit(page, { password: PASSWORD, repeat: PASSWORD });
  const bare = (page: Page, code: string) =>
    `${page.status} ${page.text}`.replaceAll(/\/sign-in\/[\w-]{22}/g, '').replaceAll(code, '');

  it('takes the code with the child’s birth date, then a password of the parent’s own', async () => {
    const parent = await addParent('Élise');
    const code = await print(parent);
    const browser = openBrowser();
    const asked = await give(browser, code.toLowerCase(), BORN);
    expect(asked.status).toBe(200);
    expect(asked.text).toContain('Élise');
    expect((await choose(browser, asked)).status).toBe(303);
    expect((await browser.get(`${under.issuer}/`)).status).toBe(200);
    // used up: nobody else enters with it
    expect((await give(openBrowser(), code, BORN)).status).toBe(422);
  });

  it('lets one of six people with the same code through', async () => {
    const code = await print(await addParent('Marc'));
    const browsers = Array.from({ length: 6 }, () => openBrowser());
    const pages: Page[] = [];
    for (const browser of browsers) pages.push(await give(browser, code, BORN));
    expect(pages.every(({ status }) => status === 200)).toBe(true);
    const done = await Promise.all(pages.map((page, index) => choose(browsers[index]!, page)));
    expect(done.filter(({ status }) => status === 303)).toHaveLength(1);
  });

  it('answers a wrong date, an unknown code and a code of another kind alike, and dies after five wrong dates', async () => {
    const code = await print(await addParent('Sonia'));
    const answers = [
      bare(await give(openBrowser(), code, '2015-03-03'), code).replaceAll('2015-03-03', ''),
      bare(await give(openBrowser(), 'ZZZZZ-ZZZZZ', BORN), 'ZZZZZ-ZZZZZ').replaceAll(BORN, ''),
    ];
    expect(answers[0]).toContain('422');
    expect(new Set(answers).size).toBe(1);
    expect((await give(openBrowser(), code, BORN)).status).toBe(200);
    for (let day = 10; day < 14; day += 1) await give(openBrowser(), code, `2015-03-${day}`);
    expect((await give(openBrowser(), code, BORN)).status).toBe(422);
  });

  it('asks the school again: authority that was withdrawn since opens nothing', async () => {
    const parent = await addParent('Karim');
    const code = await print(parent);
    expect((await give(openBrowser(), code, BORN)).status).toBe(200);
    await setAuthority(parent, 'withdrawn');
    expect((await give(openBrowser(), code, BORN)).status).toBe(422);
  });

  it('does not open on the page of pupils’ codes, where no birth date is asked', async () => {
    const code = await print(await addParent('Yann'));
    const browser = openBrowser();
    const page = await browser.follow(await browser.get(`${under.issuer}/sign-in/activate`));
    expect((await browser.submit(page, { code })).status).toBe(422);
    expect((await give(openBrowser(), code, BORN)).status).toBe(200);
  });

  it('is printed by who manages the accounts of the school, not by a teacher', async () => {
    const teacher = await under.add({ givenName: 'Hélène', school: under.phare, teaches: true });
    const browser = await under.signIn(teacher);
    const address = `${under.issuer}/school/accounts/classes/${under.phare.division}`;
    const page = await browser.get(address);
    const { fields } = findForm(page, /sheets$/);
    expect(() => findForm(page, /parents$/)).toThrow();
    expect((await browser.post(`${address}/parents`, fields, { origin: under.issuer })).status).toBe(403);
    expect((await browser.post(`${address}/sheets`, fields, { origin: under.issuer })).status).not.toBe(403);
  });
});
