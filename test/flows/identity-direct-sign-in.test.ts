import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildManualClock, type ManualClock } from '@socle/base';
import { openBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { startIdentityServer, type IdentityServer } from '../support/identity-server.ts';
import { openRelyingParty } from '../support/relying-party.ts';

const PASSWORD = 'châtaigne bleue 7';

describe('signing in to the socle itself', () => {
  let server: IdentityServer;
  let clock: ManualClock;
  beforeAll(async () => {
    clock = buildManualClock(new Date());
    server = await startIdentityServer({ clock });
    await server.addPerson('jeanne.roux', PASSWORD, { displayName: 'Jeanne Roux' });
  });
  // The provider stamps its rows with the machine's time.
  beforeEach(() => clock.set(new Date()));
  afterAll(() => server.close());

  const signIn = async (browser: HttpBrowser, fields: Record<string, string> = {}) => {
    const page = await browser.follow(await browser.get(`${server.issuer}/sign-in?return-to=/`));
    return browser.submit(page, { username: 'jeanne.roux', password: PASSWORD, ...fields });
  };
  const home = async (browser: HttpBrowser) => (await browser.get(`${server.issuer}/`)).text;

  it('opens the one session that services then use without asking again', async () => {
    const browser = openBrowser();
    expect(await home(browser)).not.toContain('Jeanne');
    expect((await signIn(browser)).location).toBe(`${server.issuer}/`);
    expect(await home(browser)).toContain('Jeanne Roux');
    const party = await openRelyingParty(server.identity, server.issuer);
    const answer = await browser.get(party.request().url);
    expect(new URL(answer.location ?? '').searchParams.get('code')).toBeTypeOf('string');
    await party.close();
  });

  it('asks for the login and the password when one is missing, and says so in the chosen language', async () => {
    const browser = openBrowser();
    const missing = await signIn(browser, { password: '' });
    expect(missing.status).toBe(422);
    expect(missing.text).toContain('Écrivez votre identifiant');
    expect(missing.text).toContain('value="jeanne.roux"');
    const path = new URL(missing.url).pathname;
    const turned = await browser.post(`${server.issuer}/sign-in/language`, {
      language: 'en',
      returnTo: path,
    });
    const english = await browser.follow(turned);
    expect(english.text).toContain('lang="en"');
    expect(english.text).toContain('User name');
    expect((await browser.follow(await browser.get(`${server.issuer}/sign-in`))).text).toContain('Password');
  });

  it('ends after two hours without a visit, but not while the person is there', async () => {
    const browser = openBrowser();
    await signIn(browser);
    for (let visit = 0; visit < 4; visit += 1) {
      clock.advanceSeconds(3_600);
      expect(await home(browser)).toContain('Jeanne');
    }
    clock.advanceSeconds(2 * 3_600 + 1);
    expect(await home(browser)).not.toContain('Jeanne');
  });

  it('on a shared computer lasts 20 minutes without a visit, ends with the browser, and forgets the device', async () => {
    const browser = openBrowser();
    const done = await signIn(browser, { shared: 'yes' });
    const cookies = done.headers.getSetCookie();
    const session = cookies.find((line) => line.startsWith('socle_session='));
    expect(session).toBeDefined();
    expect(session).not.toMatch(/expires|max-age/i);
    expect(session).toMatch(/httponly/i);
    expect(session).toMatch(/samesite=lax/i);
    expect(cookies.some((line) => line.startsWith('socle_device='))).toBe(false);
    clock.advanceSeconds(19 * 60);
    expect(await home(browser)).toContain('Jeanne');
    clock.advanceSeconds(20 * 60 + 1);
    expect(await home(browser)).not.toContain('Jeanne');
  });

  it('sends a sign-in that has expired back to the start', async () => {
    const browser = openBrowser();
    const page = await browser.follow(await browser.get(`${server.issuer}/sign-in`));
    clock.advanceSeconds(3_601);
    const late = await browser.submit(page, { username: 'jeanne.roux', password: PASSWORD });
    expect(late.status).toBe(400);
    expect(late.text).toContain('a expiré');
  });

  it('tells a page that needs a session where to send the browser, and lets the signed-in one through', async () => {
    const browser = openBrowser();
    const refused = await browser.get(`${server.issuer}/private?a=1`);
    expect(refused.status).toBe(401);
    const { code, details } = JSON.parse(refused.text) as { code: string; details: { signIn: string } };
    expect(code).toBe('sign_in_required');
    expect(details.signIn).toBe('/sign-in?return-to=%2Fprivate%3Fa%3D1');
    const page = await browser.follow(await browser.get(`${server.issuer}${details.signIn}`));
    const done = await browser.submit(page, { username: 'jeanne.roux', password: PASSWORD });
    expect(done.location).toBe(`${server.issuer}/private?a=1`);
    expect((await browser.follow(done)).status).toBe(200);
  });
});
