import type { FastifyPluginAsync } from 'fastify';
import type { PageAssets } from '@socle/pages';

/** `/assets/…`: styles, fonts and small scripts, under names that change with their content. */
export function buildAssetRoutes(assets: PageAssets): FastifyPluginAsync {
  return async (app) => {
    app.get('/assets/*', { config: { rateLimit: false } }, async (request, reply) => {
      const found = assets.find(new URL(request.url, 'http://assets').pathname);
      if (!found) return reply.callNotFound();
      if (request.headers['if-none-match'] === found.etag) return reply.status(304).send();
      return reply
        .type(found.contentType)
        .header('cache-control', found.cacheControl)
        .header('etag', found.etag)
        .send(found.body);
    });
  };
}
