import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CERTIFICATES } from '../support/certificates.ts';
import { openBrowser } from '../support/http-browser.ts';
import { BY, startIdentityServer, type IdentityServer } from '../support/identity-server.ts';
import { openRelyingParty, type RelyingParty } from '../support/relying-party.ts';

const PASSWORD = 'châtaigne bleue 7';
/** What a TLS proxy in front says: whom it speaks for, and the certificate that it saw (RFC 9440). */
const fromProxy = (certificate: string) => ({
  'x-forwarded-for': '203.0.113.9',
  'client-cert': `:${certificate}:`,
});
const jwkOf = (certificate: string) => ({
  ...new X509Certificate(Buffer.from(certificate, 'base64')).publicKey.export({ format: 'jwk' }),
  use: 'sig',
  x5c: [certificate],
});

describe('T-IDN-53 a certificate that somebody else owns', () => {
  let behind: IdentityServer;
  let bare: IdentityServer;
  let party: RelyingParty;
  beforeAll(async () => {
    behind = await startIdentityServer({ trustedProxies: ['127.0.0.1'] });
    bare = await startIdentityServer();
    for (const server of [behind, bare]) {
      await server.identity.clients.register(
        {
          client_id: 'cantine',
          grant_types: ['client_credentials'],
          token_endpoint_auth_method: 'self_signed_tls_client_auth',
          tls_client_certificate_bound_access_tokens: true,
          jwks: { keys: [jwkOf(CERTIFICATES.one)] },
        },
        BY,
      );
    }
    party = await openRelyingParty(behind.identity, behind.issuer, {
      tls_client_certificate_bound_access_tokens: true,
    });
    await behind.addPerson('elio.rossi', PASSWORD);
  });
  afterAll(async () => {
    await party.close();
    await behind.close();
    await bare.close();
  });
  async function token(server: IdentityServer, headers: Record<string, string>) {
    const response = await fetch(`${server.issuer}/token`, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: 'cantine' }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  it('proves a client by the certificate that it registered, seen by the trusted proxy', async () => {
    const { status, body } = await token(behind, fromProxy(CERTIFICATES.one));
    expect(status).toBe(200);
    expect(body['token_type']).toBe('Bearer');
  });

  it('is refused when it is another one, missing, or no certificate at all', async () => {
    const refused: Record<string, string>[] = [
      fromProxy(CERTIFICATES.two),
      { 'x-forwarded-for': '203.0.113.9' },
      fromProxy('AAAA'),
      fromProxy('pas un certificat'),
      { 'x-forwarded-for': '203.0.113.9', 'client-cert': CERTIFICATES.one },
      fromProxy(CERTIFICATES.one.repeat(30)),
    ];
    for (const headers of refused) expect((await token(behind, headers)).status).toBe(401);
  });

  it('is not believed from anyone but a trusted proxy', async () => {
    expect((await token(bare, fromProxy(CERTIFICATES.one))).status).toBe(401);
    // a proxy that names no client address did not go through the chain that is trusted
    expect((await token(behind, { 'client-cert': `:${CERTIFICATES.one}:` })).status).toBe(401);
  });

  it('binds a person’s token: without the same certificate it opens nothing', async () => {
    const { code, verifier } = await party.signIn(openBrowser(), 'elio.rossi', PASSWORD);
    const redeem = async (headers: Record<string, string>) => {
      const response = await fetch(`${behind.issuer}/token`, {
        method: 'POST',
        headers,
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code,
          code_verifier: verifier,
          redirect_uri: party.redirectUri,
          client_id: party.clientId,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: await party.assertion(),
        }),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    expect((await redeem({})).status).toBe(400);
    const { status, body } = await redeem(fromProxy(CERTIFICATES.one));
    expect(status).toBe(200);
    const bearer = { authorization: `Bearer ${String(body['access_token'])}` };
    const me = async (headers: Record<string, string>) =>
      (await fetch(`${behind.issuer}/me`, { headers: { ...bearer, ...headers } })).status;
    expect(await me({})).toBe(401);
    expect(await me(fromProxy(CERTIFICATES.two))).toBe(401);
    expect(await me(fromProxy(CERTIFICATES.one))).toBe(200);
    const seen = await party.post('/token/introspection', { token: String(body['access_token']) });
    expect(seen.body['cnf']).toHaveProperty('x5t#S256');
  });

  it('is not mixed with DPoP in one registration, and satisfies the profile fapi2', async () => {
    const fapi = {
      redirect_uris: ['http://localhost:1/cb'],
      socle_profile: 'fapi2',
      token_endpoint_auth_method: 'self_signed_tls_client_auth',
      require_pushed_authorization_requests: true,
      id_token_signed_response_alg: 'ES256',
      jwks: { keys: [jwkOf(CERTIFICATES.one)] },
    };
    const bound = { tls_client_certificate_bound_access_tokens: true };
    const refused = [
      fapi,
      { ...fapi, ...bound, dpop_bound_access_tokens: true },
      { ...fapi, ...bound, require_pushed_authorization_requests: false },
      { ...fapi, ...bound, id_token_signed_response_alg: 'RS256' },
      { ...fapi, ...bound, token_endpoint_auth_method: 'client_secret_basic' },
    ];
    for (const metadata of refused) {
      await expect(behind.identity.clients.register(metadata, BY)).rejects.toMatchObject({
        code: 'client_metadata_refused',
      });
    }
    const { client } = await behind.identity.clients.register({ ...fapi, ...bound }, BY);
    expect(client.metadata['socle_profile']).toBe('fapi2');
  });
});
