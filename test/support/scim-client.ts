import { registerScimClient } from '@socle/service';
import type { SocleUnderTest } from './socle-under-test.ts';

/** An answer of the SCIM service provider. */
export interface ScimAnswer {
  readonly status: number;
  readonly headers: Headers;
  // The tests say what they expect to be in it.
  readonly body: Record<string, never>;
  readonly text: string;
}

/** A registered client that holds a token for SCIM. */
export interface ScimClient {
  readonly clientId: string;
  readonly token: string;
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<ScimAnswer>;
}

/** Registers a client for one controller, by its code, and takes a token from the real token endpoint. */
export async function openScimClient(
  world: SocleUnderTest,
  clientId: string,
  controller: string,
): Promise<ScimClient> {
  const { secret } = await registerScimClient(
    world.socle,
    { client: { client_id: clientId }, scim: { controller } },
    { actor: { kind: 'system', id: 'test' } },
  );
  const token = await askToken(world.issuer, clientId, secret!.revealText());
  return {
    clientId,
    token,
    async call(method, path, body, headers = {}) {
      const response = await fetch(`${world.issuer}/scim/v2${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: (text === '' ? {} : JSON.parse(text)) as Record<string, never>,
        text,
      };
    },
  };
}

/** An access token by client_credentials for a resource and scope; throws with the provider's answer. */
export async function askToken(
  issuer: string,
  clientId: string,
  secret: string,
  scope = 'scim',
  resource = `${issuer}/scim/v2`,
): Promise<string> {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope, resource }),
  });
  const answer = (await response.json()) as { access_token?: string; error?: string };
  if (!answer.access_token) throw new Error(`no token: ${JSON.stringify(answer)}`);
  return answer.access_token;
}

export const SOCLE_USER = 'urn:ietf:params:scim:schemas:extension:socle:2.0:User';
export const SOCLE_GROUP = 'urn:ietf:params:scim:schemas:extension:socle:2.0:Group';

/** A user as a client sends it. */
export function user(
  externalId: string,
  role: string,
  school: string,
  change: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', SOCLE_USER],
    externalId,
    userName: `compte-${externalId}`,
    name: { familyName: 'Le Bihan', givenName: 'Nolwenn' },
    emails: [{ value: 'nolwenn@example.org', primary: true }],
    password: 'jamais gardé 1234',
    [SOCLE_USER]: { roles: [{ role, school }] },
    ...change,
  };
}

/** The message of a PATCH. */
export const patch = (...Operations: readonly unknown[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations,
});
