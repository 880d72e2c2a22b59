import { securityHeaders } from '@socle/pages';
import type { FastifyInstance } from 'fastify';

/**
 * Puts the headers of a strict page on every answer. Forms may lead to the socle too, because browsers hold
 * `form-action` against the redirect that follows a sign-out.
 */
export function addSecurityHeaders(
  app: FastifyInstance,
  options: { readonly issuer: string; readonly baseUrl: string },
): void {
  const headers = securityHeaders({
    formActions: [new URL(options.issuer).origin],
    https: options.baseUrl.startsWith('https:'),
  });
  app.addHook('onSend', async (_request, reply) => {
    for (const [name, value] of Object.entries(headers))
      if (!reply.hasHeader(name)) reply.header(name, value);
  });
}
