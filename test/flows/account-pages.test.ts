import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildManualClock, type ManualClock } from '@socle/base';
import { answerCode, mainText, sendForm, titleOf } from '../support/forms.ts';
import { openBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { codeAt } from '../support/one-time-codes.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

const OWN = 'tondeuse girafe vent';

describe('/account', () => {
  let service: SocleUnderTest;
  let clock: ManualClock;
  beforeAll(async () => {
    clock = buildManualClock(new Date());
    service = await openSocleUnderTest({ clock });
  });
  // The provider stamps its rows with the machine's time.
  beforeEach(() => clock.set(new Date()));
  afterAll(() => service.close());

  const addParent = (givenName: string) => service.add({ givenName, familyName: 'Ferrand' });
  const open = (browser: HttpBrowser, path: string) => browser.get(`${service.issuer}${path}`);
  const isIn = async (browser: HttpBrowser) => (await open(browser, '/account')).status === 200;

  it('sends somebody who is not signed in to the sign-in and back', async () => {
    const answer = await open(openBrowser(), '/account/devices');
    expect(answer.location).toBe(`${service.issuer}/sign-in?return-to=%2Faccount%2Fdevices`);
  });

  it('shows what the person signs in with, in French and in English', async () => {
    const person = await addParent('Alba');
    const browser = await service.signIn(person);
    const page = await open(browser, '/account');
    expect(titleOf(page)).toBe('Mon compte');
    expect(mainText(page)).toContain(person.login);
    expect(mainText(page)).toContain('Codes à six chiffres');
    browser.setCookie(service.issuer, 'socle_language', 'en');
    expect(titleOf(await open(browser, '/account'))).toMatch(/My account|Mon compte/);
  });

  it('changes the password by the policy, keeps this session and ends the others', async () => {
    const person = await addParent('Bilal');
    const other = await service.signIn(person);
    const browser = await service.signIn(person);
    const page = await open(browser, '/account/password');
    const refused = await sendForm(browser, page, /^\/account\/password$/, {
      password: 'Bilal-Ferrand',
      repeat: 'Bilal-Ferrand',
    });
    expect(refused.status).toBe(422);
    expect(mainText(refused)).toContain('votre nom');
    const done = await sendForm(browser, page, /^\/account\/password$/, { password: OWN, repeat: OWN });
    expect(titleOf(done)).toBe('Mon compte');
    expect(await isIn(browser)).toBe(true);
    expect(await isIn(other)).toBe(false);
    expect(await isIn(await service.signIn({ ...person, password: OWN }))).toBe(true);
  });

  it('lists devices, ends one, then all the others', async () => {
    const person = await addParent('Chloé');
    const [first, second, mine] = [
      await service.signIn(person),
      await service.signIn(person),
      await service.signIn(person),
    ];
    const page = await open(mine, '/account/devices');
    expect(page.text.match(/\/account\/devices\/[0-9a-f-]+\/ended/g)).toHaveLength(2);
    await sendForm(mine, page, /^\/account\/devices\/[0-9a-f-]+\/ended$/);
    expect((await Promise.all([isIn(first), isIn(second)])).filter(Boolean)).toHaveLength(1);
    const after = await sendForm(mine, await open(mine, '/account/devices'), /^\/account\/devices\/ended$/);
    expect(mainText(after)).toContain('Aucun autre appareil');
    expect(await Promise.all([isIn(first), isIn(second), isIn(mine)])).toEqual([false, false, true]);
  });

  it('sets up codes, prints recovery codes and a grid once, and asks for them at the next sign-in', async () => {
    const person = await addParent('Djibril');
    const browser = await service.signIn(person);
    const page = await open(browser, '/account/codes');
    const secret = /<code>([A-Z2-7 ]+)<\/code>/.exec(page.text)?.[1] ?? '';
    const wrong = await sendForm(browser, page, /^\/account\/codes$/, { code: '000000' });
    expect(wrong.status).toBe(422);
    const done = await sendForm(browser, page, /^\/account\/codes$/, { code: codeAt(secret, clock.now()) });
    expect(mainText(done)).toContain('Activés depuis');
    // What was proven so far is a password: printing asks for the code too.
    const asked = await sendForm(browser, done, /^\/account\/recovery$/);
    expect(asked.url).toContain('/sign-in/');
    clock.advanceSeconds(30);
    await prove(browser, asked, person, secret);
    const account = await open(browser, '/account');
    const printed = await sendForm(browser, account, /^\/account\/recovery$/);
    expect(printed.text.match(/<code>[0-9A-Z]{5}-[0-9A-Z]{5}<\/code>/g)).toHaveLength(10);
    const grid = await sendForm(browser, account, /^\/account\/grid$/);
    expect(grid.text.match(/<code>\d{6}<\/code>/g)).toHaveLength(40);
    expect(mainText(await open(browser, '/account'))).toContain('Il vous reste 10 codes');
    const next = openBrowser();
    const start = await next.follow(await open(next, '/account'));
    const second = await sendForm(next, start, /^\/sign-in\//, {
      username: person.login,
      password: person.password,
    });
    expect(second.url).toMatch(/\/code$/);
  });

  async function prove(
    browser: HttpBrowser,
    page: Awaited<ReturnType<HttpBrowser['get']>>,
    person: TestPerson,
    secret: string,
  ) {
    const proven = await sendForm(browser, page, /^\/sign-in\//, {
      username: person.login,
      password: person.password,
    });
    expect(proven.url).toMatch(/\/code$/);
    return sendForm(browser, proven, /\/code$/, { code: codeAt(secret, clock.now()) });
  }

  it('shows the person’s own sign-ins, and what services receive', async () => {
    const person = await addParent('Elsa');
    const wrong = openBrowser();
    const start = await wrong.follow(await open(wrong, '/account'));
    await sendForm(wrong, start, /^\/sign-in\//, { username: person.login, password: 'faux mot de passe' });
    const browser = await service.signIn(person);
    const activity = mainText(await open(browser, '/account/activity'));
    expect(activity).toContain('Connexion refusée');
    expect(activity).toMatch(/Connexion (?!refusée)/);
    expect(titleOf(await open(browser, '/account/services'))).toBe('Ce que reçoit chaque service');
  });

  it('asks staff who direct for their code, and lets them in with it', async () => {
    const head = await service.add({ givenName: 'Fanta', school: service.phare, roles: ['head'] });
    const browser = openBrowser();
    const start = await browser.follow(await open(browser, '/account'));
    const proven = await sendForm(browser, start, /^\/sign-in\//, {
      username: head.login,
      password: head.password,
    });
    expect(await isIn(browser)).toBe(false);
    expect(titleOf(await answerCode(browser, proven, head.totpSecret))).toBe('Mon compte');
  });
});
