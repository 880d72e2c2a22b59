import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildManualClock, type ManualClock } from '@socle/base';
import { openBrowser } from '../support/http-browser.ts';
import { BY, startIdentityServer, type IdentityServer } from '../support/identity-server.ts';
import { openRelyingParty, type RelyingParty } from '../support/relying-party.ts';

const PASSWORD = 'châtaigne bleue 7';

describe('signing keys', () => {
  let server: IdentityServer;
  let party: RelyingParty;
  let clock: ManualClock;
  beforeAll(async () => {
    clock = buildManualClock(new Date());
    server = await startIdentityServer({ clock });
    party = await openRelyingParty(server.identity, server.issuer);
    await server.addPerson('paul.henry', PASSWORD);
  });
  afterAll(async () => {
    await party.close();
    await server.close();
  });
  const jwks = async () => {
    const response = await fetch(`${server.issuer}/jwks`);
    expect(response.headers.get('cache-control')).toBe('public, max-age=600');
    return (await response.json()) as { keys: JWK[] };
  };
  const idToken = async () => {
    const { code, verifier } = await party.signIn(openBrowser(), 'paul.henry', PASSWORD);
    return String((await party.redeem(code, verifier)).body['id_token']);
  };

  it('rotate in two steps, so that no token is ever signed by a key that services may not have seen', async () => {
    const [before] = (await server.identity.keys.list()).filter((key) => key.alg === 'ES256');
    const old = await idToken();
    expect(decodeProtectedHeader(old).kid).toBe(before?.kid);

    const [published] = await server.identity.keys.rotate({ alg: 'ES256' });
    expect(published?.step).toBe('published');
    expect((await jwks()).keys.map((key) => key.kid)).toContain(published?.kid);
    expect(decodeProtectedHeader(await idToken()).kid).toBe(before?.kid);
    expect((await server.identity.keys.rotate({ alg: 'ES256' }))[0]?.step).toBe('waiting');

    clock.advanceSeconds(601);
    expect((await server.identity.keys.rotate({ alg: 'ES256' }))[0]).toMatchObject({ step: 'signing' });
    expect(await server.identity.keys.retire()).toEqual([]);
    const keys = await jwks();
    await expect(jwtVerify(old, createLocalJWKSet(keys))).resolves.toBeDefined();
    clock.set(new Date());
    expect(decodeProtectedHeader(await idToken()).kid).toBe(published?.kid);

    clock.advanceSeconds(3 * 3_600);
    expect(await server.identity.keys.retire()).toEqual([before?.kid]);
    const left = await jwks();
    expect(left.keys.map((key) => key.kid)).not.toContain(before?.kid);
    expect(left.keys.every((key) => !('d' in key))).toBe(true);
    clock.set(new Date());
  });
});

describe('registering a client (RFC 7591)', () => {
  let server: IdentityServer;
  beforeAll(async () => {
    server = await startIdentityServer();
  });
  afterAll(() => server.close());
  const base = {
    client_id: 'notes',
    client_name: 'Notes',
    redirect_uris: ['https://notes.example/callback'],
    token_endpoint_auth_method: 'client_secret_basic',
  };
  const register = (change: Record<string, unknown>) =>
    server.identity.clients.register({ ...base, ...change }, BY);

  it.each([
    ['an unknown member', { surprise: true }],
    ['http outside the loopback range', { redirect_uris: ['http://notes.example/callback'] }],
    ['a wildcard', { redirect_uris: ['https://*.example/callback'] }],
    ['a fragment', { redirect_uris: ['https://notes.example/callback#x'] }],
    ['another scheme', { redirect_uris: ['javascript:alert(1)'] }],
    ['two sectors', { redirect_uris: ['https://a.example/', 'https://b.example/'] }],
    ['public subjects', { subject_type: 'public' }],
    ['the implicit grant', { grant_types: ['implicit'] }],
    ['an HMAC for ID tokens', { id_token_signed_response_alg: 'HS256' }],
    ['client_secret_jwt', { token_endpoint_auth_method: 'client_secret_jwt' }],
    ['private_key_jwt without keys', { token_endpoint_auth_method: 'private_key_jwt' }],
    [
      'a private key',
      {
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'a', y: 'b', d: 'c' }] },
      },
    ],
    [
      'a client without authentication that calls for itself',
      { token_endpoint_auth_method: 'none', grant_types: ['client_credentials'] },
    ],
  ])('refuses %s', async (_what, change) => {
    await expect(register(change)).rejects.toMatchObject({ code: 'client_metadata_refused', status: 400 });
  });

  it('accepts the same without it, shows the secret once, and checks it at the token endpoint', async () => {
    const { client, secret } = await register({
      grant_types: ['authorization_code', 'client_credentials'],
      scope: 'openid socle:module',
    });
    expect(client).toMatchObject({ clientId: 'notes', sector: 'notes.example' });
    expect(JSON.stringify(await server.identity.clients.list())).not.toContain(secret?.revealText());
    const ask = (password: string) =>
      fetch(`${server.issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`notes:${password}`).toString('base64')}` },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          resource: `${server.issuer}/modules`,
          scope: 'socle:module',
        }),
      });
    expect((await ask('wrong')).status).toBe(401);
    expect((await ask(secret?.revealText() ?? '')).status).toBe(200);
    await server.identity.clients.remove('notes', BY);
    expect((await ask(secret?.revealText() ?? '')).status).toBe(401);
    await expect(server.identity.clients.remove('notes', BY)).rejects.toMatchObject({
      code: 'client_not_found',
    });
  });
});
