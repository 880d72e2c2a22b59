import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { silentLog, type ManualClock } from '@socle/base';
import {
  migrations,
  openClient,
  openModuleDatabase,
  type Client,
  type ClientOptions,
  type ModuleDatabase,
} from '@socle/client';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import type { JWK } from 'jose';
import Fastify, { type FastifyInstance } from 'fastify';
import { makeKeys } from './reference-provider.ts';

/** A module on the client library, listening, with a real PostgreSQL of its own. */
export interface ModuleUnderTest {
  readonly client: Client;
  readonly app: FastifyInstance;
  readonly database: ModuleDatabase;
  readonly test: TestDatabase;
  readonly clock: ManualClock;
  readonly baseUrl: string;
  readonly clientId: string;
  /** The module's private key, as who took it over would hold it. */
  readonly privateJwk: JWK;
  close(): Promise<void>;
}

export interface ModuleUnderTestOptions {
  /** Registers the module at a provider and gives the issuer. */
  readonly register: (metadata: Record<string, unknown>) => Promise<string>;
  readonly client?: Partial<ClientOptions>;
  /** Default `absences`. */
  readonly clientId?: string;
  /** More routes of the module. */
  readonly routes?: (app: FastifyInstance, client: Client) => void;
}

/** The machine's clock, as the provider reads it, moved by what a test says. */
function buildShiftedClock(): ManualClock {
  let shiftMs = 0;
  return {
    now: () => new Date(Date.now() + shiftMs),
    set: (instant) => {
      shiftMs = instant.getTime() - Date.now();
    },
    advanceSeconds: (seconds) => {
      shiftMs += seconds * 1000;
    },
  };
}

/** Opens module `absences`: `/` (who am I), `/lists/:id`, and `/notes` (a form), for those who are signed in. */
export async function openModuleUnderTest(options: ModuleUnderTestOptions): Promise<ModuleUnderTest> {
  const clientId = options.clientId ?? 'absences';
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://localhost:${(server.address() as AddressInfo).port}`;
  const { privateJwk, publicJwk } = await makeKeys('absences-1');
  const issuer = await options.register({
    client_id: clientId,
    redirect_uris: [`${baseUrl}/oidc/callback`],
    post_logout_redirect_uris: [`${baseUrl}/signed-out`],
    backchannel_logout_uri: `${baseUrl}/oidc/backchannel-logout`,
    backchannel_logout_session_required: true,
    grant_types: ['authorization_code', 'client_credentials'],
    response_types: ['code'],
    token_endpoint_auth_method: 'private_key_jwt',
    id_token_signed_response_alg: 'ES256',
    scope: 'openid socle:module',
    jwks: { keys: [publicJwk] },
  });
  const test = await openTestDatabase([migrations], { prefix: 'absences', extraLogins: [] });
  const database = await openModuleDatabase({
    name: 'absences',
    url: test.url('app'),
    migratorUrl: test.url('migrator'),
    migrations: new URL('./module-migrations/', import.meta.url),
  });
  const clock = buildShiftedClock();
  const client = await openClient({
    issuer,
    clientId,
    privateKeyJwk: privateJwk,
    baseUrl,
    database,
    clock,
    log: silentLog,
    title: { fr: 'Absences', en: 'Absences' },
    actions: {
      'absences.note.written': {
        class: 'A',
        title: { fr: 'Note écrite', en: 'Note written' },
        detail: { 'length?': 'integer' },
      },
    },
    ...options.client,
  });
  const app = Fastify({
    serverFactory: (handler) => {
      server.on('request', handler);
      return server;
    },
  });
  await app.register(client.plugin);
  app.get('/', async (request, reply) => {
    const session = await client.requireSession(request, reply);
    return { sub: session.sub, sid: session.sid, acr: session.acr, csrf: client.csrfToken(session) };
  });
  app.get('/lists/:id', async (request, reply) => {
    const session = await client.requireSession(request, reply);
    return { sub: session.sub, url: request.url };
  });
  app.post('/notes', async (request, reply) => {
    const session = await client.requireSession(request, reply);
    return { sub: session.sub, kept: true };
  });
  options.routes?.(app, client);
  await app.ready();
  return {
    client,
    app,
    database,
    test,
    clock,
    baseUrl,
    clientId,
    privateJwk,
    async close() {
      server.closeAllConnections();
      await app.close();
      await client.close();
      await database.close();
      await test.close();
    },
  };
}
