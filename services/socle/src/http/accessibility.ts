import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { LANGUAGE_PATH } from '@socle/identity';
import { renderPage, type Fragment, type Language } from '@socle/pages';
import { SITE_MAP_PATH, STATEMENT_PATH, footerLinks } from '../accessibility/footer-links.ts';
import { MEASURED } from '../accessibility/measured.ts';
import { listSiteMap, renderSiteMap } from '../accessibility/site-map.ts';
import { renderStatement } from '../accessibility/statement-page.ts';
import { areas } from '../areas/build-areas.ts';
import { loadVisitor } from '../areas/load-visitor.ts';
import { buildRail, viewBanner } from '../areas/render-frame.ts';
import type { Visitor } from '../areas/visit.ts';
import type { Socle } from '../compose.ts';
import { writeSeen } from '../view-as/open-view.ts';
import { findRememberedSchool } from './school-door.ts';
import { languageOf } from './language-of.ts';

interface OpenPage {
  readonly title: string;
  readonly lead?: string;
  readonly body: Fragment;
}

/** `/accessibility` and `/site-map`: for strangers and for people who are signed in. */
export function buildAccessibilityRoutes(socle: Socle): FastifyPluginAsync {
  async function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    draw: (language: Language, visitor: Visitor | undefined) => OpenPage,
  ): Promise<FastifyReply> {
    const language = languageOf(request);
    const visitor = await loadVisitor(socle, request);
    const school = visitor ? visitor.school : await findSchool(request);
    if (visitor?.view) await writeSeen(socle, visitor.view, { page: request.routeOptions.url ?? '/' });
    const page = renderPage({
      ...draw(language, visitor),
      language,
      assets: socle.assets,
      layout: 'narrow',
      homeHref: '/',
      ...(school && { school }),
      footerLinks: footerLinks(language),
      languageSwitch: { action: LANGUAGE_PATH, returnTo: request.url },
      ...(visitor && {
        ...viewBanner({ socle, language, visitor }),
        person: { displayName: visitor.context.person.displayName },
        signOut: { action: '/sign-out' },
        // neither page is in any area
        areas: buildRail({ areas, language, visitor }).map((area) => ({ ...area, current: false })),
      }),
    });
    return reply.type('text/html').send(page);
  }

  const findSchool = ({ headers }: FastifyRequest) =>
    findRememberedSchool(socle.database, headers.cookie, socle.config.issuer.startsWith('https:'));

  return async (app) => {
    app.get(STATEMENT_PATH, (request, reply) =>
      answer(request, reply, (language) =>
        renderStatement(language, {
          measured: MEASURED,
          site: new URL(socle.config.issuer).host,
          operator: socle.config.operator,
          contact: socle.config.accessibilityContact,
        }),
      ),
    );
    app.get(SITE_MAP_PATH, (request, reply) =>
      answer(request, reply, (language, visitor) =>
        renderSiteMap(language, listSiteMap(language, areas, visitor)),
      ),
    );
  };
}
