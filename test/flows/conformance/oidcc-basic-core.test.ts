import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../../support/http-browser.ts';
import { BY } from '../../support/identity-server.ts';
import { call, startSuite, type Suite } from './driver.ts';

describe('oidcc-basic-certification-test-plan', () => {
  let suite: Suite;
  beforeAll(async () => {
    suite = await startSuite();
  });
  afterAll(() => suite.close());

  it('oidcc-server', async () => {
    const { answer, request, body } = await suite.tokens();
    expect(answer.get('state')).toBe(request.get('state'));
    expect(answer.get('iss')).toBe(suite.server.issuer);
    expect(body).toMatchObject({ token_type: 'Bearer', scope: 'openid' });
    const claims = await suite.verify(body['id_token']);
    expect(claims).toMatchObject({ nonce: request.get('nonce'), aud: suite.client.id });
    expect(claims.sub).toMatch(/^[\x21-\x7e]{1,255}$/);
    expect(claims.exp ?? 0).toBeGreaterThan(claims.iat ?? Number.MAX_SAFE_INTEGER);
    expect(claims['auth_time']).toBeTypeOf('number');
    // and a code of nobody is refused
    const refused = await suite.redeem({
      ...(await suite.authorize()),
      answer: new URLSearchParams('code=x'),
    });
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('oidcc-response-type-missing', async () => {
    const { answer, page } = await suite.authorize({ response_type: undefined });
    expect(answer.get('error') ?? page.text).toMatch(/invalid_request|unsupported_response_type/);
    expect(answer.get('code')).toBeNull();
  });

  it('oidcc-idtoken-signature', async () => {
    const { body } = await suite.tokens();
    const token = String(body['id_token']);
    const { kid, alg } = decodeProtectedHeader(token);
    const jwks = (await call(`${suite.server.issuer}/jwks`)).body as { keys: { kid: string; alg: string }[] };
    expect(jwks.keys.find((key) => key.kid === kid)?.alg).toBe(alg);
    expect(alg).toBe('RS256');
    await suite.verify(token);
    const [header, payload, signature = ''] = token.split('.');
    const broken = `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    await expect(suite.verify(broken)).rejects.toThrow();
  });

  it('oidcc-idtoken-unsigned', async () => {
    // not announced, and a client that asks for it is not registered
    const { id_token_signing_alg_values_supported: offered } = await suite.discovery();
    expect(offered).toContain('RS256');
    expect(offered).not.toContain('none');
    await expect(
      suite.server.identity.clients.register(
        { redirect_uris: ['https://rp.example/cb'], id_token_signed_response_alg: 'none' },
        BY,
      ),
    ).rejects.toMatchObject({ code: 'client_metadata_refused' });
  });

  for (const [name, how] of [
    ['oidcc-userinfo-get', 'get'],
    ['oidcc-userinfo-post-header', 'header'],
    ['oidcc-userinfo-post-body', 'body'],
  ] as const) {
    it(name, async () => {
      const { body } = await suite.tokens();
      const { sub } = await suite.verify(body['id_token']);
      const info = await suite.userInfo(body['access_token'], how);
      expect(info.status).toBe(200);
      expect(info.headers.get('content-type')).toContain('application/json');
      expect(info.body['sub']).toBe(sub);
      const refused = await suite.userInfo(
        'inventé-mais-ascii'.normalize('NFD').replace(/[^\x21-\x7e]/g, ''),
        how,
      );
      expect(refused.status).toBe(401);
      expect(refused.headers.get('www-authenticate')).toContain('invalid_token');
    });
  }

  it('oidcc-ensure-request-without-nonce-succeeds-for-code-flow', async () => {
    const { body } = await suite.tokens({ nonce: undefined });
    expect(await suite.verify(body['id_token'])).not.toHaveProperty('nonce');
  });

  it('oidcc-scope-profile', async () => {
    const { body } = await suite.tokens({ scope: 'openid profile' });
    const { body: info } = await suite.userInfo(body['access_token']);
    expect(info).toMatchObject({
      name: 'Éloïse Brun',
      given_name: 'Éloïse',
      family_name: 'Brun',
      locale: 'fr',
    });
    const without = await suite.tokens({ scope: 'openid' });
    expect((await suite.userInfo(without.body['access_token'])).body).not.toHaveProperty('name');
  });

  // Socle knows no e-mail, address or phone: the scope is not announced, and asking for it harms nothing.
  for (const [name, scope, claims] of [
    ['oidcc-scope-email', 'email', ['email', 'email_verified']],
    ['oidcc-scope-address', 'address', ['address']],
    ['oidcc-scope-phone', 'phone', ['phone_number', 'phone_number_verified']],
  ] as const) {
    it(name, async () => {
      expect((await suite.discovery())['scopes_supported']).not.toContain(scope);
      const { body } = await suite.tokens({ scope: `openid ${scope}` });
      expect(body['scope']).toBe('openid');
      const { body: info } = await suite.userInfo(body['access_token']);
      for (const claim of claims) expect(info).not.toHaveProperty(claim);
    });
  }

  it('oidcc-scope-all', async () => {
    const { body } = await suite.tokens({ scope: 'openid profile email address phone' });
    expect(
      String(body['scope'])
        .split(' ')
        .sort((a, b) => a.localeCompare(b)),
    ).toEqual(['openid', 'profile']);
    expect((await suite.userInfo(body['access_token'])).body).toMatchObject({ given_name: 'Éloïse' });
  });

  it('oidcc-ensure-other-scope-order-succeeds', async () => {
    const { body } = await suite.tokens({ scope: 'profile openid' });
    expect(await suite.verify(body['id_token'])).toHaveProperty('sub');
    expect((await suite.userInfo(body['access_token'])).body).toHaveProperty('name');
  });

  it('oidcc-codereuse', async () => {
    const walked = await suite.authorize();
    expect((await suite.redeem(walked)).status).toBe(200);
    expect(await suite.redeem(walked)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('oidcc-ensure-registered-redirect-uri', async () => {
    const { page, answer } = await suite.authorize({ redirect_uri: 'http://localhost:1/other' });
    expect(page.status).toBe(400);
    expect(page.text).toContain('invalid_redirect_uri');
    expect(answer.get('error')).toBeNull();
  });

  it('oidcc-ensure-post-request-succeeds', async () => {
    const { body } = await suite.tokens({}, { method: 'post' });
    expect(await suite.verify(body['id_token'])).toHaveProperty('sub');
    const bad = await suite.authorize({ client_id: 'nobody' }, { method: 'post' });
    expect(bad.page.status).toBe(400);
  });

  it('oidcc-server-client-secret-post', async () => {
    const walked = await suite.authorize({}, { client: suite.post });
    const wrong = await suite.redeem(walked, {}, { ...suite.post, secret: 'faux' });
    expect(wrong).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    const good = await suite.tokens({}, { client: suite.post });
    expect(await suite.verify(good.body['id_token'], { audience: suite.post.id })).toHaveProperty('sub');
  });

  it('oidcc-ensure-request-with-valid-pkce-succeeds', async () => {
    expect((await suite.tokens()).body).toHaveProperty('access_token');
    const walked = await suite.authorize();
    const wrong = await suite.redeem(walked, { code_verifier: 'x'.repeat(43) });
    expect(wrong).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('oidcc-refresh-token', async () => {
    const { body } = await suite.tokens({ scope: 'openid profile' });
    const refresh = (token: unknown, client = suite.client) =>
      suite.redeem(
        { answer: new URLSearchParams(), verifier: '' } as Parameters<Suite['redeem']>[0],
        { grant_type: 'refresh_token', refresh_token: String(token) },
        client,
      );
    const stolen = await refresh(body['refresh_token'], suite.second);
    expect(stolen).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    const next = await refresh(body['refresh_token']);
    expect(next.status).toBe(200);
    const [before, after] = [await suite.verify(body['id_token']), await suite.verify(next.body['id_token'])];
    expect(after).toMatchObject({ sub: before.sub, aud: before.aud, auth_time: before['auth_time'] });
    expect((await suite.userInfo(next.body['access_token'])).status).toBe(200);
    expect((await suite.tokens({}, { browser: openBrowser() })).body).toHaveProperty('refresh_token');
  });
});
