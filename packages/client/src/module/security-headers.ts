import type { FastifyInstance } from 'fastify';

/**
 * Puts the headers of a strict page on every answer: nothing but this origin's own files, no frame, no guessing of
 * types. Forms may go to the socle too, because browsers hold `form-action` against the redirect that follows a
 * sign-out. The referrer stays within the origin and not "no-referrer", which would empty `Origin` on forms.
 */
export function addSecurityHeaders(
  app: FastifyInstance,
  options: { readonly issuer: string; readonly baseUrl: string },
): void {
  const secure = options.baseUrl.startsWith('https:');
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    `form-action 'self' ${new URL(options.issuer).origin}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
  app.addHook('onSend', async (_request, reply) => {
    const headers: Record<string, string> = {
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
      ...(secure ? { 'strict-transport-security': 'max-age=63072000; includeSubDomains' } : {}),
    };
    for (const [name, value] of Object.entries(headers))
      if (!reply.hasHeader(name)) reply.header(name, value);
  });
}
