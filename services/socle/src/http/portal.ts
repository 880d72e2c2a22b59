import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { chooseLanguage, languageCookieName, type Language } from '@socle/pages';
import type { Socle } from '../compose.ts';
import { loadModules } from '../modules/store.ts';
import { loadPersonContext } from '../modules/person-context.ts';
import { renderPortal } from '../pages/portal-page.ts';
import { readCookie } from './read-cookie.ts';

const A_YEAR_SECONDS = 31_536_000;

/** `/`: the portal of the person who is signed in; and the choice of language. */
export function buildPortal(socle: Socle): FastifyPluginAsync {
  return async (app) => {
    app.get('/', { schema: { hide: true } }, async (request, reply) => {
      const session = await socle.identity.checkSession(request);
      if (!session) return reply.redirect(socle.identity.signInAddress('/'), 303);
      const { context, modules } = await socle.database.transaction(
        async (tx) => ({
          context: await loadPersonContext(tx, session.personId, socle.clock.now()),
          modules: await loadModules(tx),
        }),
        { scope: 'all', readOnly: true },
      );
      if (!context) return reply.redirect(socle.identity.signInAddress('/'), 303);
      return reply
        .type('text/html')
        .send(renderPortal({ language: languageOf(request), assets: socle.assets, context, modules }));
    });

    app.post<{ Body: { language?: string; returnTo?: string } }>(
      '/language',
      { schema: { hide: true } },
      async (request, reply) => {
        const language = chooseLanguage(request.headers['accept-language'], request.body?.language);
        const wanted = request.body?.returnTo ?? '/';
        // a path of this service only: an address elsewhere would make this an open redirector
        const returnTo = /^\/(?![/\\])[^\s\\]*$/.test(wanted) ? wanted : '/';
        return reply
          .header(
            'set-cookie',
            `${languageCookieName}=${language}; Path=/; Max-Age=${A_YEAR_SECONDS}; SameSite=Lax; HttpOnly`,
          )
          .redirect(returnTo, 303);
      },
    );
  };
}

/** The person's choice, then the browser's, then French. */
export function languageOf(request: FastifyRequest): Language {
  return chooseLanguage(
    request.headers['accept-language'],
    readCookie(request.headers.cookie, languageCookieName),
  );
}
