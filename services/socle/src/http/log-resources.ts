import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { findLogResource } from '@socle/audit';
import type { Database } from '@socle/db';

/** The public face of the transparency log: `/audit/checkpoint` and `/audit/tile/…` (C2SP tlog-tiles). No personal data. */
export function buildLogResources(database: Database): FastifyPluginAsync {
  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const found = await findLogResource(database, new URL(request.url, 'http://log').pathname);
    if (!found) return reply.callNotFound();
    return reply.type(found.contentType).header('cache-control', found.cacheControl).send(found.body);
  }
  return async (app) => {
    app.get('/audit/checkpoint', answer);
    app.get('/audit/tile/*', answer);
  };
}
