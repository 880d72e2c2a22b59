import fastify from 'fastify';
import type { Identity } from '@socle/identity';
import { areas } from '@socle/service';

/** Addresses of sign-in and account that are no page of their own, and why. */
const NO_PAGE: Readonly<Record<string, string>> = {
  '/sign-in': 'leads to /sign-in/:uid',
  '/sign-in/activate': 'leads to /sign-in/:uid/activate',
  '/sign-in/badge': 'leads to /sign-in/:uid/badge',
  '/sign-in/parent': 'leads to /sign-in/:uid/parent',
  '/sign-out': 'leads to /session/end',
  '/auth/:uid': 'leads back into a request',
  '/device/:uid': 'leads back into a request',
  '/me': 'data for services',
  '/jwks': 'data for services',
  '/register/:clientId': 'data for services',
  '/sign-in/:uid/passkey': 'leads back to /sign-in/:uid',
  '/.well-known/openid-configuration': 'data for services',
  '/.well-known/oauth-authorization-server': 'data for services',
};

/** Patterns that sign-in and account answer by GET, as they register them; `pages` are those that are pages. */
export async function listIdentityPages(
  identity: Pick<Identity, 'routes'>,
): Promise<{ readonly routes: readonly string[]; readonly pages: readonly string[] }> {
  const found = new Set<string>();
  const app = fastify();
  app.addHook('onRoute', ({ method, url }) => {
    if ([method].flat().includes('GET')) found.add(url);
  });
  await app.register(identity.routes);
  await app.close();
  const account = areas.find(({ id }) => id === 'account');
  const nothing = () => {};
  account?.routes({ get: (path) => found.add(path), post: nothing, upload: nothing });
  const routes = [...found];
  return { routes, pages: routes.filter((route) => !(route in NO_PAGE)) };
}
