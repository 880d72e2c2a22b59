import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildManualClock, silentLog, type ManualClock } from '@socle/base';
import {
  migrations,
  openClient,
  openModuleDatabase,
  type Client,
  type ClientOptions,
  type ModuleDatabase,
} from '@socle/client';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import Fastify, { type FastifyInstance } from 'fastify';
import { openBrowser, type Browser, type BrowserAnswer } from './browser.ts';
import { makeKeys, startReferenceProvider, type ReferenceProvider } from './reference-provider.ts';

/** A module on the client library, on a real PostgreSQL, beside a real provider. */
export interface ModuleWorld {
  readonly provider: ReferenceProvider;
  readonly client: Client;
  readonly app: FastifyInstance;
  readonly database: ModuleDatabase;
  readonly test: TestDatabase;
  readonly clock: ManualClock;
  readonly baseUrl: string;
  readonly clientId: string;
  /** Signs in from `path` as the provider's `account`, to the page that is then shown. */
  signIn(browser: Browser, path?: string): Promise<BrowserAnswer>;
  close(): Promise<void>;
}

export interface ModuleWorldOptions {
  readonly client?: Partial<ClientOptions>;
  /** More routes of the module. */
  readonly routes?: (app: FastifyInstance, client: Client) => void;
}

const CLIENT_ID = 'absences';

/** Opens the world: module `absences` with `/` (who am I) and `/notes` (a form) for those who are signed in. */
export async function openModuleWorld(options: ModuleWorldOptions = {}): Promise<ModuleWorld> {
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://localhost:${(server.address() as AddressInfo).port}`;
  const { privateJwk, publicJwk } = await makeKeys('absences-1');
  const provider = await startReferenceProvider(() => [
    {
      client_id: CLIENT_ID,
      redirect_uris: [`${baseUrl}/oidc/callback`],
      post_logout_redirect_uris: [`${baseUrl}/signed-out`],
      backchannel_logout_uri: `${baseUrl}/oidc/backchannel-logout`,
      backchannel_logout_session_required: true,
      grant_types: ['authorization_code', 'client_credentials'],
      response_types: ['code'],
      token_endpoint_auth_method: 'private_key_jwt',
      id_token_signed_response_alg: 'ES256',
      scope: 'openid socle:module',
      jwks: { keys: [publicJwk as never] },
    },
  ]);
  const test = await openTestDatabase([migrations], { prefix: 'absences', extraLogins: [] });
  const database = await openModuleDatabase({
    name: 'absences',
    url: test.url('app'),
    migratorUrl: test.url('migrator'),
    migrations: new URL('./module-migrations/', import.meta.url),
  });
  const clock = buildManualClock(new Date());
  const client = await openClient({
    issuer: provider.issuer,
    clientId: CLIENT_ID,
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
    provider,
    client,
    app,
    database,
    test,
    clock,
    baseUrl,
    clientId: CLIENT_ID,
    signIn: async (browser, path = '/') => browser.follow(await browser.get(`${baseUrl}${path}`)),
    async close() {
      server.closeAllConnections();
      await app.close();
      await client.close();
      await provider.close();
      await database.close();
      await test.close();
    },
  };
}

/** A browser that is signed in as `account`, with its page's form token. */
export async function openSignedInBrowser(
  world: ModuleWorld,
  account = 'camille',
): Promise<{ browser: Browser; csrf: string; sid: string }> {
  world.provider.account = account;
  const browser = openBrowser();
  const page = await world.signIn(browser);
  const { csrf, sid } = JSON.parse(page.text) as { csrf: string; sid: string };
  return { browser, csrf, sid };
}
