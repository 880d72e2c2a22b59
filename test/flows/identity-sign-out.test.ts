import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/http-browser.ts';
import { BY, startIdentityServer, type IdentityServer } from '../support/identity-server.ts';
import { openRelyingParty, type RelyingParty } from '../support/relying-party.ts';

const PASSWORD = 'châtaigne bleue 7';

describe('signing out (RP-Initiated Logout, Back-Channel Logout)', () => {
  let server: IdentityServer;
  let party: RelyingParty;
  beforeAll(async () => {
    server = await startIdentityServer();
    party = await openRelyingParty(server.identity, server.issuer);
    await server.addPerson('sami.benali', PASSWORD);
  });
  afterAll(async () => {
    await party.close();
    await server.close();
  });
  const signedIn = async () => {
    const browser = openBrowser();
    const { code, verifier } = await party.signIn(browser, 'sami.benali', PASSWORD);
    const { body } = await party.redeem(code, verifier);
    return { browser, body };
  };

  it('asks first, then ends the session, its tokens, and tells each service with a logout token', async () => {
    const { browser, body } = await signedIn();
    const before = party.logoutTokens.length;
    const query = new URLSearchParams({
      id_token_hint: String(body['id_token']),
      post_logout_redirect_uri: party.redirectUri.replace('/callback', '/bye'),
      state: 'etat',
    });
    const confirm = await browser.get(`${server.issuer}/session/end?${query.toString()}`);
    expect(confirm.status).toBe(200);
    expect(confirm.text).toContain('Me déconnecter');
    expect(confirm.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect((await browser.get(`${server.issuer}/`)).text).toContain('acr');
    const done = await browser.submit(confirm, { logout: 'yes' });
    expect(done.location).toBe(`${party.redirectUri.replace('/callback', '/bye')}?state=etat`);
    expect((await browser.get(`${server.issuer}/`)).text).not.toContain('acr');

    expect(party.logoutTokens.length).toBe(before + 1);
    const keys = createRemoteJWKSet(new URL(`${server.issuer}/jwks`));
    const { payload } = await jwtVerify(party.logoutTokens.at(-1) ?? '', keys, {
      issuer: server.issuer,
      audience: party.clientId,
      typ: 'logout+jwt',
    });
    const { payload: idToken } = await jwtVerify(String(body['id_token']), keys);
    expect(payload).toMatchObject({ sub: idToken.sub, sid: idToken['sid'] });
    expect(payload['events']).toHaveProperty(['http://schemas.openid.net/event/backchannel-logout']);

    const refresh = await party.token({
      grant_type: 'refresh_token',
      refresh_token: String(body['refresh_token']),
    });
    expect(refresh.body['error']).toBe('invalid_grant');
  });

  it('refuses a return address that is not registered, and a sign-out without its token', async () => {
    const { browser, body } = await signedIn();
    const query = new URLSearchParams({
      id_token_hint: String(body['id_token']),
      post_logout_redirect_uri: 'https://evil.example/',
    });
    expect((await browser.get(`${server.issuer}/session/end?${query.toString()}`)).status).toBe(400);
    await browser.get(`${server.issuer}/session/end`);
    const forged = await browser.post(`${server.issuer}/session/end/confirm`, { logout: 'yes', xsrf: 'x' });
    expect(forged.status).toBe(400);
    expect((await browser.get(`${server.issuer}/`)).text).toContain('acr');
  });

  it('ends one session from the list of devices, tells its services, and leaves the others', async () => {
    const [first, second] = [await signedIn(), await signedIn()];
    const account = await server.identity.accounts.find({ login: 'SAMI.BENALI' });
    const sessions = await server.identity.sessions.list(account?.id ?? '');
    expect(sessions.length).toBeGreaterThanOrEqual(2);
    const mine = JSON.parse((await first.browser.get(`${server.issuer}/`)).text) as {
      session: { id: string };
    };
    const before = party.logoutTokens.length;
    expect(await server.identity.sessions.end(mine.session.id, BY)).toBe(true);
    expect(await server.identity.sessions.end(mine.session.id, BY)).toBe(false);
    expect(party.logoutTokens.length).toBe(before + 1);
    expect((await first.browser.get(`${server.issuer}/`)).text).not.toContain('acr');
    expect((await second.browser.get(`${server.issuer}/`)).text).toContain('acr');
  });
});
