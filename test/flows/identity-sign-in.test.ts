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
});
