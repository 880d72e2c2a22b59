import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { BY, startIdentityServer, type IdentityServer } from '../support/identity-server.ts';

const GIVEN = 'châtaigne bleue 7';
const OWN = 'tondeuse girafe vent';

describe('a password that somebody else chose', () => {
  let server: IdentityServer;
  beforeAll(async () => {
    server = await startIdentityServer();
  });
  afterAll(() => server.close());

  const start = async (browser: HttpBrowser, username: string, password: string) => {
    const page = await browser.follow(await browser.get(`${server.issuer}/sign-in?return-to=/private`));
    return browser.follow(await browser.submit(page, { username, password }), `${server.issuer}/private`);
  };
  const isIn = async (browser: HttpBrowser) =>
    (await browser.get(`${server.issuer}/`)).text.includes('"acr"');

  it('is changed before anything opens, and only once', async () => {
    const { account } = await server.addPerson('ada.moreau', GIVEN, { displayName: 'Ada Moreau' });
    await server.identity.accounts.setPassword(account.id, GIVEN, { ...BY, mustChange: true });
    const browser = openBrowser();
    const page = await start(browser, 'ada.moreau', GIVEN);
    expect(page.url).toMatch(/\/new-password$/);
    expect(await isIn(browser)).toBe(false);
    expect((await browser.submit(page, { password: OWN, repeat: 'autre chose' })).text).toContain(
      'pas les mêmes',
    );
    expect((await browser.submit(page, { password: '', repeat: '' })).status).toBe(422);
    expect((await browser.submit(page, { password: 'court', repeat: 'court' })).text).toContain('trop court');
    const named = 'ada.moreau.2026';
    expect((await browser.submit(page, { password: named, repeat: named })).text).toContain('votre nom');
    const same = await browser.submit(page, { password: GIVEN, repeat: GIVEN });
    expect(same.text).toContain('aviez déjà');
    const done = await browser.submit(page, { password: OWN, repeat: OWN });
    expect(done.location).toBe(`${server.issuer}/private`);
    expect(await isIn(browser)).toBe(true);
    expect((await start(openBrowser(), 'ada.moreau', GIVEN)).status).toBe(422);
    expect((await start(openBrowser(), 'ada.moreau', OWN)).location).toBe(`${server.issuer}/private`);
  });

  it('cannot be skipped by coming back to another address of the sign-in', async () => {
    const { account } = await server.addPerson('ben.moreau', GIVEN);
    await server.identity.accounts.setPassword(account.id, GIVEN, { ...BY, mustChange: true });
    const browser = openBrowser();
    const page = await start(browser, 'ben.moreau', GIVEN);
    const first = page.url.replace(/\/new-password$/, '');
    for (const name of ['code', 'set-up']) {
      const answer = await browser.post(`${first}/${name}`, { code: '123456' });
      expect(answer.location).toBe(page.url);
    }
    expect(await isIn(browser)).toBe(false);
  });

  it('of two answers at the same time, lets one go on', async () => {
    const { account } = await server.addPerson('cleo.moreau', GIVEN);
    await server.identity.accounts.setPassword(account.id, GIVEN, { ...BY, mustChange: true });
    const browser = openBrowser();
    const page = await start(browser, 'cleo.moreau', GIVEN);
    const choices = ['tondeuse girafe vent', 'marmite hibou lac'];
    const answers = await Promise.all(
      choices.map((password) => browser.submit(page, { password, repeat: password })),
    );
    expect(answers.filter((answer) => answer.location?.endsWith('/private'))).toHaveLength(1);
  });
});
