import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { sha256 } from '@socle/base';
import { generateKeyPair } from 'jose';
import { call } from './driver.ts';
import {
  fapiTokens,
  makeProofKey,
  startFapiSuite,
  type AssertionChange,
  type FapiClient,
  type FapiSuite,
  type ProofChange,
} from './fapi-driver.ts';

const name = (module: string) => `fapi2-security-profile-final-${module}`;
const seconds = () => Math.floor(Date.now() / 1000);

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

  it(name('access-token-type-header-case-sensitivity'), async () => {
    const { body } = await fapiTokens(client);
    for (const scheme of ['DPoP', 'dpop', 'DPOP']) {
      expect((await client.userInfo(body['access_token'], { scheme })).status).toBe(200);
    }
    expect([400, 401]).toContain((await client.userInfo(body['access_token'], { scheme: 'Bearer' })).status);
  });

  it(name('check-dpop-proof-nbf-exp'), async () => {
    const claims = { nbf: seconds() - 10, exp: seconds() + 60 };
    const walked = await client.authorize();
    const proof = await client.proof('POST', `${fapi.issuer}/token`, { claims });
    expect((await client.redeem(walked, { proof })).status).toBe(200);
    const expired = await client.proof('POST', `${fapi.issuer}/token`, { claims: { exp: seconds() - 120 } });
    expect((await client.redeem(await client.authorize(), { proof: expired })).status).toBe(400);
  });

  for (const [module, offset] of [
    ['ensure-dpopproof-with-iat-10seconds-before-succeeds', -10],
    ['ensure-dpopproof-with-iat-10seconds-after-succeeds', 10],
  ] as const) {
    it(name(module), async () => {
      const proof = await client.proof('POST', `${fapi.issuer}/token`, {
        claims: { iat: seconds() + offset },
      });
      expect((await client.redeem(await client.authorize(), { proof })).status).toBe(200);
    });
  }

  it(name('ensure-client-id-in-token-endpoint'), async () => {
    const walked = await client.authorize();
    const wrong = await client.redeem(walked, { fields: { client_id: fapi.second.id } });
    expect([400, 401]).toContain(wrong.status);
    expect(['invalid_client', 'invalid_grant', 'invalid_request']).toContain(wrong.body['error']);
    expect((await client.redeem(walked)).status).toBe(200);
  });

  it(name('ensure-holder-of-key-required'), async () => {
    const walked = await client.authorize();
    const bare = await client.redeem(walked, { proof: null });
    expect(bare.status).toBe(400);
    expect(['invalid_request', 'invalid_dpop_proof', 'invalid_grant']).toContain(bare.body['error']);
    expect((await client.redeem(walked)).status).toBe(200);
  });

  it(name('ensure-authorization-code-is-bound-to-client'), async () => {
    const walked = await client.authorize();
    expect(await fapi.second.redeem(walked)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  it(name('attempt-reuse-authorization-code-after-one-second'), async () => {
    const walked = await client.authorize();
    const first = await client.redeem(walked);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1_000 });
    expect(await client.redeem(walked)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await client.userInfo(first.body['access_token'])).status).toBe(401);
  });

  it(name('ensure-token-endpoint-fails-with-expired-auth-code'), async () => {
    const walked = await client.authorize();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 62_000 });
    expect(await client.redeem(walked)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  /** Each bad assertion is refused where the same request with a good one passes. */
  async function refusedAtToken(changes: readonly AssertionChange[]): Promise<void> {
    const walked = await client.authorize();
    for (const change of changes) {
      const answer = await client.redeem(walked, { assertion: await client.assertion(change) });
      expect([400, 401]).toContain(answer.status);
      expect(['invalid_client', 'invalid_request', 'invalid_grant']).toContain(answer.body['error']);
    }
    expect((await client.redeem(walked)).status).toBe(200);
  }
  async function refusedAtPush(change: AssertionChange): Promise<void> {
    const answer = await client.push({}, { assertion: await client.assertion(change) });
    expect([400, 401]).toContain(answer.status);
    expect(['invalid_client', 'invalid_request']).toContain(answer.body['error']);
    expect((await client.push()).status).toBe(201);
  }

  it(name('ensure-signed-client-assertion-with-RS256-fails'), () =>
    refusedAtToken([{ alg: 'RS256', key: client.rsaKey }]),
  );

  it(name('ensure-client-assertion-in-token-endpoint'), async () => {
    const walked = await client.authorize();
    const bare = await client.redeem(walked, { assertion: null, fields: { client_id: client.id } });
    expect([400, 401]).toContain(bare.status);
    expect((await client.redeem(walked)).status).toBe(200);
  });

  it(name('ensure-client-assertion-with-exp-is-5-minutes-in-past-fails'), () =>
    refusedAtToken([{ claims: { exp: seconds() - 300, iat: seconds() - 360 } }]),
  );

  it(name('ensure-client-assertion-with-wrong-aud-fails'), () =>
    refusedAtToken([{ claims: { aud: 'https://www.other1.example.com/' } }]),
  );

  it(name('ensure-client-assertion-with-no-sub-fails'), () => refusedAtToken([{ without: ['sub'] }]));

  it(name('ensure-invalid-client-assertions-fail'), async () => {
    const { privateKey } = await generateKeyPair('ES256');
    await refusedAtToken([
      { without: ['exp'] },
      { without: ['aud'] },
      { without: ['jti'] },
      { without: ['iss'] },
      { claims: { iss: fapi.second.id } },
      { claims: { sub: fapi.second.id } },
      { key: privateKey },
      { claims: { nbf: seconds() + 600 } },
    ]);
  });

  it(name('par-ensure-jwt-client-assertions-nbf-8-seconds-in-the-future-is-accepted'), async () => {
    const assertion = await client.assertion({ claims: { nbf: seconds() + 8, iat: seconds() + 8 } });
    expect((await client.push({}, { assertion })).status).toBe(201);
  });

  it(name('par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails'), () =>
    refusedAtPush({ claims: { nbf: seconds() + 75, iat: seconds() + 75 } }),
  );

  it(name('par-test-array-as-audience-fails'), () =>
    refusedAtPush({ claims: { aud: [fapi.issuer, 'https://other1.example.com'] } }),
  );

  it(name('par-test-par-endpoint-url-as-audience-fails'), () =>
    refusedAtPush({ claims: { aud: `${fapi.issuer}/request` } }),
  );

  it(name('par-test-token-endpoint-url-as-audience-fails'), () =>
    refusedAtPush({ claims: { aud: `${fapi.issuer}/token` } }),
  );

  it(name('dpop-negative-tests'), async () => {
    const url = `${fapi.issuer}/me`;
    const { body } = await fapiTokens(client);
    const token = String(body['access_token']);
    const bad: ProofChange[] = [
      { claims: { htm: 'POST' } },
      { claims: { htu: `${fapi.issuer}/token` } },
      { claims: { iat: seconds() - 600 } },
      { claims: { iat: seconds() + 600 } },
      { claims: { ath: sha256('another').toString('base64url') } },
      { without: ['jti'] },
      { without: ['htm'] },
      { without: ['htu'] },
      { without: ['iat'] },
      { without: ['ath'] },
      { header: { typ: 'JWT' } },
      { header: { jwk: undefined } },
      { header: { jwk: { kty: 'oct', k: 'AAAA' } } },
    ];
    for (const change of bad) expect((await client.userInfo(token, change)).status).toBe(401);
    expect((await client.userInfo(token, { key: await makeProofKey() })).status).toBe(401);
    const garbage = await call(url, { headers: { authorization: `DPoP ${token}`, dpop: 'x.y.z' } });
    expect(garbage.status).toBe(401);
    const none = await call(url, { headers: { authorization: `DPoP ${token}` } });
    expect([400, 401]).toContain(none.status);
    // one proof works once
    const ath = sha256(token).toString('base64url');
    const dpop = await client.proof('GET', url, { claims: { ath } });
    const headers = { authorization: `DPoP ${token}`, dpop };
    expect((await call(url, { headers })).status).toBe(200);
    expect((await call(url, { headers })).status).toBe(401);
  });

  it(name('refresh-token'), async () => {
    const { body } = await fapiTokens(client);
    const refresh = (by: FapiClient, change: { proof?: string | null } = {}) =>
      by.redeem({ answer: new URLSearchParams(), verifier: '' } as Parameters<FapiClient['redeem']>[0], {
        ...change,
        fields: {
          grant_type: 'refresh_token',
          refresh_token: String(body['refresh_token']),
          code: undefined,
          code_verifier: undefined,
          redirect_uri: undefined,
        },
      });
    expect((await refresh(fapi.second)).body['error']).toBe('invalid_grant');
    expect((await refresh(client, { proof: null })).status).toBe(400);
    const next = await refresh(client);
    expect(next.status).toBe(200);
    expect((await client.userInfo(next.body['access_token'])).status).toBe(200);
    // no rotation (FAPI 2.0 Security Profile §5.3.2.1): the same token goes on working for its own client
    expect(next.body['refresh_token']).toBe(body['refresh_token']);
    expect((await refresh(client)).status).toBe(200);
  });

  it(name('ensure-pkce-code-verifier-required'), async () => {
    const walked = await client.authorize();
    const answer = await client.redeem(walked, { fields: { code_verifier: undefined } });
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await client.redeem(walked)).status).toBe(200);
  });

  it(name('incorrect-pkce-code-verifier-rejected'), async () => {
    const walked = await client.authorize();
    const answer = await client.redeem(walked, { fields: { code_verifier: 'x'.repeat(43) } });
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });
});
