import type { FastifyPluginAsync } from 'fastify';
import type { Database } from '@socle/db';
import { loadLogoPicture } from '../logos/store.ts';

const NAME = /^([0-9a-f]{64})\.png$/;

/** Where the logo of this digest is served. */
export function logoAddress(digest: string): string {
  return `/logos/${digest}.png`;
}

/** `/logos/…`: logos of schools under the digest of their bytes, as pictures and nothing else. */
export function buildLogoRoutes(database: Database): FastifyPluginAsync {
  return async (app) => {
    app.get('/logos/:name', async (request, reply) => {
      const digest = NAME.exec((request.params as { name: string }).name)?.[1];
      const png =
        digest &&
        (await database.transaction((tx) => loadLogoPicture(tx, digest), { scope: 'all', readOnly: true }));
      if (!png) return reply.callNotFound();
      return reply
        .type('image/png')
        .headers({
          'cache-control': 'public, max-age=31536000, immutable',
          'content-security-policy': "default-src 'none'; sandbox",
          'content-disposition': 'inline',
        })
        .send(png);
    });
  };
}
