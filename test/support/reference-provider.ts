import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import Provider, { type ClientMetadata } from 'oidc-provider';

/**
 * A certified OpenID Connect provider (oidc-provider with its own storage) on the loopback range: what the client
 * library must get on with, whatever the socle's own provider adds to it.
 */
export interface ReferenceProvider {
  readonly issuer: string;
  /** Its private signing key, with which a test forges what an attacker could not. */
  readonly signingKey: JWK;
  /** Who signs in at the next interaction; `undefined` makes the person refuse. */
  account: string | undefined;
  /** Requests to each path since the start. */
  readonly calls: Map<string, number>;
  close(): Promise<void>;
}

/** An ES256 key pair as JWKs. */
export async function makeKeys(kid: string): Promise<{ privateJwk: JWK; publicJwk: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const labels = { kid, alg: 'ES256', use: 'sig' };
  return {
    privateJwk: { ...(await exportJWK(privateKey)), ...labels },
    publicJwk: { ...(await exportJWK(publicKey)), ...labels },
  };
}

export async function startReferenceProvider(
  buildClients: (issuer: string) => ClientMetadata[],
): Promise<ReferenceProvider> {
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const { privateJwk } = await makeKeys('reference');
  const calls = new Map<string, number>();
  const provider = new Provider(issuer, {
    clients: buildClients(issuer),
    jwks: { keys: [privateJwk as never] },
    cookies: { keys: ['test'] },
    clientAuthMethods: ['private_key_jwt'],
    responseTypes: ['code'],
    subjectTypes: ['public'],
    scopes: ['openid', 'socle:module'],
    claims: { openid: ['sub'], acr: null, auth_time: null, iss: null, sid: null },
    acrValues: ['password', 'factor'],
    pkce: { required: () => true },
    // Its own guard refuses the loopback range, where everything in a test lives.
    fetch: (url, init) => fetch(url, { ...init, dispatcher: undefined } as unknown as RequestInit),
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, acr: 'password' }) }),
    ttl: { ClientCredentials: 300, IdToken: 300, AuthorizationCode: 60 },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      clientCredentials: { enabled: true },
      claimsParameter: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: 'socle:module',
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.body = `<!doctype html><html><body>${form}<button type="submit" form="op.logoutForm" name="logout" value="yes">yes</button></body></html>`;
        },
      },
    },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: async (ctx) => {
      const { client, session } = ctx.oidc;
      const grant = new ctx.oidc.provider.Grant({
        clientId: client!.clientId,
        accountId: session!.accountId!,
      });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
  });
  const self = { issuer, signingKey: privateJwk, account: 'camille' as string | undefined, calls, close };
  const answer = provider.callback();
  server.on('request', (request, response) => {
    const path = (request.url ?? '').split('?')[0]!;
    calls.set(path, (calls.get(path) ?? 0) + 1);
    if (!path.startsWith('/interaction/')) {
      void answer(request, response);
      return;
    }
    const result = self.account
      ? { login: { accountId: self.account, acr: 'password' } }
      : { error: 'access_denied', error_description: 'the person refused' };
    void provider.interactionFinished(request, response, result);
  });

  async function close(): Promise<void> {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
  return self;
}
