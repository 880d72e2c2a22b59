import { SignJWT, UnsecuredJWT, exportJWK, generateKeyPair } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { sha256 } from '@socle/base';
import { openBrowser } from '../../support/http-browser.ts';
import { BY } from '../../support/identity-server.ts';
import { LOGIN, startSuite, type Suite } from './driver.ts';

/** Moves the clock of this process, which is the server's too, without waiting. */
function later(seconds: number): void {
  const at = Date.now() + seconds * 1000;
  vi.useFakeTimers({ toFake: ['Date'], now: at });
}

describe('oidcc-basic-certification-test-plan', () => {
  let suite: Suite;
  beforeAll(async () => {
    suite = await startSuite();
  });
  afterAll(() => suite.close());
  afterEach(() => {
    vi.useRealTimers();
  });
  const authTime = async (token: unknown) => Number((await suite.verify(token))['auth_time']);

  for (const display of ['page', 'popup'] as const) {
    it(`oidcc-display-${display}`, async () => {
      const { body, askedToSignIn } = await suite.tokens({ display });
      expect(askedToSignIn).toBe(true);
      expect(body).toHaveProperty('id_token');
    });
  }

  it('oidcc-prompt-login', async () => {
    const browser = openBrowser();
    const first = await suite.tokens({}, { browser });
    later(2);
    expect((await suite.tokens({}, { browser })).askedToSignIn).toBe(false);
    const second = await suite.tokens({ prompt: 'login' }, { browser });
    expect(second.askedToSignIn).toBe(true);
    expect(await authTime(second.body['id_token'])).toBeGreaterThan(await authTime(first.body['id_token']));
  });

  it('oidcc-prompt-none-not-logged-in', async () => {
    const { answer, request } = await suite.authorize({ prompt: 'none' });
    expect(answer.get('error')).toBe('login_required');
    expect(answer.get('state')).toBe(request.get('state'));
    expect(answer.get('code')).toBeNull();
  });

  it('oidcc-prompt-none-logged-in', async () => {
    const browser = openBrowser();
    const first = await suite.tokens({}, { browser });
    const second = await suite.tokens({ prompt: 'none' }, { browser });
    expect(second.askedToSignIn).toBe(false);
    const [one, two] = [
      await suite.verify(first.body['id_token']),
      await suite.verify(second.body['id_token']),
    ];
    expect(two).toMatchObject({ sub: one.sub, auth_time: one['auth_time'] });
  });

  it('oidcc-max-age-1', async () => {
    const browser = openBrowser();
    const first = await suite.tokens({}, { browser });
    later(3);
    const second = await suite.tokens({ max_age: '1' }, { browser });
    expect(second.askedToSignIn).toBe(true);
    expect(await authTime(second.body['id_token'])).toBeGreaterThan(await authTime(first.body['id_token']));
  });

  it('oidcc-max-age-10000', async () => {
    const browser = openBrowser();
    const first = await suite.tokens({}, { browser });
    later(2);
    const second = await suite.tokens({ max_age: '10000' }, { browser });
    expect(second.askedToSignIn).toBe(false);
    expect(await authTime(second.body['id_token'])).toBe(await authTime(first.body['id_token']));
  });

  it('oidcc-ensure-request-with-unknown-parameter-succeeds', async () => {
    expect((await suite.tokens({ extra: 'foobar' })).body).toHaveProperty('id_token');
  });

  it('oidcc-id-token-hint', async () => {
    const browser = openBrowser();
    const first = await suite.tokens({}, { browser });
    const hint = String(first.body['id_token']);
    const second = await suite.tokens({ prompt: 'none', id_token_hint: hint }, { browser });
    expect((await suite.verify(second.body['id_token'])).sub).toBe((await suite.verify(hint)).sub);
    const bad = await suite.authorize({ prompt: 'none', id_token_hint: `${hint}x` }, { browser });
    expect(bad.answer.get('error')).toBe('invalid_request');
  });

  it('oidcc-login-hint', async () => {
    const { page } = await suite.authorize({ login_hint: LOGIN }, { stopAtSignIn: true });
    expect(page.text).toContain(LOGIN);
    expect((await suite.tokens({ login_hint: 'quelqu’un d’autre' })).body).toHaveProperty('id_token');
  });

  it('oidcc-ui-locales', async () => {
    expect((await suite.discovery())['ui_locales_supported']).toEqual(['fr', 'en']);
    expect((await suite.tokens({ ui_locales: 'fr en se' })).body).toHaveProperty('id_token');
  });

  it('oidcc-claims-locales', async () => {
    expect((await suite.tokens({ claims_locales: 'fr en se' })).body).toHaveProperty('id_token');
  });

  it('oidcc-ensure-request-with-acr-values-succeeds', async () => {
    const { acr_values_supported: offered } = (await suite.discovery()) as { acr_values_supported: string[] };
    expect(offered).toContain('password');
    const { body } = await suite.tokens({ acr_values: 'password' });
    expect((await suite.verify(body['id_token']))['acr']).toBe('password');
    // a wish that is not known is no reason to fail (OpenID Connect Core §3.1.2.1)
    expect((await suite.tokens({ acr_values: 'urn:unknown' })).body).toHaveProperty('id_token');
  });

  it('oidcc-codereuse-30seconds', async () => {
    const walked = await suite.authorize();
    const first = await suite.redeem(walked);
    expect((await suite.userInfo(first.body['access_token'])).status).toBe(200);
    later(30);
    expect(await suite.redeem(walked)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    // the second use burnt what the first one gave (RFC 6749 §4.1.2)
    expect((await suite.userInfo(first.body['access_token'])).status).toBe(401);
  });

  it('oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported', async () => {
    expect((await suite.discovery())['request_uri_parameter_supported']).toBe(false);
    const { answer, page } = await suite.authorize({ request_uri: 'https://rp.example/request.jwt' });
    expect(answer.get('error') ?? page.text).toMatch(/request_uri_not_supported/);
    expect(answer.get('code')).toBeNull();
  });

  it('oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported', async () => {
    const offered = (await suite.discovery())['request_object_signing_alg_values_supported'];
    expect(offered).not.toContain('none');
    const request = new UnsecuredJWT({ nonce: 'inside', client_id: suite.client.id })
      .setIssuer(suite.client.id)
      .setAudience(suite.server.issuer)
      .encode();
    const { answer, page } = await suite.authorize({ request });
    expect(answer.get('error') ?? page.text).toMatch(/invalid_request_object|request_not_supported/);
    expect(answer.get('code')).toBeNull();
  });

  it('oidcc-claims-essential', async () => {
    expect((await suite.discovery())['claims_parameter_supported']).toBe(true);
    const claims = JSON.stringify({ userinfo: { name: { essential: true } } });
    const { body } = await suite.tokens({ claims });
    expect((await suite.userInfo(body['access_token'])).body['name']).toBe('Éloïse Brun');
    const broken = await suite.authorize({ claims: '{' });
    expect(broken.answer.get('error')).toBe('invalid_request');
  });

  it('oidcc-ensure-request-object-with-redirect-uri', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const { client, secret } = await suite.server.identity.clients.register(
      {
        redirect_uris: [suite.client.redirectUri],
        grant_types: ['authorization_code'],
        request_object_signing_alg: 'ES256',
        jwks: { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig' }] },
      },
      BY,
    );
    const own = { ...suite.client, id: client.clientId, secret: secret?.revealText() ?? '' };
    const sign = (redirect: string) =>
      // RFC 9101 §6.3: with a request object, what stands outside is not used
      new SignJWT({
        client_id: own.id,
        redirect_uri: redirect,
        response_type: 'code',
        scope: 'openid',
        code_challenge: sha256('x'.repeat(43)).toString('base64url'),
        code_challenge_method: 'S256',
      })
        .setProtectedHeader({ alg: 'ES256', typ: 'oauth-authz-req+jwt' })
        .setIssuer(own.id)
        .setAudience(suite.server.issuer)
        .setIssuedAt()
        .setExpirationTime('1m')
        .sign(privateKey);
    // the one inside is what counts, whatever stands outside
    const good = await suite.authorize(
      { request: await sign(own.redirectUri), redirect_uri: 'http://localhost:1/outside' },
      { client: own },
    );
    const plain = await suite.authorize({ request: await sign(own.redirectUri) }, { client: own });
    expect(plain.answer.get('code')).not.toBeNull();
    expect(good.page.location?.startsWith(own.redirectUri)).toBe(true);
    expect(good.answer.get('code')).not.toBeNull();
    const bad = await suite.authorize({ request: await sign('http://localhost:1/inside') }, { client: own });
    expect(bad.page.status).toBe(400);
    expect(bad.answer.get('code')).toBeNull();
  });
});
