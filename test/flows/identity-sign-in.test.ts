import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/http-browser.ts';
import { startIdentityServer, type IdentityServer } from '../support/identity-server.ts';
import { openRelyingParty, type RelyingParty } from '../support/relying-party.ts';

const PASSWORD = 'châtaigne bleue 7';

describe('signing in to a service (OpenID Connect Core §3.1, PKCE, private_key_jwt)', () => {
  let server: IdentityServer;
  let party: RelyingParty;
  beforeAll(async () => {
    server = await startIdentityServer();
    party = await openRelyingParty(server.identity, server.issuer);
    await server.addPerson('m.legoff', PASSWORD);
  });
  afterAll(async () => {
    await party.close();
    await server.close();
  });

  it('gives an ID token with a pairwise subject, acr, sid and iss, and user info by scope', async () => {
    const browser = openBrowser();
    const { code, verifier, answer } = await party.signIn(browser, 'M.LeGoff', PASSWORD);
    expect(answer.get('iss')).toBe(server.issuer);
    const { status, body } = await party.redeem(code, verifier);
    expect(body).toMatchObject({ token_type: 'Bearer', scope: 'openid profile' });
    expect(status).toBe(200);
    const keys = createRemoteJWKSet(new URL(`${server.issuer}/jwks`));
    const idToken = String(body['id_token']);
    const { payload } = await jwtVerify(idToken, keys, { issuer: server.issuer, audience: party.clientId });
    expect(decodeProtectedHeader(idToken).alg).toBe('ES256');
    expect(payload).toMatchObject({ acr: 'password', amr: ['pwd'] });
    expect(payload['sid']).toBeTypeOf('string');
    const info = await fetch(`${server.issuer}/me`, {
      headers: { authorization: `Bearer ${String(body['access_token'])}` },
    });
    expect(await info.json()).toMatchObject({ sub: payload.sub, name: 'Maëlle Le Goff' });
  });

  const errorAt = (location: string | undefined) =>
    new URL(location ?? 'http://none.invalid').searchParams.get('error');

  it('asks nobody twice, asks again when the service wants it, and never when it must not', async () => {
    const browser = openBrowser();
    expect(errorAt((await browser.get(party.request({ prompt: 'none' }).url)).location)).toBe(
      'login_required',
    );
    await party.signIn(browser, 'm.legoff', PASSWORD);
    const silent = await browser.get(party.request({ prompt: 'none' }).url);
    expect(new URL(silent.location ?? '').searchParams.get('code')).toBeTypeOf('string');
    const again = await browser.get(party.request({ prompt: 'login' }).url);
    expect(new URL(again.location ?? '').pathname).toMatch(/^\/sign-in\//);
  });

  it('says that a strength which this provider does not know is out of reach, instead of asking in circles', async () => {
    const claims = (values: string[]) => JSON.stringify({ id_token: { acr: { essential: true, values } } });
    const browser = openBrowser();
    const first = await browser.get(party.request({ claims: claims(['retina']) }).url);
    const refused = await browser.follow(first, party.redirectUri);
    expect(errorAt(refused.location)).toBe('unmet_authentication_requirements');
    const reachable = await party.signIn(openBrowser(), 'm.legoff', PASSWORD, {
      claims: claims(['password']),
    });
    expect(reachable.code).not.toBe('');
  });

  it('ends the first person’s session when someone else signs in on the same browser', async () => {
    const { account } = await server.addPerson('r.tanguy', PASSWORD, { displayName: 'Ronan Tanguy' });
    const browser = openBrowser();
    await party.signIn(browser, 'm.legoff', PASSWORD);
    expect((await browser.get(`${server.issuer}/`)).text).toContain('Maëlle');
    const told = party.logoutTokens.length;
    const page = await browser.follow(await browser.get(party.request({ prompt: 'login' }).url));
    const between = await browser.follow(
      await browser.submit(page, { username: 'r.tanguy', password: PASSWORD }),
      party.redirectUri,
    );
    // A page that sends itself; without JavaScript the person presses its button.
    const done = await browser.follow(await browser.submit(between, {}), party.redirectUri);
    expect(new URL(done.location ?? '').searchParams.get('code')).toBeTypeOf('string');
    expect(party.logoutTokens.length).toBe(told + 1);
    expect((await browser.get(`${server.issuer}/`)).text).toContain('Ronan');
    expect(await server.identity.sessions.list(account.id)).toHaveLength(1);
  });
});
