import type { webcrypto } from 'node:crypto';
import { SignJWT, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { randomToken, sha256 } from '@socle/base';
import type { HttpBrowser } from '../../support/http-browser.ts';
import { BY } from '../../support/identity-server.ts';
import {
  call,
  startSuite,
  walk,
  type Answer,
  type Json,
  type Suite,
  type Walk,
  type WalkOptions,
} from './driver.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** A key that proofs are signed with. */
export interface ProofKey {
  readonly jwk: JWK;
  readonly thumbprint: string;
  readonly privateKey: webcrypto.CryptoKey;
}

/** What a test changes of one DPoP proof. */
export interface ProofChange {
  readonly claims?: Json;
  readonly header?: Json;
  readonly without?: readonly string[];
}

export interface AssertionChange {
  readonly claims?: Json;
  readonly without?: readonly string[];
  readonly alg?: string;
  readonly key?: webcrypto.CryptoKey;
}

/** A client of the FAPI 2.0 profile: private_key_jwt, pushed requests, DPoP. */
export interface FapiClient {
  readonly id: string;
  readonly redirectUri: string;
  readonly key: webcrypto.CryptoKey;
  readonly rsaKey: webcrypto.CryptoKey;
  readonly proofKey: ProofKey;
  assertion(change?: AssertionChange): Promise<string>;
  proof(method: string, url: string, change?: ProofChange, key?: ProofKey): Promise<string>;
  /** A pushed request; `fields` undefined leaves a parameter out. */
  push(
    fields?: Record<string, string | undefined>,
    options?: PushOptions,
  ): Promise<Answer & { verifier: string }>;
  /** Pushes, walks through sign-in, and comes back. */
  authorize(fields?: Record<string, string | undefined>, options?: PushOptions & WalkOptions): Promise<Walk>;
  redeem(walked: Walk, options?: RedeemOptions): Promise<Answer>;
  userInfo(token: unknown, options?: ProofChange & { scheme?: string; key?: ProofKey }): Promise<Answer>;
}

interface PushOptions {
  readonly assertion?: string | null;
  readonly proof?: string;
}

interface RedeemOptions {
  readonly fields?: Record<string, string | undefined>;
  readonly assertion?: string | null;
  /** null sends none. */
  readonly proof?: string | null;
}

export interface FapiSuite {
  readonly suite: Suite;
  readonly client: FapiClient;
  readonly second: FapiClient;
  readonly issuer: string;
  close(): Promise<void>;
}

/** Starts a socle with two clients of the profile `fapi2`. */
export async function startFapiSuite(): Promise<FapiSuite> {
  const suite = await startSuite();
  const { issuer } = suite.server;
  return {
    suite,
    issuer,
    client: await openClient(suite, issuer),
    second: await openClient(suite, issuer),
    close: () => suite.close(),
  };
}

export async function makeProofKey(): Promise<ProofKey> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(publicKey);
  return { jwk, privateKey, thumbprint: await calculateJwkThumbprint(jwk) };
}

async function openClient(suite: Suite, issuer: string): Promise<FapiClient> {
  const [ec, rsa] = [await generateKeyPair('ES256'), await generateKeyPair('RS256', { extractable: true })];
  const { redirectUri } = suite.client;
  const { client } = await suite.server.identity.clients.register(
    {
      client_name: 'Suite FAPI',
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'private_key_jwt',
      id_token_signed_response_alg: 'ES256',
      socle_profile: 'fapi2',
      require_pushed_authorization_requests: true,
      dpop_bound_access_tokens: true,
      jwks: {
        keys: [
          { ...(await exportJWK(ec.publicKey)), kid: 'ec', use: 'sig' },
          { ...(await exportJWK(rsa.publicKey)), kid: 'rsa', use: 'sig' },
        ],
      },
    },
    BY,
  );
  const proofKey = await makeProofKey();
  const now = () => Math.floor(Date.now() / 1000);
  const own: FapiClient = {
    id: client.clientId,
    redirectUri,
    key: ec.privateKey,
    rsaKey: rsa.privateKey,
    proofKey,
    assertion({ claims = {}, without = [], alg = 'ES256', key = ec.privateKey } = {}) {
      const all: Json = {
        iss: client.clientId,
        sub: client.clientId,
        aud: issuer,
        jti: randomToken(),
        iat: now(),
        exp: now() + 60,
        ...claims,
      };
      for (const name of without) delete all[name];
      return new SignJWT(all).setProtectedHeader({ alg, kid: alg.startsWith('ES') ? 'ec' : 'rsa' }).sign(key);
    },
    proof(method, url, { claims = {}, header = {}, without = [] } = {}, key = proofKey) {
      const all: Json = { jti: randomToken(), htm: method, htu: url, iat: now(), ...claims };
      for (const name of without) delete all[name];
      return new SignJWT(all)
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: key.jwk, ...header })
        .sign(key.privateKey);
    },
    async push(fields = {}, options = {}) {
      const verifier = randomToken(32);
      const body = form({
        client_id: client.clientId,
        response_type: 'code',
        redirect_uri: redirectUri,
        scope: 'openid profile',
        state: randomToken(8),
        nonce: randomToken(8),
        code_challenge: sha256(verifier).toString('base64url'),
        code_challenge_method: 'S256',
        ...(await authentication(own, options.assertion)),
        ...fields,
      });
      const headers: Record<string, string> = options.proof === undefined ? {} : { dpop: options.proof };
      return { ...(await call(`${issuer}/request`, { method: 'POST', body, headers })), verifier };
    },
    async authorize(fields = {}, options = {}) {
      const pushed = await own.push(fields, options);
      if (pushed.status !== 201) throw new Error(`not pushed: ${pushed.text}`);
      const request = new URLSearchParams({
        client_id: client.clientId,
        request_uri: String(pushed.body['request_uri']),
      });
      return walk(`${issuer}/auth`, request, pushed.verifier, redirectUri, options);
    },
    async redeem(walked, options = {}) {
      const url = `${issuer}/token`;
      const proof = options.proof === undefined ? await own.proof('POST', url) : options.proof;
      return call(url, {
        method: 'POST',
        headers: proof === null ? {} : { dpop: proof },
        body: form({
          grant_type: 'authorization_code',
          code: walked.answer.get('code') ?? '',
          code_verifier: walked.verifier,
          redirect_uri: redirectUri,
          ...(await authentication(own, options.assertion)),
          ...options.fields,
        }),
      });
    },
    async userInfo(token, { scheme = 'DPoP', key = proofKey, claims = {}, ...change } = {}) {
      const url = `${issuer}/me`;
      const ath = sha256(String(token)).toString('base64url');
      const dpop = await own.proof('GET', url, { ...change, claims: { ath, ...claims } }, key);
      return call(url, { headers: { authorization: `${scheme} ${String(token)}`, dpop } });
    },
  };
  return own;
}

async function authentication(
  client: FapiClient,
  assertion: string | null | undefined,
): Promise<Record<string, string>> {
  if (assertion === null) return {};
  return {
    client_id: client.id,
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: assertion ?? (await client.assertion()),
  };
}

function form(fields: Record<string, string | undefined>): URLSearchParams {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) body.set(name, value);
  return body;
}

/** Tokens of one whole walk. */
export async function fapiTokens(
  client: FapiClient,
  browser?: HttpBrowser,
): Promise<{ walked: Walk; body: Json }> {
  const walked = await client.authorize({}, browser ? { browser } : {});
  const answer = await client.redeem(walked);
  if (answer.status !== 200) throw new Error(`no tokens: ${answer.text}`);
  return { walked, body: answer.body };
}
