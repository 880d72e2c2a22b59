import { SignJWT, importJWK } from 'jose';
import { randomToken, sha256 } from '@socle/base';
import { openBrowser, type HttpBrowser } from '../../test/support/http-browser.ts';
import type { Answer, HttpCaller } from './http-caller.ts';
import { REDIRECT_URI, type Served } from './served.ts';

/** One flow: what each of the callers does again and again. */
export interface Flow {
  readonly name: string;
  /** Gets one caller ready; gives what it does in a turn. */
  open(served: Served, caller: HttpCaller, index: number): Promise<() => Promise<void>>;
}

/** Signs in by the pages; gives the code. */
export async function signIn(
  served: Served,
  browser: HttpBrowser,
  index: number,
): Promise<{ code: string; verifier: string }> {
  const { query, verifier } = authorizationRequest(served);
  let page = await browser.follow(await browser.get(`${served.issuer}/auth?${query}`), REDIRECT_URI);
  if (page.location === undefined) {
    const { login, password } = served.people[index % served.people.length]!;
    page = await browser.follow(await browser.submit(page, { username: login, password }), REDIRECT_URI);
  }
  const code = page.location && new URL(page.location).searchParams.get('code');
  if (!code) throw new Error(`a sign-in failed: ${page.status} ${page.location ?? ''}`);
  return { code, verifier };
}

/** Redeems a code; gives the tokens. */
export async function redeem(
  served: Served,
  caller: HttpCaller,
  { code, verifier }: { code: string; verifier: string },
): Promise<Tokens> {
  const fields = {
    grant_type: 'authorization_code',
    code,
    code_verifier: verifier,
    redirect_uri: REDIRECT_URI,
  };
  return tokensOf(await caller.post('/token', fields, basic(served)));
}

export const signInFlow: Flow = {
  name: 'sign-in by password, four requests',
  async open(served, _caller, index) {
    let turn = index;
    return async () => {
      await signIn(served, openBrowser(), (turn += 1));
    };
  },
};

export const refreshFlow: Flow = {
  name: 'token by refresh',
  async open(served, caller, index) {
    const first = await redeem(served, caller, await signIn(served, openBrowser(), index));
    let token = first.refresh_token;
    return async () => {
      const fields = { grant_type: 'refresh_token', refresh_token: token };
      token = tokensOf(await caller.post('/token', fields, basic(served))).refresh_token;
    };
  },
};

export const clientCredentialsFlow: Flow = {
  name: 'client credentials (secret)',
  open: async (served, caller) => async () => {
    tokensOf(await caller.post('/token', { grant_type: 'client_credentials' }, basic(served)));
  },
};

export const moduleTokenFlow: Flow = {
  name: 'client credentials (key and signed token, as modules do)',
  async open(served, caller) {
    const key = await importJWK(served.withKey.key, 'ES256');
    return async () => {
      const now = Math.floor(Date.now() / 1000);
      const { id } = served.withKey;
      const assertion = await new SignJWT({ iss: id, sub: id, aud: served.issuer, jti: randomToken() })
        .setProtectedHeader({ alg: 'ES256' })
        .setIssuedAt(now)
        .setExpirationTime(now + 60)
        .sign(key);
      const fields = {
        grant_type: 'client_credentials',
        resource: served.resource,
        scope: 'socle:module',
        client_id: id,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      };
      tokensOf(await caller.post('/token', fields));
    };
  },
};

export const introspectionFlow: Flow = {
  name: 'introspection',
  async open(served, caller, index) {
    const { access_token: token } = await redeem(served, caller, await signIn(served, openBrowser(), index));
    return async () => {
      const answer = await caller.post('/token/introspection', { token }, basic(served));
      if (answer.status !== 200 || !answer.text.includes('"active":true')) throw failed(answer);
    };
  },
};

export const userinfoFlow: Flow = {
  name: 'userinfo',
  async open(served, caller, index) {
    const { access_token: token } = await redeem(served, caller, await signIn(served, openBrowser(), index));
    return async () => {
      const answer = await caller.get('/me', { authorization: `Bearer ${token}` });
      if (answer.status !== 200 || !answer.text.includes('"name"')) throw failed(answer);
    };
  },
};

export const codeFlow: Flow = {
  name: 'code flow on an existing session, two requests',
  async open(served, caller, index) {
    const browser = openBrowser();
    await signIn(served, browser, index);
    const jar = new Map(browser.cookies(`${served.issuer}/auth`));
    return async () => {
      const { query, verifier } = authorizationRequest(served);
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await caller.get(`/auth?${query}`, { cookie });
      for (const line of answer.headers['set-cookie'] ?? []) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (name !== undefined && value !== undefined) jar.set(name, value);
      }
      const { location } = answer.headers;
      const code = location && new URL(location).searchParams.get('code');
      if (!code) throw failed(answer);
      await redeem(served, caller, { code, verifier });
    };
  },
};

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

function authorizationRequest(served: Served): { query: string; verifier: string } {
  const verifier = randomToken(32);
  const query = new URLSearchParams({
    client_id: served.withSecret.id,
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope: 'openid profile',
    state: randomToken(8),
    nonce: randomToken(8),
    code_challenge: sha256(verifier).toString('base64url'),
    code_challenge_method: 'S256',
  });
  return { query: query.toString(), verifier };
}

export function basic({ withSecret }: Served): Record<string, string> {
  const pair = `${encodeURIComponent(withSecret.id)}:${encodeURIComponent(withSecret.secret)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

function tokensOf(answer: Answer): Tokens {
  if (answer.status !== 200) throw failed(answer);
  return JSON.parse(answer.text) as Tokens;
}

function failed(answer: Answer): Error {
  return new Error(`answered ${answer.status} ${answer.text.slice(0, 200)}`);
}
