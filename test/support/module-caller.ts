import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { SignJWT, importJWK, type JWK } from 'jose';
import { databaseUrl, joinEmbeddedServer, openDatabase, type Database } from '@socle/db';
import type { RunningTerritory } from './running-territory.ts';

/** What an attacker who holds a client's key can do at the socle. */
export interface KeyHolder {
  /** An access token for modules; throws with the provider's answer when it refuses. */
  token(): Promise<string>;
  /** A call with that token, or with `authorization` as given. */
  call(method: 'GET' | 'POST', address: string, body?: unknown, authorization?: string): Promise<CallAnswer>;
}

export interface CallAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly text: string;
}

/** Acts with the key of the grades module of the territory. */
export async function takeOverGrades(territory: RunningTerritory): Promise<KeyHolder> {
  const file = path.join(territory.dataDir, 'modules', 'grades.key.json');
  return holdKey(territory.issuer, 'grades', JSON.parse(await readFile(file, 'utf8')) as JWK);
}

/** Acts with the private key of any client that authenticates by private_key_jwt (RFC 7523). */
export function holdKey(issuer: string, clientId: string, jwk: JWK): KeyHolder {
  async function token(): Promise<string> {
    const assertion = await new SignJWT({ jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: 'ES256', ...(jwk.kid ? { kid: jwk.kid } : {}) })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(issuer)
      .setIssuedAt()
      .setExpirationTime('60s')
      .sign(await importJWK(jwk, 'ES256'));
    const response = await fetch(`${issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        scope: 'socle:module',
        resource: `${issuer}/modules`,
        client_id: clientId,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }),
    });
    const answer = (await response.json()) as { access_token?: string; error?: string };
    if (!answer.access_token) throw new Error(`no token: ${answer.error}`);
    return answer.access_token;
  }
  return {
    token,
    async call(method, address, body, authorization) {
      const response = await fetch(`${issuer}${address}`, {
        method,
        headers: {
          authorization: authorization ?? `Bearer ${await token()}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = /json/.test(response.headers.get('content-type') ?? '');
      return {
        status: response.status,
        text,
        body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
      };
    },
  };
}

/** The grades module's own database, as whoever stole it would read it. The caller closes it. */
export async function openStolenDatabase(territory: RunningTerritory): Promise<Database> {
  const server = await joinEmbeddedServer(path.join(territory.dataDir, 'postgres'));
  if (!server) throw new Error('the embedded server of the territory does not answer');
  return openDatabase({ url: databaseUrl(server.adminUrl, { database: 'grades' }) });
}
