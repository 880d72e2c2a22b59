// oidc-provider alone, in a process of its own: what the library costs before anything is kept, checked or logged.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Adapter, type AdapterPayload, type ClientMetadata } from 'oidc-provider';
import { makeKeys } from '../../test/support/reference-provider.ts';

/** Forgets only what is deleted: the memory of the process stands for a database that costs nothing. */
class MapAdapter implements Adapter {
  static readonly rows = new Map<string, AdapterPayload>();
  readonly #model: string;

  constructor(model: string) {
    this.#model = model;
  }

  #key(id: string): string {
    return `${this.#model}:${id}`;
  }

  async upsert(id: string, payload: AdapterPayload): Promise<void> {
    MapAdapter.rows.set(this.#key(id), payload);
    if (payload.uid !== undefined) MapAdapter.rows.set(this.#key(`uid ${payload.uid}`), payload);
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return MapAdapter.rows.get(this.#key(id));
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.find(`uid ${uid}`);
  }

  findByUserCode(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async consume(id: string): Promise<void> {
    const row = MapAdapter.rows.get(this.#key(id));
    if (row) row['consumed'] = Math.floor(Date.now() / 1000);
  }

  async destroy(id: string): Promise<void> {
    MapAdapter.rows.delete(this.#key(id));
  }

  async revokeByGrantId(): Promise<void> {}
}

const given = process.env['BARE_CLIENTS'];
if (given !== undefined && process.send) {
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const { privateJwk } = await makeKeys('bare');
  const provider = new Provider(issuer, {
    adapter: MapAdapter,
    clients: JSON.parse(given) as ClientMetadata[],
    jwks: { keys: [privateJwk] },
    cookies: { keys: ['bench'] },
    scopes: ['openid', 'profile', 'socle:module'],
    claims: { openid: ['sub', 'acr', 'amr', 'auth_time'], profile: ['name', 'given_name', 'family_name'] },
    pkce: { required: () => true },
    findAccount: (_ctx, sub) => ({
      accountId: sub,
      claims: () => ({ sub, name: 'Maëlle Le Goff', given_name: 'Maëlle', family_name: 'Le Goff' }),
    }),
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: 'socle:module',
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: async (ctx) => {
      const { client, session } = ctx.oidc;
      const known = session!.grantIdFor(client!.clientId);
      const found = known === undefined ? undefined : await ctx.oidc.provider.Grant.find(known);
      if (found) return found;
      const grant = new ctx.oidc.provider.Grant({
        clientId: client!.clientId,
        accountId: session!.accountId!,
      });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void answer(request, response);
    return void provider.interactionFinished(request, response, {
      login: { accountId: 'camille', acr: 'password', amr: ['pwd'] },
    });
  });
  process.send({ issuer });
}
