import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findForm, mainText, sendForm, titleOf } from '../support/forms.ts';
import { openBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

describe('T-SVC-30 an attack goes unseen, or those who watch see or free what is not theirs', () => {
  let under: SocleUnderTest;
  let officer: TestPerson;
  let teacher: TestPerson;
  let watching: HttpBrowser;
  beforeAll(async () => {
    under = await openSocleUnderTest();
    officer = await under.add({ givenName: 'Tania', academyRoles: ['security_officer'] });
    teacher = await under.add({
      givenName: 'Hélène',
      familyName: 'Kermarrec',
      school: under.phare,
      teaches: true,
    });
  });
  afterAll(() => under.close());

  const guess = async (login: string) => {
    const browser = openBrowser();
    const page = await browser.follow(await browser.get(`${under.issuer}/`));
    return sendForm(browser, page, /^\/sign-in\//, { username: login, password: 'pas le bon' });
  };
  const number = (text: string, label: string) =>
    Number(new RegExp(`(\\d+) ${label}`).exec(text)?.[1] ?? 'NaN');

  it('counts refused sign-ins and slowed accounts, names who waits, and frees them by a button', async () => {
    for (let index = 0; index < 11; index += 1) await guess(teacher.login);
    expect((await guess(teacher.login)).status).toBe(429);
    const browser = await under.signIn(officer, '/security');
    const page = await browser.get(`${under.issuer}/security`);
    const text = mainText(page);
    expect(titleOf(page)).toBe('Rien d’inhabituel depuis 24 heures');
    expect(number(text, 'connexions refusées')).toBe(10);
    expect(number(text, 'comptes ralentis')).toBe(1);
    expect(text).toContain('Hélène Kermarrec');
    expect(text).toMatch(/le plus de refus vers \d+ h/);
    const done = await sendForm(browser, page, /\/security\/unlocked$/);
    expect(mainText(done)).toContain('Le compte est débloqué');
    await expect(under.signIn(teacher)).resolves.toBeDefined();
  });

  it('counts forms that another site sent', async () => {
    const browser = await under.signIn(teacher);
    const forged = await browser.post(`${under.issuer}/account/notices/seen`, { until: '2026-01-01' });
    expect(forged.status).toBe(403);
    const hers = await under.signIn(officer, '/security');
    expect(number(mainText(await hers.get(`${under.issuer}/security`)), 'formulaires refusés')).toBe(1);
  });

  it('says how the log stands', async () => {
    watching = await under.signIn(officer, '/security');
    const text = mainText(await watching.get(`${under.issuer}/security`));
    expect(text).toMatch(/Le journal (est vide|est à jour|prend du retard)/);
    expect(number(text, 'en attente')).toBeGreaterThan(0);
  });

  it('shows the officer of another school none of it, and refuses to free an account of elsewhere', async () => {
    const serge = await under.add({ givenName: 'Serge', school: under.embruns, roles: ['security_officer'] });
    const browser = await under.signIn(serge, '/security');
    const page = await browser.get(`${under.issuer}/security`);
    const text = mainText(page);
    expect(text).not.toContain('Kermarrec');
    expect(number(text, 'comptes ralentis')).toBe(0);
    const switches = await browser.get(`${under.issuer}/security/switches`);
    const { fields } = findForm(switches, /sessions-ended$/);
    const refused = await browser.post(`${under.issuer}/security/unlocked`, {
      ...fields,
      person: teacher.id,
    });
    expect(refused.status).toBe(403);
  });

  it('is closed to who watches nothing', async () => {
    const browser = await under.signIn(teacher);
    expect((await browser.get(`${under.issuer}/security`)).status).toBe(403);
  });

  it('says in one line whether the sign-in page asks for work, and why', async () => {
    const read = async () => mainText(await watching.get(`${under.issuer}/security`));
    expect(await read()).toContain('ne demande aucun calcul');
    await under.database.openAdmin().query(
      `INSERT INTO identity.sign_in_pressure (one, refused, succeeded, at) VALUES (true, 2000, 0, now())
         ON CONFLICT (one) DO UPDATE SET refused = 2000, at = now()`,
    );
    // an instance asks once a second what the others counted
    await expect.poll(read, { timeout: 5_000 }).toMatch(/Attaque en cours : \d/);
  });
});
