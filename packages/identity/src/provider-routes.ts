import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pinHeaders } from './host-guard.ts';
import { JWKS_CACHE_SECONDS } from './keys.ts';
import { dropUntrustedCertificate } from './client-certificate.ts';
import { DEVICE_PATH } from './device-flow/pages.ts';
import { PREFILLED_CODE_HEADER } from './device-flow/provider-device.ts';
import type { ProviderGate, RenderedPage } from './provider-gate.ts';

const GET_ROUTES = [
  '/auth',
  '/auth/:uid',
  '/me',
  '/jwks',
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  '/session/end',
  '/session/end/success',
  '/device',
  '/device/:uid',
];
const POST_ROUTES = [
  '/token',
  '/me',
  '/token/introspection',
  '/token/revocation',
  '/request',
  '/session/end/confirm',
  '/device/auth',
  '/device',
];
const OPTIONS_ROUTES = ['/token', '/me', '/jwks', '/.well-known/openid-configuration', '/token/revocation'];
// What a browser may send by POST and the provider answers by GET (OpenID Connect Core §3.1.2.1).
const FORM_ROUTES = [
  ['/auth', '/auth'],
  ['/session/end', '/session/end'],
  ['/sign-out', '/session/end'],
] as const;

const MAX_FORM_BYTES = 12 * 1024;
// The auto-submitting form of the provider adds the digest of its own script to script-src.
const DEFAULT_POLICY = "default-src 'none'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/** The OpenID Connect endpoints: each request is handed to the provider as it came, body unread. */
export function registerProviderRoutes(
  app: FastifyInstance,
  options: {
    readonly gate: () => ProviderGate;
    readonly issuer: URL;
    /** Counts one try of a device's code; seconds to wait when there were too many. */
    readonly reserveUserCode: (address: string) => Promise<number | undefined>;
    readonly showThrottledCode: (request: IncomingMessage) => Promise<RenderedPage>;
  },
): void {
  const { issuer } = options;

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));

  async function hand(request: FastifyRequest, reply: FastifyReply) {
    const { headers } = request.raw;
    dropUntrustedCertificate(request);
    delete headers[PREFILLED_CODE_HEADER];
    if (request.routeOptions.url === DEVICE_PATH) {
      const refusal = await guardDevice(request, reply);
      if (refusal) return refusal;
    }
    pinHeaders(issuer, headers);
    setSecurityHeaders(reply, issuer);
    if (request.raw.url?.startsWith('/jwks')) {
      reply.raw.setHeader('cache-control', `public, max-age=${JWKS_CACHE_SECONDS}`);
    }
    reply.hijack();
    await options.gate().handle(request.raw, reply.raw);
  }

  /** Counts the codes that are tried, and turns a code in the address into a filled-in field. */
  async function guardDevice(
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply | undefined> {
    if (request.method === 'GET') {
      const code = (request.query as Record<string, unknown>)['user_code'];
      request.raw.url = DEVICE_PATH;
      if (typeof code === 'string' && /^[A-Za-z-]{1,16}$/.test(code)) {
        request.raw.headers[PREFILLED_CODE_HEADER] = code;
      }
      return undefined;
    }
    const refused = await options.reserveUserCode(request.ip);
    if (refused === undefined) return undefined;
    const page = await options.showThrottledCode(request.raw);
    setSecurityHeaders(reply, issuer);
    return reply
      .code(429)
      .header('retry-after', String(refused))
      .header('cache-control', 'no-store')
      .header('content-security-policy', page.contentSecurityPolicy)
      .type('text/html; charset=utf-8')
      .send(page.html);
  }

  for (const url of GET_ROUTES) app.route({ method: 'GET', url, handler: hand, exposeHeadRoute: false });
  for (const url of POST_ROUTES) app.route({ method: 'POST', url, handler: hand });
  for (const url of OPTIONS_ROUTES) app.route({ method: 'OPTIONS', url, handler: hand });
}

/** Turns a form sent by POST into the same request by GET: with SameSite=Lax, only that one brings the session. */
export function registerFormRedirects(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: MAX_FORM_BYTES },
    (_request, body, done) => done(null, body),
  );
  for (const [from, to] of FORM_ROUTES) {
    app.post(from, async (request, reply) => {
      // Parsed and written again: nothing but parameters may reach the Location header.
      const parameters = new URLSearchParams(typeof request.body === 'string' ? request.body : '');
      return reply.header('cache-control', 'no-store').redirect(`${to}?${parameters.toString()}`, 303);
    });
  }
}

function setSecurityHeaders(reply: FastifyReply, issuer: URL): void {
  const { raw } = reply;
  raw.setHeader('content-security-policy', DEFAULT_POLICY);
  raw.setHeader('x-content-type-options', 'nosniff');
  raw.setHeader('x-frame-options', 'DENY');
  raw.setHeader('referrer-policy', 'no-referrer');
  if (issuer.protocol === 'https:') {
    raw.setHeader('strict-transport-security', 'max-age=31536000; includeSubDomains');
  }
}
