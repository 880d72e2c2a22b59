import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '../../support/http-browser.ts';
import { POST_LOGOUT, call, startSuite, type Suite } from './driver.ts';

describe('sign-out plans', () => {
  let suite: Suite;
  beforeAll(async () => {
    suite = await startSuite();
  });
  afterAll(() => suite.close());
  const bye = () => suite.client.redirectUri.replace('/callback', POST_LOGOUT);

  /** Signs in, sends the sign-out request, and agrees where the page asks. */
  async function signOut(parameters: (idToken: string) => Record<string, string>): Promise<{
    asked: Page;
    done: Page;
    stillSignedIn: () => Promise<boolean>;
  }> {
    const { browser, body } = await suite.tokens();
    const query = new URLSearchParams(parameters(String(body['id_token'])));
    const asked = await browser.get(`${suite.server.issuer}/session/end?${query.toString()}`);
    const done = asked.status === 200 ? await browser.submit(asked, { logout: 'yes' }) : asked;
    return {
      asked,
      done: asked.status === 200 ? await browser.follow(done, bye()) : done,
      stillSignedIn: async () => (await suite.authorize({ prompt: 'none' }, { browser })).answer.has('code'),
    };
  }

  describe('oidcc-config-certification-test-plan', () => {
    it('oidcc-discovery-endpoint-verification', async () => {
      const answer = await call(`${suite.server.issuer}/.well-known/openid-configuration`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toContain('application/json');
      const { body } = answer;
      expect(body['issuer']).toBe(suite.server.issuer);
      for (const endpoint of ['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'userinfo_endpoint']) {
        expect(String(body[endpoint]).startsWith(`${suite.server.issuer}/`)).toBe(true);
      }
      expect(body['response_types_supported']).toEqual(['code']);
      expect(body['subject_types_supported']).toContain('pairwise');
      expect(body['id_token_signing_alg_values_supported']).toContain('RS256');
      expect(body['scopes_supported']).toContain('openid');
      expect(body['claims_supported']).toContain('sub');
      expect(body['code_challenge_methods_supported']).toEqual(['S256']);
      const algorithms = Object.entries(body).filter(([member]) => member.includes('_alg_values_'));
      expect(algorithms.length).toBeGreaterThan(3);
      expect(JSON.stringify(algorithms)).not.toMatch(/"HS\d{3}"|"none"/);
      const jwks = (await call(String(body['jwks_uri']))).body as { keys: Record<string, unknown>[] };
      expect(jwks.keys.length).toBeGreaterThan(0);
      for (const key of jwks.keys) {
        for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(key).not.toHaveProperty(secret);
        expect(key).toMatchObject({ use: 'sig', kid: expect.any(String) as string });
      }
    });
  });

  describe('oidcc-rp-initiated-logout-certification-test-plan', () => {
    it('oidcc-rp-initiated-logout-discovery-endpoint-verification', async () => {
      expect((await suite.discovery())['end_session_endpoint']).toBe(`${suite.server.issuer}/session/end`);
    });

    it('oidcc-rp-initiated-logout', async () => {
      const { done, stillSignedIn } = await signOut((id_token_hint) => ({
        id_token_hint,
        post_logout_redirect_uri: bye(),
        state: 'état de la suite',
      }));
      expect(done.location?.startsWith(bye())).toBe(true);
      expect(new URL(done.location ?? '').searchParams.get('state')).toBe('état de la suite');
      expect(await stillSignedIn()).toBe(false);
    });

    it('oidcc-rp-initiated-logout-bad-post-logout-redirect-uri', async () => {
      const { asked, stillSignedIn } = await signOut((id_token_hint) => ({
        id_token_hint,
        post_logout_redirect_uri: 'https://evil.example/bye',
        state: 's',
      }));
      expect(asked.status).toBe(400);
      expect(asked.location).toBeUndefined();
      expect(await stillSignedIn()).toBe(true);
    });

    it('oidcc-rp-initiated-logout-modified-id-token-hint', async () => {
      const { asked, stillSignedIn } = await signOut((token) => {
        const [header, payload, signature = ''] = token.split('.');
        const changed = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
        return {
          id_token_hint: `${header}.${payload}.${changed}`,
          post_logout_redirect_uri: bye(),
          state: 's',
        };
      });
      expect(asked.status).toBe(400);
      expect(asked.location).toBeUndefined();
      expect(await stillSignedIn()).toBe(true);
    });

    it('oidcc-rp-initiated-logout-bad-id-token-hint', async () => {
      const { asked, stillSignedIn } = await signOut(() => ({
        id_token_hint: 'ceci-n-est-pas-un-jeton',
        post_logout_redirect_uri: bye(),
        state: 's',
      }));
      expect(asked.status).toBe(400);
      expect(await stillSignedIn()).toBe(true);
    });

    it('oidcc-rp-initiated-logout-no-id-token-hint', async () => {
      // without a hint or a client id the address cannot be checked: signed out, and never sent there
      const { done, stillSignedIn } = await signOut(() => ({ post_logout_redirect_uri: bye(), state: 's' }));
      expect(done.url).toContain('/session/end/success');
      expect(done.text).toContain('Vous êtes déconnecté');
      expect(await stillSignedIn()).toBe(false);
    });

    it('oidcc-rp-initiated-logout-no-params', async () => {
      const { done, stillSignedIn } = await signOut(() => ({}));
      expect(done.text).toContain('Vous êtes déconnecté');
      expect(await stillSignedIn()).toBe(false);
    });

    it('oidcc-rp-initiated-logout-no-post-logout-redirect-uri', async () => {
      const { done, stillSignedIn } = await signOut((id_token_hint) => ({ id_token_hint, state: 's' }));
      expect(done.text).toContain('Vous êtes déconnecté');
      expect(await stillSignedIn()).toBe(false);
    });

    it('oidcc-rp-initiated-logout-no-state', async () => {
      const { done, stillSignedIn } = await signOut((id_token_hint) => ({
        id_token_hint,
        post_logout_redirect_uri: bye(),
      }));
      expect(done.location).toBe(bye());
      expect(await stillSignedIn()).toBe(false);
    });

    it('oidcc-rp-initiated-logout-only-state', async () => {
      const { done, stillSignedIn } = await signOut(() => ({ state: 's' }));
      expect(done.text).toContain('Vous êtes déconnecté');
      expect(await stillSignedIn()).toBe(false);
    });

    it('oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri', async () => {
      const { asked, stillSignedIn } = await signOut((id_token_hint) => ({
        id_token_hint,
        post_logout_redirect_uri: `${bye()}?foo=bar`,
        state: 's',
      }));
      expect(asked.status).toBe(400);
      expect(asked.location).toBeUndefined();
      expect(await stillSignedIn()).toBe(true);
    });
  });

  describe('oidcc-backchannel-rp-initiated-logout-certification-test-plan', () => {
    it('oidcc-backchannel-logout-discovery-endpoint-verification', async () => {
      expect(await suite.discovery()).toMatchObject({
        backchannel_logout_supported: true,
        backchannel_logout_session_supported: true,
      });
    });

    it('oidcc-backchannel-rp-initiated-logout', async () => {
      const before = suite.logoutTokens.length;
      let idToken = '';
      await signOut((id_token_hint) => {
        idToken = id_token_hint;
        return { id_token_hint, post_logout_redirect_uri: bye() };
      });
      expect(suite.logoutTokens.length).toBe(before + 1);
      const claims = await suite.verify(suite.logoutTokens.at(-1), { typ: 'logout+jwt' });
      const own = await suite.verify(idToken);
      expect(claims).toMatchObject({ sub: own.sub, sid: own['sid'] });
      expect(claims['events']).toEqual({ 'http://schemas.openid.net/event/backchannel-logout': {} });
      expect(claims).not.toHaveProperty('nonce');
      expect(claims.jti).toBeTypeOf('string');
      expect(claims.exp ?? 0).toBeGreaterThan(claims.iat ?? Number.MAX_SAFE_INTEGER);
    });
  });
});
