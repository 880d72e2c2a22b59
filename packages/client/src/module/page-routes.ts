import { isLanguage, languageCookieName, type PageAssets } from '@socle/pages';
import type { FastifyInstance } from 'fastify';
import { requireSameOrigin } from '../session/csrf.ts';
import { parseReturnPath } from '../sign-in/return-path.ts';

const YEAR_SECONDS = 31_536_000;

/**
 * `/assets/…` (styles, fonts and scripts of the page kit, under names that change with their content) and
 * `POST /language` (the page kit's language form). A module that has a route of its own there keeps it.
 */
export function addPageRoutes(
  app: FastifyInstance,
  { assets, baseUrl }: { readonly assets: PageAssets; readonly baseUrl: string },
): void {
  if (!app.hasRoute({ method: 'GET', url: '/assets/*' })) {
    app.get('/assets/*', async (request, reply) => {
      const found = assets.find(new URL(request.url, baseUrl).pathname);
      if (!found) return reply.callNotFound();
      reply.header('etag', found.etag).header('cache-control', found.cacheControl);
      if (request.headers['if-none-match'] === found.etag) return reply.code(304).send();
      return reply.type(found.contentType).send(found.body);
    });
  }
  if (app.hasRoute({ method: 'POST', url: '/language' })) return;
  // Open to those who are not signed in: a page of another site could change the language at most, and may not.
  app.post('/language', { config: { csrf: 'exempt' } }, async (request, reply) => {
    requireSameOrigin(request, baseUrl);
    const { language, returnTo } = (request.body ?? {}) as { language?: unknown; returnTo?: unknown };
    if (isLanguage(language)) {
      reply.setCookie(languageCookieName, language, {
        path: '/',
        maxAge: YEAR_SECONDS,
        sameSite: 'lax',
        httpOnly: true,
        secure: baseUrl.startsWith('https:'),
      });
    }
    return reply.redirect(parseReturnPath(returnTo, baseUrl), 303);
  });
}
