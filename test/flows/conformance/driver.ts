import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose';
import { randomToken, sha256 } from '@socle/base';
import { openBrowser, type HttpBrowser, type Page } from '../../support/http-browser.ts';
import { BY, startIdentityServer, type IdentityServer } from '../../support/identity-server.ts';

export const LOGIN = 'conformité.test';
const PASSWORD = 'châtaigne bleue 7';

export type Json = Record<string, unknown>;

/** An answer in JSON, or as text where it is none. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
  readonly text: string;
}

/** What came back to the redirect URI, or the page on which the walk ended. */
export interface Walk {
  readonly browser: HttpBrowser;
  /** Parameters at the redirect URI; empty when the browser never got there. */
  readonly answer: URLSearchParams;
  readonly page: Page;
  readonly verifier: string;
  readonly request: URLSearchParams;
  /** The person had to sign in. */
  readonly askedToSignIn: boolean;
}

/** A client of the suite, with a secret. */
export interface SecretClient {
  readonly id: string;
  readonly secret: string;
  readonly method: 'basic' | 'post';
  readonly redirectUri: string;
}

/** A running socle with the clients that the public plans ask for. */
export interface Suite {
  readonly server: IdentityServer;
  readonly client: SecretClient;
  readonly second: SecretClient;
  readonly post: SecretClient;
  /** Logout tokens that arrived at the back-channel address. */
  readonly logoutTokens: readonly string[];
  discovery(): Promise<Json>;
  /** Sends an authorization request and walks through sign-in. */
  authorize(change?: Record<string, string | undefined>, options?: WalkOptions): Promise<Walk>;
  redeem(walk: Walk, change?: Record<string, string>, client?: SecretClient): Promise<Answer>;
  /** Authorizes and redeems; gives the tokens. */
  tokens(change?: Record<string, string | undefined>, options?: WalkOptions): Promise<Walk & { body: Json }>;
  userInfo(token: unknown, how?: 'get' | 'header' | 'body'): Promise<Answer>;
  verify(token: unknown, options?: { typ?: string; audience?: string }): Promise<JWTPayload>;
  close(): Promise<void>;
}

export interface WalkOptions {
  readonly browser?: HttpBrowser;
  readonly client?: SecretClient;
  readonly method?: 'get' | 'post';
  /** Stops at the sign-in page. */
  readonly stopAtSignIn?: boolean;
}

export const POST_LOGOUT = '/bye';

/** Starts the socle, the listener and the clients. */
export async function startSuite(): Promise<Suite> {
  const server = await startIdentityServer();
  await server.addPerson(LOGIN, PASSWORD, {
    displayName: 'Éloïse Brun',
    givenName: 'Éloïse',
    familyName: 'Brun',
    language: 'fr',
  });
  const logoutTokens: string[] = [];
  const listener = await listen(logoutTokens);
  const origin = `http://localhost:${(listener.address() as AddressInfo).port}`;
  const redirectUri = `${origin}/callback`;
  const make = async (method: 'basic' | 'post'): Promise<SecretClient> => {
    const { client, secret } = await server.identity.clients.register(
      {
        client_name: 'Suite',
        redirect_uris: [redirectUri],
        post_logout_redirect_uris: [`${origin}${POST_LOGOUT}`],
        backchannel_logout_uri: `${origin}/backchannel-logout`,
        backchannel_logout_session_required: true,
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: `client_secret_${method}`,
      },
      BY,
    );
    return { id: client.clientId, secret: secret?.revealText() ?? '', method, redirectUri };
  };
  const [client, second, post] = [await make('basic'), await make('basic'), await make('post')];
  const keys = createRemoteJWKSet(new URL(`${server.issuer}/jwks`));

  const suite: Suite = {
    server,
    client,
    second,
    post,
    logoutTokens,
    discovery: async () => (await call(`${server.issuer}/.well-known/openid-configuration`)).body,
    async authorize(change = {}, options = {}) {
      const by = options.client ?? client;
      const verifier = randomToken(32);
      const request = new URLSearchParams();
      const given: Record<string, string | undefined> = {
        client_id: by.id,
        response_type: 'code',
        redirect_uri: by.redirectUri,
        scope: 'openid',
        state: randomToken(8),
        nonce: randomToken(8),
        code_challenge: sha256(verifier).toString('base64url'),
        code_challenge_method: 'S256',
        ...change,
      };
      for (const [name, value] of Object.entries(given)) if (value !== undefined) request.set(name, value);
      return walk(`${server.issuer}/auth`, request, verifier, by.redirectUri, options);
    },
    redeem: (walked, change = {}, by = client) =>
      tokenRequest(server.issuer, by, {
        grant_type: 'authorization_code',
        code: walked.answer.get('code') ?? '',
        code_verifier: walked.verifier,
        redirect_uri: by.redirectUri,
        ...change,
      }),
    async tokens(change, options = {}) {
      const walked = await suite.authorize(change, options);
      const answer = await suite.redeem(walked, {}, options.client);
      if (answer.status !== 200) throw new Error(`no tokens: ${answer.text}`);
      return { ...walked, body: answer.body };
    },
    async userInfo(token, how = 'get') {
      const url = `${server.issuer}/me`;
      const headers = { authorization: `Bearer ${String(token)}` };
      if (how === 'get') return call(url, { headers });
      if (how === 'header') return call(url, { method: 'POST', headers });
      return call(url, { method: 'POST', body: new URLSearchParams({ access_token: String(token) }) });
    },
    async verify(token, { typ, audience = client.id } = {}) {
      const options = { issuer: server.issuer, audience, ...(typ !== undefined && { typ }) };
      return (await jwtVerify(String(token), keys, options)).payload;
    },
    async close() {
      listener.closeAllConnections();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
      await server.close();
    },
  };
  return suite;
}

/** Follows an authorization request to the redirect URI, signing in where a page asks for it. */
export async function walk(
  address: string,
  request: URLSearchParams,
  verifier: string,
  redirectUri: string,
  options: WalkOptions = {},
): Promise<Walk> {
  const browser = options.browser ?? openBrowser();
  const first =
    options.method === 'post'
      ? await browser.post(address, Object.fromEntries(request))
      : await browser.get(`${address}?${request.toString()}`);
  let page = await browser.follow(first, redirectUri);
  const askedToSignIn = page.location === undefined && page.text.includes('name="password"');
  if (askedToSignIn && options.stopAtSignIn !== true) {
    page = await browser.follow(
      await browser.submit(page, { username: LOGIN, password: PASSWORD }),
      redirectUri,
    );
  }
  const answer = new URL(page.location ?? 'http://nowhere.invalid').searchParams;
  return { browser, answer, page, verifier, request, askedToSignIn };
}

/** A request to the token endpoint by a client with a secret. */
export function tokenRequest(
  issuer: string,
  client: SecretClient,
  fields: Record<string, string>,
): Promise<Answer> {
  const basic = Buffer.from(`${client.id}:${client.secret}`).toString('base64');
  return call(`${issuer}/token`, {
    method: 'POST',
    headers: client.method === 'basic' ? { authorization: `Basic ${basic}` } : {},
    body: new URLSearchParams(
      client.method === 'basic' ? fields : { ...fields, client_id: client.id, client_secret: client.secret },
    ),
  });
}

/** One HTTP request, redirects not followed. */
export async function call(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const text = await response.text();
  let body: Json = {};
  try {
    body = JSON.parse(text) as Json;
  } catch {
    // not JSON: `text` has it
  }
  return { status: response.status, headers: response.headers, body, text };
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
