import fc from 'fast-check';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BY, startIdentityServer, type IdentityServer } from '../support/identity-server.ts';
import { openRelyingParty, type RelyingParty } from '../support/relying-party.ts';

const RUNS = { numRuns: 60 };
/** Text with everything that parsers stumble on: controls, separators, surrogates, long runs. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom(
    '',
    '\0',
    '%',
    '%00',
    '%ff',
    '{',
    '[[[[',
    '..',
    '#x',
    '" OR 1=1',
    'a'.repeat(5_000),
    '\u202e',
  ),
);
const parameters = [
  'client_id',
  'redirect_uri',
  'response_type',
  'scope',
  'state',
  'nonce',
  'claims',
  'request',
  'request_uri',
  'id_token_hint',
  'max_age',
  'prompt',
  'acr_values',
  'ui_locales',
  'resource',
  'code_challenge',
  'dpop_jkt',
  'response_mode',
  'code',
  'code_verifier',
  'refresh_token',
  'grant_type',
  'client_assertion',
  'token',
  'subject_token',
  'audience',
  'device_code',
  'user_code',
  'xsrf',
  'post_logout_redirect_uri',
  'logout_hint',
] as const;
// An empty object is a client of no grant of people: the one value here that is registered.
const anyValue = fc.anything({ maxDepth: 3 }).filter((value) => JSON.stringify(value) !== '{}');
const fields = fc.dictionary(fc.constantFrom(...parameters), anyText, { maxKeys: 8 });

describe('T-IDN-51 bytes that nobody expects', () => {
  let server: IdentityServer;
  let party: RelyingParty;
  beforeAll(async () => {
    server = await startIdentityServer();
    party = await openRelyingParty(server.identity, server.issuer);
  });
  afterAll(async () => {
    await party.close();
    await server.close();
  });
  /** Refused or answered, never a failure of the server. */
  const isAnswered = (status: number) => status >= 200 && status < 500;

  const gets = ['/auth', '/session/end', '/device', '/me', '/sign-in', '/session/end/success'];
  it.each(gets)('get an answer at GET %s', async (path) => {
    await fc.assert(
      fc.asyncProperty(fields, async (given) => {
        const query = new URLSearchParams(given).toString();
        const { status } = await fetch(`${server.issuer}${path}?${query}`, { redirect: 'manual' });
        expect(isAnswered(status)).toBe(true);
      }),
      RUNS,
    );
  });

  const posts = [
    '/token',
    '/request',
    '/token/introspection',
    '/token/revocation',
    '/device/auth',
    '/auth',
    '/me',
  ];
  it.each(posts)(
    'get an answer at POST %s, from a client that proves itself and from one that does not',
    async (path) => {
      await fc.assert(
        fc.asyncProperty(fields, fc.boolean(), async (given, proven) => {
          const client = {
            client_id: party.clientId,
            client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
            client_assertion: await party.assertion(),
          };
          const body = new URLSearchParams({ ...given, ...(proven && client) });
          const { status } = await fetch(`${server.issuer}${path}`, {
            method: 'POST',
            body,
            redirect: 'manual',
          });
          expect(isAnswered(status)).toBe(true);
        }),
        RUNS,
      );
    },
  );

  it('get an answer as a body that is no form, and as headers', async () => {
    // what HTTP lets through in a header
    const header = fc
      .string({ unit: 'binary-ascii', maxLength: 300 })
      .map((text) => text.replace(/[^\x20-\x7e]/g, ''));
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), header, async (bytes, text) => {
        for (const path of ['/token', '/request', '/register']) {
          const { status } = await fetch(`${server.issuer}${path}`, {
            method: 'POST',
            body: Buffer.from(bytes),
            headers: {
              authorization: text,
              dpop: text,
              cookie: `socle_session=${text}`,
              'client-cert': text,
            },
          });
          expect(isAnswered(status)).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it('get 201, 400 or 415 as metadata of a client, and register nothing by accident', async () => {
    const { token } = await server.identity.registrationTokens.issue({ label: 'fuzz', uses: 100 }, BY);
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), async (metadata) => {
        const response = await fetch(`${server.issuer}/register`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token.revealText()}`, 'content-type': 'application/json' },
          body: JSON.stringify(metadata),
        });
        expect(response.status).toBe(400);
      }),
      RUNS,
    );
  });

  it('are refused as metadata given to the command line, by a typed error', async () => {
    await fc.assert(
      fc.asyncProperty(anyValue, async (metadata) => {
        await expect(server.identity.clients.register(metadata, BY)).rejects.toMatchObject({
          code: 'client_metadata_refused',
        });
      }),
      { numRuns: 200, examples: [[null], [[]], ['x']] },
    );
  });

  it('do not stop the server: broken HTTP is cut off, and the next request is answered', async () => {
    for (const bytes of [
      'GET /auth HTTP/9\r\n\r\n',
      'POST /token HTTP/1.1\r\ncontent-length: -1\r\n\r\n',
      '\0\0\0\0\r\n\r\n',
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connect(Number(new URL(server.issuer).port), '127.0.0.1', () => socket.end(bytes));
        socket
          .on('error', () => resolve())
          .on('close', () => resolve())
          .resume();
      });
    }
    expect((await fetch(`${server.issuer}/.well-known/openid-configuration`)).status).toBe(200);
  });
});
