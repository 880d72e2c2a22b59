import { securityHeaders } from '@socle/pages';
import type { FastifyInstance } from 'fastify';

/**
 * The headers of a strict page. Forms may lead to the socle too, because browsers hold `form-action` against the
 * redirect that follows a sign-out.
 */
export function buildSecurityHeaders(options: {
  readonly issuer: string;
  readonly baseUrl: string;
}): Readonly<Record<string, string>> {
  return securityHeaders({
    formActions: [new URL(options.issuer).origin],
    https: options.baseUrl.startsWith('https:'),
  });
}

/** Puts `headers` on every answer that does not have them yet. */
export function addSecurityHeaders(app: FastifyInstance, headers: Readonly<Record<string, string>>): void {
  app.addHook('onSend', async (_request, reply) => {
    for (const [name, value] of Object.entries(headers))
      if (!reply.hasHeader(name)) reply.header(name, value);
  });
}
