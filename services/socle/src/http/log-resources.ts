import type { FastifyPluginAsync } from 'fastify';
import { findLogResource } from '@socle/audit';
import type { Database } from '@socle/db';
import { handleNotFound } from './problem.ts';

/** The public face of the transparency log: `/audit/checkpoint` and `/audit/tile/…` (C2SP tlog-tiles). No personal data. */
export function buildLogResources(database: Database): FastifyPluginAsync {
  return async (app) => {
    app.get('/audit/checkpoint', { schema: { hide: true } }, async (request, reply) =>
      answer(request.url, reply, request),
    );
    app.get('/audit/tile/*', { schema: { hide: true } }, async (request, reply) =>
      answer(request.url, reply, request),
    );

    async function answer(
      url: string,
      reply: Parameters<typeof handleNotFound>[1],
      request: Parameters<typeof handleNotFound>[0],
    ) {
      const found = await findLogResource(database, new URL(url, 'http://log').pathname);
      if (!found) return handleNotFound(request, reply);
      return reply.type(found.contentType).header('cache-control', found.cacheControl).send(found.body);
    }
  };
}
