import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { chooseLanguage, languageCookieName, type Language } from '@socle/pages';
import type { Socle } from '../compose.ts';
import { loadModules } from '../modules/store.ts';
import { loadPersonContext } from '../modules/person-context.ts';
import { renderPortal } from '../pages/portal-page.ts';
import { readCookie } from './read-cookie.ts';

/** `/`: the portal of the person who is signed in. */
export function buildPortal(socle: Socle): FastifyPluginAsync {
  return async (app) => {
    app.get('/', async (request, reply) => {
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
  };
}

/** The person's choice, then the browser's, then French. */
export function languageOf(request: FastifyRequest): Language {
  return chooseLanguage(
    request.headers['accept-language'],
    readCookie(request.headers.cookie, languageCookieName),
  );
}
