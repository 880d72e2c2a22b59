import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { randomToken, sha256 } from '@socle/base';
import type { Identity } from '@socle/identity';
import { BY } from './identity-server.ts';
import type { HttpBrowser, Page } from './http-browser.ts';

/** What the token endpoint answered. */
export interface TokenAnswer {
  readonly status: number;
  readonly body: Record<string, string | number | undefined>;
}

/** A relying party with a real listener: redirect URI and back-channel logout arrive there. */
export interface RelyingParty {
  readonly clientId: string;
  readonly redirectUri: string;
  /** Logout tokens received on the back channel. */
  readonly logoutTokens: readonly string[];
  /** A new authorization request; `verifier` goes with the code later. */
  request(change?: Record<string, string | undefined>): {
    url: string;
    verifier: string;
    parameters: URLSearchParams;
  };
  /** A client assertion for this client (RFC 7523). */
  assertion(change?: Record<string, unknown>): Promise<string>;
  token(fields: Record<string, string>, change?: { assertion?: string }): Promise<TokenAnswer>;
  post(path: string, fields: Record<string, string>): Promise<TokenAnswer>;
  redeem(code: string, verifier: string): Promise<TokenAnswer>;
  /** Walks a person through sign-in; gives the answer at the redirect URI. */
  signIn(
    browser: HttpBrowser,
    username: string,
    password: string,
    change?: Record<string, string>,
  ): Promise<{ code: string; verifier: string; answer: URLSearchParams; page: Page }>;
  close(): Promise<void>;
}

/** Registers a client with `private_key_jwt` and opens its listener. */
export async function openRelyingParty(
  identity: Identity,
  issuer: string,
  metadata: Record<string, unknown> = {},
): Promise<RelyingParty> {
  const logoutTokens: string[] = [];
  const server = await listen(logoutTokens);
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const redirectUri = `${origin}/callback`;
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const clientId = typeof metadata['client_id'] === 'string' ? metadata['client_id'] : `rp-${randomToken(6)}`;
  await identity.clients.register(
    {
      client_id: clientId,
      client_name: 'Notes',
      redirect_uris: [redirectUri],
      post_logout_redirect_uris: [`${origin}/bye`],
      backchannel_logout_uri: `${origin}/backchannel-logout`,
      backchannel_logout_session_required: true,
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      token_endpoint_auth_method: 'private_key_jwt',
      id_token_signed_response_alg: 'ES256',
      jwks: { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig' }] },
      ...metadata,
    },
    BY,
  );

  const party: RelyingParty = {
    clientId,
    redirectUri,
    logoutTokens,
    request(change = {}) {
      const verifier = randomToken(32);
      const given: Record<string, string | undefined> = {
        client_id: clientId,
        response_type: 'code',
        redirect_uri: redirectUri,
        scope: 'openid profile',
        state: randomToken(8),
        nonce: randomToken(8),
        code_challenge: sha256(verifier).toString('base64url'),
        code_challenge_method: 'S256',
        ...change,
      };
      const parameters = new URLSearchParams();
      for (const [name, value] of Object.entries(given)) if (value !== undefined) parameters.set(name, value);
      return { url: `${issuer}/auth?${parameters.toString()}`, verifier, parameters };
    },
    assertion: (change = {}) =>
      new SignJWT({
        iss: clientId,
        sub: clientId,
        aud: issuer,
        jti: randomToken(),
        iat: Math.floor(Date.now() / 1000),
        exp: Math.floor(Date.now() / 1000) + 60,
        ...change,
      })
        .setProtectedHeader({ alg: 'ES256' })
        .sign(privateKey),
    token: async (fields, change = {}) =>
      send(`${issuer}/token`, {
        client_id: clientId,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: change.assertion ?? (await party.assertion()),
        ...fields,
      }),
    post: async (path, fields) =>
      send(`${issuer}${path}`, {
        client_id: clientId,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await party.assertion(),
        ...fields,
      }),
    redeem: (code, verifier) =>
      party.token({
        grant_type: 'authorization_code',
        code,
        code_verifier: verifier,
        redirect_uri: redirectUri,
      }),
    async signIn(browser, username, password, change = {}) {
      const { url, verifier } = party.request(change);
      let page = await browser.follow(await browser.get(url), redirectUri);
      if (page.location === undefined) {
        page = await browser.follow(await browser.submit(page, { username, password }), redirectUri);
      }
      const answer = new URL(page.location ?? 'http://nowhere.invalid').searchParams;
      return { code: answer.get('code') ?? '', verifier, answer, page };
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return party;
}

async function send(url: string, fields: Record<string, string>): Promise<TokenAnswer> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
  const text = await response.text();
  return { status: response.status, body: text ? (JSON.parse(text) as TokenAnswer['body']) : {} };
}

async function listen(logoutTokens: string[]): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const token = new URLSearchParams(Buffer.concat(chunks).toString('utf8')).get('logout_token');
      if (request.url === '/backchannel-logout' && token) logoutTokens.push(token);
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
