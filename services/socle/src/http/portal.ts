import type { FastifyPluginAsync } from 'fastify';
import { areas } from '../areas/build-areas.ts';
import { FORM_TOKEN_FIELD, buildFormToken } from '../areas/form-token.ts';
import { loadVisitor } from '../areas/load-visitor.ts';
import { writeSeen } from '../view-as/open-view.ts';
import { buildRail, viewBanner } from '../areas/render-frame.ts';
import type { Socle } from '../compose.ts';
import { loadModules } from '../modules/store.ts';
import { arrange } from '../portal/arrangement.ts';
import { loadArrangement } from '../portal/store.ts';
import { listTiles } from '../portal/tiles.ts';
import { renderPortal } from '../pages/portal-page.ts';
import { buildNoticeFlashes } from './notice-flashes.ts';
import { languageOf } from './language-of.ts';
import { rememberSchool } from './school-door.ts';

/** `/`: the portal of the person who is signed in. */
export function buildPortal(socle: Socle): FastifyPluginAsync {
  return async (app) => {
    app.get('/', async (request, reply) => {
      const visitor = await loadVisitor(socle, request);
      if (!visitor) return reply.redirect(socle.identity.signInAddress('/'), 303);
      const language = languageOf(request);
      const tiles = await socle.database.transaction(
        async (tx) =>
          arrange(
            listTiles(visitor.context, language, {
              modules: await loadModules(tx),
              areas: areas.filter((area) => area.opensFor(visitor)),
            }),
            await loadArrangement(tx, visitor.session.personId),
          ),
        { scope: 'all', readOnly: true },
      );
      const [school, ...others] = visitor.context.schools;
      const { view } = visitor;
      if (view) await writeSeen(socle, view, { page: '/' });
      if (school && others.length === 0 && !visitor.session.sharedComputer && !view)
        rememberSchool(reply, school.id, socle.config.issuer.startsWith('https:'));
      const { session, context } = visitor;
      const children = new Map<string, string>(
        context.children.map(({ child }) => [child.id, child.displayName]),
      );
      // what a person is told is theirs to put away
      const flash = view
        ? []
        : buildNoticeFlashes({
            language,
            notices: await socle.identity.notices.list(session.personId),
            reader: session.personId,
            nameOf: (id) => children.get(id),
            fields: { [FORM_TOKEN_FIELD]: buildFormToken(socle.areaKeys.formToken, session.id) },
          });
      return reply.type('text/html').send(
        renderPortal({
          language,
          assets: socle.assets,
          context: visitor.context,
          school: visitor.school,
          roles: visitor.facts.roles.map(({ role }) => role),
          tiles,
          flash,
          isView: view !== undefined,
          ...viewBanner({ socle, language, visitor }),
          areas: buildRail({ areas, language, visitor }),
        }),
      );
    });
  };
}
