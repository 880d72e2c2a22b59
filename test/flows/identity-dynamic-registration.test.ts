import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BY, startIdentityServer, type IdentityServer } from '../support/identity-server.ts';

type Body = Record<string, unknown>;

describe('dynamic registration (RFC 7591, RFC 7592)', () => {
  let server: IdentityServer;
  let jwks: Body;
  beforeAll(async () => {
    server = await startIdentityServer();
    const { publicKey } = await generateKeyPair('ES256');
    jwks = { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig' }] };
  });
  afterAll(() => server.close());

  const issue = async (
    change: Partial<Parameters<typeof server.identity.registrationTokens.issue>[0]> = {},
  ) =>
    (await server.identity.registrationTokens.issue({ label: 'éditeur', ...change }, BY)).token.revealText();
  const metadata = (change: Body = {}): Body => ({
    client_name: 'Manuel numérique',
    redirect_uris: ['https://manuel.example/retour'],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks,
    ...change,
  });
  async function call(method: string, address: string, token: string | undefined, body?: unknown) {
    const response = await fetch(address, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text ? JSON.parse(text) : {}) as Body,
    };
  }
  const register = (token: string | undefined, body: unknown) =>
    call('POST', `${server.issuer}/register`, token, body);

  it('names the endpoint in discovery', async () => {
    const { body } = await call('GET', `${server.issuer}/.well-known/openid-configuration`, undefined);
    expect(body['registration_endpoint']).toBe(`${server.issuer}/register`);
  });

  it('refuses a request without an initial access token, and one with a token that nobody made', async () => {
    for (const token of [undefined, 'inventé', 'a'.repeat(600)]) {
      const answer = await register(token, metadata());
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toContain('invalid_token');
    }
    expect((await register(await issue(), metadata())).status).toBe(201);
  });

  it('registers as often as the token says, however many come at once, and never after its end', async () => {
    const token = await issue({ uses: 2 });
    const answers = await Promise.all(Array.from({ length: 6 }, () => register(token, metadata())));
    expect(answers.filter((each) => each.status === 201)).toHaveLength(2);
    expect(answers.filter((each) => each.status === 401)).toHaveLength(4);
    const ids = answers.flatMap((each) => (each.status === 201 ? [String(each.body['client_id'])] : []));
    expect(new Set(ids).size).toBe(2);
  });

  it('keeps the token’s use when the metadata is refused', async () => {
    const token = await issue();
    expect((await register(token, metadata({ redirect_uris: ['http://manuel.example/x'] }))).status).toBe(
      400,
    );
    expect((await register(token, metadata())).status).toBe(201);
  });

  it('gives a secret once, keeps its digest, and never a client that chose its own id', async () => {
    const made = await register(
      await issue(),
      metadata({ token_endpoint_auth_method: 'client_secret_basic', jwks: undefined }),
    );
    expect(made.status).toBe(201);
    expect(made.headers.get('cache-control')).toBe('no-store');
    expect(String(made.body['client_secret']).length).toBeGreaterThanOrEqual(43);
    expect(made.body['client_secret_expires_at']).toBe(0);
    const [row] = await server.test.app.query<{ text: string }>(
      'SELECT clients::text AS text FROM identity.clients WHERE id = $1',
      [made.body['client_id']],
    );
    expect(row?.text).not.toContain(String(made.body['client_secret']));
    const chosen = await register(await issue(), metadata({ client_id: 'grades' }));
    expect(chosen).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } });
  });

  describe('what it never gives', () => {
    const refused: [string, Body][] = [
      ['a right of modules', { grant_types: ['authorization_code', 'client_credentials'] }],
      ['token exchange', { grant_types: ['urn:ietf:params:oauth:grant-type:token-exchange'] }],
      ['a scope of modules', { scope: 'openid socle:module' }],
      ['an attribute contract of its own', { socle_attributes: ['name'] }],
      ['a caller of its own choice', { socle_called_by: { grades: 'x:y' } }],
      ['a subject that services share', { subject_type: 'public' }],
      ['HMAC signatures', { id_token_signed_response_alg: 'HS256' }],
      ['no signature', { request_object_signing_alg: 'none' }],
      ['a wildcard', { redirect_uris: ['https://*.example/retour'] }],
      ['a fragment', { redirect_uris: ['https://manuel.example/retour#x'] }],
      ['a scheme of its own', { redirect_uris: ['javascript:alert(1)'] }],
      ['two hosts', { redirect_uris: ['https://a.example/r', 'https://b.example/r'] }],
      ['no redirect URI', { redirect_uris: [] }],
      ['the implicit flow', { response_types: ['token'] }],
      ['a software statement it cannot check', { software_statement: 'a.b.c' }],
    ];
    it.each(refused)('%s', async (_what, change) => {
      const answer = await register(await issue(), metadata(change));
      expect(answer.status).toBe(400);
      expect(['invalid_client_metadata', 'invalid_redirect_uri']).toContain(answer.body['error']);
    });
    it('but the same metadata without any of them is registered, and gets nothing but a pseudonym', async () => {
      const made = await register(await issue(), metadata());
      expect(made.status).toBe(201);
      expect(made.body).toMatchObject({ subject_type: 'pairwise', scope: 'openid', socle_attributes: [] });
    });
    it('answers what is not JSON with 400 or 415', async () => {
      const token = await issue();
      for (const body of ['{', '[]', 'null', '"x"', '42'])
        expect((await register(token, body)).status).toBe(400);
      const form = await fetch(`${server.issuer}/register`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'text/plain' },
        body: 'x=1',
      });
      expect(form.status).toBe(415);
    });
  });

  it('puts the terms of the token on the service, whatever it asks for', async () => {
    const token = await issue({
      terms: {
        profile: 'fapi2',
        kind: 'publisher',
        attributes: ['given_name'],
        purpose: { fr: 'Vous saluer', en: 'Greet you' },
      },
    });
    expect((await register(token, metadata())).status).toBe(400);
    const made = await register(
      token,
      metadata({
        require_pushed_authorization_requests: true,
        dpop_bound_access_tokens: true,
        id_token_signed_response_alg: 'ES256',
      }),
    );
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      socle_profile: 'fapi2',
      socle_kind: 'publisher',
      socle_attributes: ['given_name'],
    });
    await expect(issue({ terms: { attributes: ['birth_date'] } })).rejects.toMatchObject({
      code: 'client_metadata_refused',
    });
  });

  describe('the management of one client (RFC 7592)', () => {
    const managed = async (change: Body = {}) => {
      const { body } = await register(await issue(), metadata(change));
      return {
        id: String(body['client_id']),
        address: String(body['registration_client_uri']),
        token: String(body['registration_access_token']),
      };
    };

    it('reads and replaces with the client’s own token, and with no other', async () => {
      const [mine, other] = [await managed(), await managed()];
      expect((await call('GET', mine.address, other.token)).status).toBe(401);
      expect((await call('GET', mine.address, undefined)).status).toBe(401);
      expect((await call('GET', mine.address, mine.token)).body).toMatchObject({ client_id: mine.id });
      const change = metadata({ client_id: mine.id, client_name: 'Manuel, 2e édition' });
      expect((await call('PUT', mine.address, other.token, change)).status).toBe(401);
      const updated = await call('PUT', mine.address, mine.token, change);
      expect(updated).toMatchObject({ status: 200, body: { client_name: 'Manuel, 2e édition' } });
      // the token was replaced with the metadata
      expect((await call('GET', mine.address, mine.token)).status).toBe(401);
      const next = String(updated.body['registration_access_token']);
      expect((await call('GET', mine.address, next)).status).toBe(200);
    });

    it('lets one of several updates at once win', async () => {
      const { id, address, token } = await managed();
      const body = metadata({ client_id: id });
      const answers = await Promise.all(Array.from({ length: 5 }, () => call('PUT', address, token, body)));
      expect(answers.filter((each) => each.status === 200)).toHaveLength(1);
    });

    it('refuses an update that raises a right, lowers a defence or moves to another host', async () => {
      const { id, address, token } = await managed({ dpop_bound_access_tokens: true });
      const base = metadata({ client_id: id, dpop_bound_access_tokens: true });
      const changes: Body[] = [
        { client_id: 'grades' },
        { redirect_uris: ['https://ailleurs.example/retour'] },
        { token_endpoint_auth_method: 'none', jwks: undefined },
        { dpop_bound_access_tokens: false },
        { grant_types: ['client_credentials'] },
        { scope: 'openid socle:module' },
        { socle_attributes: ['name'] },
        { client_secret: 'choisi' },
        { registration_access_token: 'choisi' },
        { client_id_issued_at: 1 },
      ];
      for (const change of changes) {
        expect((await call('PUT', address, token, { ...base, ...change })).status).toBe(400);
      }
      expect((await call('PUT', address, token, base)).status).toBe(200);
    });

    it('removes the client with all that was issued to it, once', async () => {
      const { address, token, id } = await managed();
      expect((await call('DELETE', address, 'autre')).status).toBe(401);
      expect((await call('DELETE', address, token)).status).toBe(204);
      expect((await call('DELETE', address, token)).status).toBe(401);
      expect(await server.identity.clients.find(id)).toBeUndefined();
    });

    it('ends what it may do with the administrator’s removal', async () => {
      const { address, token, id } = await managed();
      await server.identity.clients.remove(id, BY);
      expect((await call('GET', address, token)).status).toBe(401);
    });
  });
});
