import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { startIdentityServer, type IdentityServer } from '../support/identity-server.ts';
import { openRelyingParty, type RelyingParty } from '../support/relying-party.ts';

const PASSWORD = 'châtaigne bleue 7';

describe('T-IDN-07 a session or a sign-in planted in someone’s browser', () => {
  let server: IdentityServer;
  let party: RelyingParty;
  beforeAll(async () => {
    server = await startIdentityServer();
    party = await openRelyingParty(server.identity, server.issuer);
    await server.addPerson('anna.petit', PASSWORD);
  });
  afterAll(async () => {
    await party.close();
    await server.close();
  });
  const sessionOf = (browser: HttpBrowser) => browser.cookies(server.issuer).get('socle_session');
  const signedIn = async (browser: HttpBrowser) =>
    (await browser.get(`${server.issuer}/`)).text.includes('acr');

  it('gives a new session id at each authentication, and the earlier one stops working', async () => {
    const browser = openBrowser();
    await party.signIn(browser, 'anna.petit', PASSWORD);
    const first = sessionOf(browser);
    const old = openBrowser();
    for (const [name, value] of browser.cookies(server.issuer)) old.setCookie(server.issuer, name, value);
    expect(await signedIn(old)).toBe(true);
    const page = await browser.follow(await browser.get(party.request({ prompt: 'login' }).url));
    await browser.follow(
      await browser.submit(page, { username: 'anna.petit', password: PASSWORD }),
      party.redirectUri,
    );
    expect(sessionOf(browser)).not.toBe(first);
    expect(await signedIn(browser)).toBe(true);
    expect(await signedIn(old)).toBe(false);
  });

  it('ignores a cookie that the provider did not sign', async () => {
    const browser = openBrowser();
    await party.signIn(browser, 'anna.petit', PASSWORD);
    const thief = openBrowser();
    thief.setCookie(server.issuer, 'socle_session', sessionOf(browser) ?? '');
    expect(await signedIn(thief)).toBe(false);
    thief.setCookie(
      server.issuer,
      'socle_session.sig',
      browser.cookies(server.issuer).get('socle_session.sig') ?? '',
    );
    expect(await signedIn(thief)).toBe(true);
  });

  it('refuses the sign-in form from another site, and from a browser that did not open it', async () => {
    const browser = openBrowser();
    const page = await browser.follow(await browser.get(party.request().url));
    const fields = { username: 'anna.petit', password: PASSWORD };
    expect((await openBrowser().post(page.url, fields)).status).toBe(400);
    expect((await browser.post(page.url, fields, { origin: 'https://evil.example' })).status).toBe(400);
    expect((await browser.post(page.url, fields, { 'sec-fetch-site': 'cross-site' })).status).toBe(400);
    expect((await browser.post(page.url, fields, { origin: server.issuer })).status).toBe(303);
  });

  it('keeps two tabs apart: each finishes its own request', async () => {
    const browser = openBrowser();
    const requests = [party.request(), party.request()] as const;
    const first = await browser.follow(await browser.get(requests[0].url));
    const second = await browser.follow(await browser.get(requests[1].url));
    expect(first.url).not.toBe(second.url);
    const fields = { username: 'anna.petit', password: PASSWORD };
    const afterFirst = await browser.follow(await browser.submit(first, fields), party.redirectUri);
    const code = new URL(afterFirst.location ?? '').searchParams.get('code') ?? '';
    expect((await party.redeem(code, requests[0].verifier)).status).toBe(200);
    const afterSecond = await browser.follow(await browser.submit(second, fields), party.redirectUri);
    const other = new URL(afterSecond.location ?? '').searchParams.get('code') ?? '';
    expect((await party.redeem(other, requests[1].verifier)).status).toBe(200);
  });

  it('returns to a path of the socle only', async () => {
    for (const target of [
      '//evil.example/',
      'https://evil.example/',
      '/\\evil.example',
      '/%0d%0aset-cookie:a',
    ]) {
      const browser = openBrowser();
      const start = await browser.get(`${server.issuer}/sign-in?return-to=${encodeURIComponent(target)}`);
      const page = await browser.follow(start);
      const done = await browser.submit(page, { username: 'anna.petit', password: PASSWORD });
      expect(new URL(done.location ?? 'http://none.invalid').origin).toBe(server.issuer);
    }
    const browser = openBrowser();
    const page = await browser.follow(await browser.get(`${server.issuer}/sign-in?return-to=/school%3Fa=1`));
    const done = await browser.submit(page, { username: 'anna.petit', password: PASSWORD });
    expect(done.location).toBe(`${server.issuer}/school?a=1`);
  });
});
