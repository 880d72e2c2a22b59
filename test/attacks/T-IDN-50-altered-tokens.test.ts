import { createHmac } from 'node:crypto';
import { SignJWT, UnsecuredJWT, decodeJwt, exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomToken } from '@socle/base';
import { openBrowser } from '../support/http-browser.ts';
import { startIdentityServer, type IdentityServer } from '../support/identity-server.ts';
import { openRelyingParty, type RelyingParty } from '../support/relying-party.ts';

const PASSWORD = 'châtaigne bleue 7';
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('T-IDN-50 tokens that were altered, unsigned or signed by another key', () => {
  let server: IdentityServer;
  let party: RelyingParty;
  let idToken: string;
  const browser = openBrowser();
  beforeAll(async () => {
    server = await startIdentityServer();
    party = await openRelyingParty(server.identity, server.issuer);
    await server.addPerson('lou.ferrand', PASSWORD);
    const { code, verifier } = await party.signIn(browser, 'lou.ferrand', PASSWORD);
    idToken = String((await party.redeem(code, verifier)).body['id_token']);
  });
  afterAll(async () => {
    await party.close();
    await server.close();
  });

  /** The same claims, signed in every way that must not count. */
  async function forgeries(token: string): Promise<[string, string][]> {
    const claims = decodeJwt(token);
    const [header = '', payload = '', signature = ''] = token.split('.');
    const known = JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) as Record<string, unknown>;
    const jwks = (await (await fetch(`${server.issuer}/jwks`)).json()) as { keys: Record<string, string>[] };
    const published = jwks.keys.find((key) => key['alg'] === 'ES256') ?? {};
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const own = await exportJWK(publicKey);
    const sign = (extra: Record<string, unknown>) =>
      new SignJWT(claims).setProtectedHeader({ ...known, alg: 'ES256', ...extra }).sign(privateKey);
    const hmacHeader = encode({ ...known, alg: 'HS256' });
    const mac = createHmac('sha256', JSON.stringify(published)).update(`${hmacHeader}.${payload}`);
    const changed = encode({ ...claims, sub: 'quelqu’un d’autre' });
    return [
      ['unsigned', new UnsecuredJWT(claims).encode()],
      ['with an empty signature', `${header}.${payload}.`],
      ['with "none" in capitals', `${encode({ alg: 'NONE' })}.${payload}.`],
      ['with an HMAC under the published key', `${hmacHeader}.${payload}.${mac.digest('base64url')}`],
      ['signed by a key of the forger', await sign({})],
      ['signed by a key that it brings in its header', await sign({ kid: undefined, jwk: own })],
      ['signed by a key behind an address in its header', await sign({ jku: 'https://evil.example/jwks' })],
      ['with a certificate behind an address', await sign({ x5u: 'https://evil.example/x5c' })],
      ['with a key id that is a path', await sign({ kid: '../../../../dev/null' })],
      ['with another person and the old signature', `${header}.${changed}.${signature}`],
    ];
  }

  it('are refused as a hint at sign-out and at the authorization endpoint', async () => {
    for (const [how, forged] of await forgeries(idToken)) {
      const out = await browser.get(
        `${server.issuer}/session/end?${new URLSearchParams({ id_token_hint: forged }).toString()}`,
      );
      expect([how, out.status]).toEqual([how, 400]);
      const { url } = party.request({ prompt: 'none', id_token_hint: forged });
      const page = await browser.follow(await browser.get(url), party.redirectUri);
      const answer = new URL(page.location ?? 'http://nowhere.invalid').searchParams;
      expect([how, answer.get('error'), answer.get('code')]).toEqual([how, 'invalid_request', null]);
    }
    // the real one is taken by both
    const { url } = party.request({ prompt: 'none', id_token_hint: idToken });
    const page = await browser.follow(await browser.get(url), party.redirectUri);
    expect(new URL(page.location ?? '').searchParams.get('code')).not.toBeNull();
  });

  it('are refused as a client assertion', async () => {
    const good = await party.assertion();
    const fields = { grant_type: 'client_credentials' };
    for (const [how, forged] of await forgeries(good)) {
      const answer = await party.token(fields, { assertion: forged });
      expect([how, answer.status >= 400, answer.body['access_token']]).toEqual([how, true, undefined]);
    }
    expect((await party.token(fields, { assertion: good })).status).toBe(200);
  });

  it('are refused as a module token', async () => {
    const { body } = await party.token({
      grant_type: 'client_credentials',
      resource: `${server.issuer}/modules`,
      scope: 'socle:module',
    });
    const good = String(body['access_token']);
    for (const [how, forged] of await forgeries(good)) {
      await expect(server.identity.verifyModuleToken(forged), how).rejects.toMatchObject({
        code: 'module_token_refused',
      });
    }
    // an ID token is signed by the same key and is no access token
    await expect(server.identity.verifyModuleToken(idToken)).rejects.toMatchObject({ status: 401 });
    expect((await server.identity.verifyModuleToken(good)).clientId).toBe(party.clientId);
  });

  it('are refused when their time is over or has not come', async () => {
    const fields = { grant_type: 'client_credentials' };
    const now = Math.floor(Date.now() / 1000);
    for (const change of [{ exp: now - 120 }, { nbf: now + 600 }, { exp: undefined }]) {
      const assertion = await party.assertion({ jti: randomToken(), ...change });
      expect((await party.token(fields, { assertion })).body['error']).toBe('invalid_client');
    }
    expect((await party.token(fields)).status).toBe(200);
  });

  it('say which service they are for, so that one signed by the same key serves no other', async () => {
    const other = await openRelyingParty(server.identity, server.issuer);
    const claims = decodeJwt(idToken);
    expect(claims.aud).toBe(party.clientId);
    const { url } = other.request({ prompt: 'none', id_token_hint: idToken });
    const page = await browser.follow(await browser.get(url), other.redirectUri);
    expect(new URL(page.location ?? '').searchParams.get('error')).toBe('invalid_request');
    await other.close();
  });
});
