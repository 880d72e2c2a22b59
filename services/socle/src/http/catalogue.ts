import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { LANGUAGE_PATH } from '@socle/identity';
import { renderCatalogue, type PageAssets } from '@socle/pages';
import { languageOf } from './language-of.ts';

/** `/pages`: every component of the page kit in every state, for those who build modules. On localhost only. */
export function buildCatalogueRoutes(assets: PageAssets): FastifyPluginAsync {
  async function answer(request: FastifyRequest<{ Params: { name?: string } }>, reply: FastifyReply) {
    const { name } = request.params;
    const page = renderCatalogue({
      language: languageOf(request),
      assets,
      base: '/pages',
      languageAction: LANGUAGE_PATH,
      ...(name ? { name } : {}),
    });
    if (page === undefined) return reply.callNotFound();
    return reply.type('text/html').send(page);
  }
  return async (app) => {
    app.get<{ Params: { name?: string } }>('/pages', answer);
    app.get<{ Params: { name?: string } }>('/pages/:name', answer);
  };
}
