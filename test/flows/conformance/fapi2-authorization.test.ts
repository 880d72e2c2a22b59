import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { randomToken, sha256 } from '@socle/base';
import { openBrowser } from '../../support/http-browser.ts';
import { call, walk } from './driver.ts';
import { fapiTokens, makeProofKey, startFapiSuite, type FapiClient, type FapiSuite } from './fapi-driver.ts';

const name = (module: string) => `fapi2-security-profile-final-${module}`;

describe('fapi2-security-profile-final-test-plan', () => {
  let fapi: FapiSuite;
  let client: FapiClient;
  beforeAll(async () => {
    fapi = await startFapiSuite();
    client = fapi.client;
  });
  afterAll(() => fapi.close());
  afterEach(() => {
    vi.useRealTimers();
  });
  const idToken = (body: Record<string, unknown>) =>
    fapi.suite.verify(body['id_token'], { audience: client.id });

  it(name('discovery-end-point-verification'), async () => {
    const body = await fapi.suite.discovery();
    expect(body).toMatchObject({
      issuer: fapi.issuer,
      pushed_authorization_request_endpoint: `${fapi.issuer}/request`,
      authorization_response_iss_parameter_supported: true,
      claims_parameter_supported: true,
    });
    expect(body['token_endpoint_auth_methods_supported']).toContain('private_key_jwt');
    expect(body['token_endpoint_auth_signing_alg_values_supported']).toContain('ES256');
    expect(body['dpop_signing_alg_values_supported']).toContain('ES256');
    expect(body['grant_types_supported']).toContain('authorization_code');
    expect(body['code_challenge_methods_supported']).toEqual(['S256']);
  });

  it(name('happy-flow'), async () => {
    const { walked, body } = await fapiTokens(client);
    expect(walked.answer.get('iss')).toBe(fapi.issuer);
    expect(body).toMatchObject({ token_type: 'DPoP' });
    const claims = await idToken(body);
    expect((await client.userInfo(body['access_token'])).body['sub']).toBe(claims.sub);
    // a second client gets tokens of its own, and none of the first one’s
    const other = await fapiTokens(fapi.second);
    expect(other.body['access_token']).not.toBe(body['access_token']);
  });

  it(name('user-rejects-authentication'), async () => {
    // A publisher’s page is where a person can refuse: the answer is access_denied, with state and issuer.
    await fapi.suite.server.test.app.query(
      `UPDATE identity.clients SET metadata = metadata || '{"socle_kind":"publisher"}' WHERE id = $1`,
      [fapi.second.id],
    );
    const browser = openBrowser();
    const walked = await fapi.second.authorize({ state: 'a'.repeat(128) }, { browser });
    expect(walked.page.text).toContain('Ce que ce service reçoit');
    const refused = await browser.follow(
      await browser.submit(walked.page, { answer: 'refuse' }),
      client.redirectUri,
    );
    const answer = new URL(refused.location ?? '').searchParams;
    expect(Object.fromEntries(answer)).toMatchObject({
      error: 'access_denied',
      state: 'a'.repeat(128),
      iss: fapi.issuer,
    });
    await fapi.suite.server.test.app.query(
      `UPDATE identity.clients SET metadata = metadata - 'socle_kind' WHERE id = $1`,
      [fapi.second.id],
    );
  });

  it(name('ensure-authorization-request-without-state-success'), async () => {
    const walked = await client.authorize({ state: undefined });
    expect(walked.answer.has('state')).toBe(false);
    expect((await client.redeem(walked)).status).toBe(200);
  });

  it(name('ensure-authorization-request-without-nonce-success'), async () => {
    const answer = await client.redeem(await client.authorize({ nonce: undefined }));
    expect(await idToken(answer.body)).not.toHaveProperty('nonce');
  });

  for (const [module, length] of [
    ['ensure-authorization-request-with-64-char-nonce-success', 64],
    ['ensure-authorization-request-with-long-nonce', 384],
  ] as const) {
    it(name(module), async () => {
      const nonce = 'n'.repeat(length);
      const answer = await client.redeem(await client.authorize({ nonce }));
      expect((await idToken(answer.body))['nonce']).toBe(nonce);
    });
  }

  it(name('ensure-authorization-request-with-long-state'), async () => {
    const state = 's'.repeat(384);
    expect((await client.authorize({ state })).answer.get('state')).toBe(state);
  });

  it(name('ensure-other-scope-order-succeeds'), async () => {
    const answer = await client.redeem(await client.authorize({ scope: 'profile openid' }));
    expect(answer.status).toBe(200);
    expect(answer.body).toHaveProperty('id_token');
  });

  it(name('test-claims-parameter-identity-claims'), async () => {
    const claims = JSON.stringify({ userinfo: { given_name: null }, id_token: { family_name: null } });
    const { body } = await client.redeem(await client.authorize({ scope: 'openid', claims }));
    expect((await idToken(body))['family_name']).toBe('Brun');
    expect((await client.userInfo(body['access_token'])).body['given_name']).toBe('Éloïse');
  });

  it(name('ensure-different-nonce-inside-and-outside-request-object'), async () => {
    const pushed = await client.push({ nonce: 'inside' });
    const request = new URLSearchParams({
      client_id: client.id,
      request_uri: String(pushed.body['request_uri']),
      nonce: 'outside',
    });
    const walked = await walk(`${fapi.issuer}/auth`, request, pushed.verifier, client.redirectUri);
    expect((await idToken((await client.redeem(walked)).body))['nonce']).toBe('inside');
  });

  for (const [module, inside] of [
    ['ensure-different-state-inside-and-outside-request-object', 'inside'],
    ['state-only-outside-request-object-not-used', undefined],
  ] as const) {
    it(name(module), async () => {
      const pushed = await client.push({ state: inside });
      const request = new URLSearchParams({
        client_id: client.id,
        request_uri: String(pushed.body['request_uri']),
        state: 'outside',
      });
      const walked = await walk(`${fapi.issuer}/auth`, request, pushed.verifier, client.redirectUri);
      expect(walked.answer.get('code')).not.toBeNull();
      expect(walked.answer.get('state')).toBe(inside ?? null);
    });
  }

  for (const module of [
    'ensure-request-object-without-redirect-uri-fails',
    'ensure-redirect-uri-in-authorization-request',
  ]) {
    it(name(module), async () => {
      expect(await client.push({ redirect_uri: undefined })).toMatchObject({
        status: 400,
        body: { error: 'invalid_request' },
      });
      expect((await client.push()).status).toBe(201);
    });
  }

  for (const module of ['ensure-registered-redirect-uri', 'plain-fapi-tolerate-unregistered-redirect-uri']) {
    it(name(module), async () => {
      // plain FAPI lets a server take a new address with a pushed request; this one does not
      const answer = await client.push({ redirect_uri: `${client.redirectUri}/${randomToken(8)}` });
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
      expect((await client.push()).status).toBe(201);
    });
  }

  it(name('ensure-unsigned-authorization-request-without-using-par-fails'), async () => {
    const request = new URLSearchParams({
      client_id: client.id,
      response_type: 'code',
      redirect_uri: client.redirectUri,
      scope: 'openid',
      code_challenge: sha256('x'.repeat(43)).toString('base64url'),
      code_challenge_method: 'S256',
    });
    const walked = await walk(`${fapi.issuer}/auth`, request, 'x'.repeat(43), client.redirectUri);
    expect(walked.answer.get('error')).toBe('invalid_request');
    expect(walked.answer.has('code')).toBe(false);
    expect((await client.authorize()).answer.has('code')).toBe(true);
  });

  for (const [module, type] of [
    ['ensure-response-type-code-idtoken-fails', 'code id_token'],
    ['ensure-response-type-token-fails', 'token'],
  ] as const) {
    it(name(module), async () => {
      const answer = await client.push({ response_type: type });
      expect(answer.status).toBe(400);
      expect(['unsupported_response_type', 'invalid_request', 'unauthorized_client']).toContain(
        answer.body['error'],
      );
    });
  }

  it(name('par-ensure-reused-request-uri-prior-to-auth-completion-succeeds'), async () => {
    const pushed = await client.push();
    const request = new URLSearchParams({
      client_id: client.id,
      request_uri: String(pushed.body['request_uri']),
    });
    const browser = openBrowser();
    const first = await walk(`${fapi.issuer}/auth`, request, pushed.verifier, client.redirectUri, {
      browser,
      stopAtSignIn: true,
    });
    expect(first.askedToSignIn).toBe(true);
    const second = await walk(`${fapi.issuer}/auth`, request, pushed.verifier, client.redirectUri, {
      browser,
    });
    expect((await client.redeem(second)).status).toBe(200);
  });

  it(name('par-attempt-reuse-request_uri'), async () => {
    const pushed = await client.push();
    const request = new URLSearchParams({
      client_id: client.id,
      request_uri: String(pushed.body['request_uri']),
    });
    const browser = openBrowser();
    const once = await walk(`${fapi.issuer}/auth`, request, pushed.verifier, client.redirectUri, { browser });
    expect(once.answer.has('code')).toBe(true);
    const again = await walk(`${fapi.issuer}/auth`, request, pushed.verifier, client.redirectUri, {
      browser,
    });
    expect(again.answer.has('code')).toBe(false);
    expect(again.answer.get('error') ?? again.page.text).toMatch(/invalid_request_uri|invalid_request/);
  });

  it(name('par-attempt-to-use-expired-request_uri'), async () => {
    const pushed = await client.push();
    expect(Number(pushed.body['expires_in'])).toBeLessThan(600);
    vi.useFakeTimers({
      toFake: ['Date'],
      now: Date.now() + Number(pushed.body['expires_in']) * 1000 + 2_000,
    });
    const request = new URLSearchParams({
      client_id: client.id,
      request_uri: String(pushed.body['request_uri']),
    });
    const walked = await walk(`${fapi.issuer}/auth`, request, pushed.verifier, client.redirectUri);
    expect(walked.answer.has('code')).toBe(false);
    expect(walked.answer.get('error') ?? walked.page.text).toMatch(/invalid_request_uri|invalid_request/);
  });

  it(name('par-attempt-to-use-request_uri-for-different-client'), async () => {
    const pushed = await client.push();
    const request = new URLSearchParams({
      client_id: fapi.second.id,
      request_uri: String(pushed.body['request_uri']),
    });
    const walked = await walk(`${fapi.issuer}/auth`, request, pushed.verifier, client.redirectUri);
    expect(walked.answer.has('code')).toBe(false);
    expect(walked.page.text + walked.answer.toString()).toMatch(/invalid_request|invalid_client/);
  });

  it(name('par-authorization-request-containing-request_uri-form-param'), async () => {
    const first = await client.push();
    const answer = await client.push({ request_uri: String(first.body['request_uri']) });
    expect(answer.status).toBe(400);
    expect(['invalid_request', 'request_uri_not_supported']).toContain(answer.body['error']);
  });

  it(name('par-attempt-invalid-http-method'), async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
      const answer = await call(`${fapi.issuer}/request`, { method });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
    }
  });

  it(name('par-ensure-pkce-required'), async () => {
    const answer = await client.push({ code_challenge: undefined, code_challenge_method: undefined });
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  it(name('par-plain-pkce-rejected'), async () => {
    const answer = await client.push({ code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' });
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  it(name('par-without-duplicate-parameters'), async () => {
    // the walk of this suite always sends the two parameters alone
    const walked = await client.authorize();
    expect([...walked.request.keys()]).toEqual(['client_id', 'request_uri']);
    expect((await client.redeem(walked)).status).toBe(200);
  });

  it(name('ensure-mismatched-dpop-jkt-fails'), async () => {
    const other = await makeProofKey();
    const proof = await client.proof('POST', `${fapi.issuer}/request`);
    const answer = await client.push({ dpop_jkt: other.thumbprint }, { proof });
    expect(answer.status).toBe(400);
    expect(['invalid_request', 'invalid_dpop_proof']).toContain(answer.body['error']);
  });

  it(name('ensure-dpopproof-at-par-endpoint-binding-success'), async () => {
    const proof = await client.proof('POST', `${fapi.issuer}/request`);
    expect((await client.redeem(await client.authorize({}, { proof }))).status).toBe(200);
  });

  it(name('ensure-dpop-auth-code-binding-success'), async () => {
    const walked = await client.authorize({ dpop_jkt: client.proofKey.thumbprint });
    expect((await client.redeem(walked)).status).toBe(200);
  });

  it(name('ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt'), async () => {
    const proof = await client.proof('POST', `${fapi.issuer}/request`);
    const walked = await client.authorize({}, { proof });
    const other = await client.proof('POST', `${fapi.issuer}/token`, {}, await makeProofKey());
    expect(await client.redeem(walked, { proof: other })).toMatchObject({ status: 400 });
  });

  it(name('ensure-token-endpoint-fails-with-mismatched-dpop-jkt'), async () => {
    const walked = await client.authorize({ dpop_jkt: (await makeProofKey()).thumbprint });
    expect(await client.redeem(walked)).toMatchObject({ status: 400 });
  });
});
