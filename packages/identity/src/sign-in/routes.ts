import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isLanguage, languageCookieName } from '@socle/pages';
import { ACR_ORDER, type Acr } from '../acr.ts';
import { pinHeaders } from '../host-guard.ts';
import { LANGUAGE_PATH } from '../pages.ts';
import { isStrongEnough } from '../step-up.ts';
import { appendCookie } from './cookies.ts';
import { isSameOrigin, openDesk, type DeskOptions } from './desk.ts';
import { registerPromptRoutes } from './prompt-routes.ts';
import { PRINTED_PATHS, SIGN_IN_WAYS } from './ways.ts';

export interface SignInRoutesOptions extends DeskOptions {
  readonly findSession: (
    request: FastifyRequest,
  ) => Promise<{ readonly acr: Acr; readonly authenticatedAt: Date; readonly login: string } | undefined>;
}

const MAX_BODY_BYTES = 8 * 1024;
const LANGUAGE_COOKIE_SECONDS = 365 * 24 * 3_600;

const queryOfStart = z.object({
  'return-to': z.string().max(2_000).optional(),
  acr: z.enum(ACR_ORDER).optional(),
  'max-age': z.coerce.number().int().min(0).max(86_400).optional(),
});
const languageForm = z.object({ language: z.string().max(10), returnTo: z.string().max(2_000) });

/** The sign-in pages: plain forms under /sign-in/<uid>, whose cookie has that path, so that two tabs do not mix. */
export async function registerSignInRoutes(
  app: FastifyInstance,
  options: SignInRoutesOptions,
): Promise<void> {
  const { gate, tools } = options;
  const { issuer } = tools;
  await app.register(formbody, { bodyLimit: MAX_BODY_BYTES });

  app.get('/sign-in', async (request, reply) => {
    const query = queryOfStart.safeParse(request.query);
    const { 'return-to': wish, acr, 'max-age': maxAge } = query.success ? query.data : {};
    const returnTo = keepLocal(wish);
    const session = await options.findSession(request);
    if (session && isStrongEnough(session, { acr, maxAge }, tools.clock.now())) {
      return reply.redirect(returnTo, 303);
    }
    pinHeaders(issuer, request.raw.headers);
    const address = await gate().startDirect(request.raw, reply.raw, {
      returnTo,
      ...(acr !== undefined && { acr }),
      ...(session && { loginHint: session.login }),
    });
    return reply.header('cache-control', 'no-store').redirect(address, 303);
  });

  // Addresses that are printed: a sign-in is opened for whoever comes, and browsers carry the fragment along.
  for (const [path, way] of PRINTED_PATHS) {
    app.get(path, async (request, reply) => {
      pinHeaders(issuer, request.raw.headers);
      const address = await gate().startDirect(request.raw, reply.raw, { returnTo: '/' });
      return reply.header('cache-control', 'no-store').redirect(`${address}/${way}`, 303);
    });
  }

  app.post(LANGUAGE_PATH, async (request, reply) => {
    const fields = languageForm.safeParse(request.body ?? {});
    if (fields.success && isLanguage(fields.data.language) && isSameOrigin(request, issuer)) {
      const value = fields.data.language;
      appendCookie(reply, issuer, {
        name: languageCookieName,
        value,
        maxAgeSeconds: LANGUAGE_COOKIE_SECONDS,
      });
    }
    return reply.redirect(keepLocal(fields.success ? fields.data.returnTo : undefined), 303);
  });

  app.get('/sign-out', async (_request, reply) => reply.redirect('/session/end', 303));

  const desk = openDesk(options);
  for (const [, way] of SIGN_IN_WAYS) way(app, desk);
  registerPromptRoutes(app, desk);
}

/** A path of this service, or `/`: never another site (RFC 9700 §4.11). */
function keepLocal(path: string | undefined): string {
  if (path === undefined || !/^\/(?![/\\])[\x21-\x7e]*$/.test(path)) return '/';
  const here = 'https://here.invalid';
  const url = URL.parse(path, here);
  return url?.origin === here ? `${url.pathname}${url.search}` : '/';
}
