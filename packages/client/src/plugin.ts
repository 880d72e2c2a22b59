import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import type { Log } from '@socle/base';
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Cookies } from './cookies.ts';
import { ClientError } from './errors.ts';
import type { ErrorAnswers } from './module/error-answers.ts';
import type { Discovery } from './oidc/discovery.ts';

import { refusedLogout, verifyLogoutToken } from './oidc/logout-token.ts';
import { requireCsrfToken, requireSameOrigin } from './session/csrf.ts';
import type { Sessions } from './session/sessions.ts';
import { parseReturnPath } from './sign-in/return-path.ts';
import {
  parseAuthorizationAnswer,
  SIGN_IN_LIFETIME_SECONDS,
  type SignIn,
  type SignInWishes,
} from './sign-in/sign-in.ts';
import { signInRequired } from './session/require-session.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `exempt` for a route that changes something and is not called by a page of this module. */
    csrf?: 'exempt';
  }
}

/** What the plugin's routes work with. */
export interface PluginParts {
  readonly issuer: string;
  readonly clientId: string;
  readonly baseUrl: string;
  readonly cookies: Cookies;
  readonly sessions: Sessions;
  readonly signIn: SignIn;
  readonly discovery: Discovery;
  readonly answers: ErrorAnswers;
  readonly clock: { now(): Date };
  readonly log: Log;
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
const MAX_LOGOUT_BYTES = 16_384;

/** Builds `Client.plugin`. */
export function buildPlugin(parts: PluginParts): FastifyPluginAsync {
  const plugin: FastifyPluginAsync = async (app) => {
    if (!app.hasRequestDecorator('cookies')) await app.register(cookie);
    if (!app.hasContentTypeParser('application/x-www-form-urlencoded')) await app.register(formbody);
    app.addHook('preHandler', (request) => guardChange(request, parts));
    app.setErrorHandler(parts.answers.answerError);
    app.setNotFoundHandler(parts.answers.answerNotFound);
    addSignInRoutes(app, parts);
    addSignOutRoutes(app, parts);
    addLogoutRoute(app, parts);
  };
  // Fastify's own mark for "not encapsulated": hooks and handlers reach the module's routes.
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true });
}

/** Every request that changes something carries a session and its token, and comes from a page of this module. */
async function guardChange(request: FastifyRequest, { sessions, baseUrl }: PluginParts): Promise<void> {
  if (SAFE_METHODS.has(request.method) || request.routeOptions.config.csrf === 'exempt') return;
  requireSameOrigin(request, baseUrl);
  const session = await sessions.load(request);
  if (!session) throw signInRequired();
  requireCsrfToken(request, session);
}

const wishesSchema = z.object({
  return_to: z.unknown().optional(),
  prompt: z.enum(['none', 'login', 'consent', 'select_account']).optional().catch(undefined),
  max_age: z.coerce.number().int().min(0).max(86_400).optional().catch(undefined),
  acr_values: z
    .string()
    .regex(/^[A-Za-z0-9_.:/ -]{1,200}$/)
    .optional()
    .catch(undefined),
});

function parseWishes(query: unknown, baseUrl: string): SignInWishes {
  const wishes = wishesSchema.parse(query);
  return {
    returnPath: parseReturnPath(wishes.return_to, baseUrl),
    ...(wishes.prompt === undefined ? {} : { prompt: wishes.prompt }),
    ...(wishes.max_age === undefined ? {} : { maxAgeSeconds: wishes.max_age }),
    ...(wishes.acr_values === undefined ? {} : { acrValues: wishes.acr_values }),
  };
}

function addSignInRoutes(app: FastifyInstance, parts: PluginParts): void {
  app.get('/sign-in', { exposeHeadRoute: false }, async (request, reply) => {
    const { state, browserToken, location } = await parts.signIn.begin(
      parseWishes(request.query, parts.baseUrl),
    );
    parts.cookies.writeSignIn(request, reply, state, browserToken, SIGN_IN_LIFETIME_SECONDS);
    return reply.header('cache-control', 'no-store').redirect(location.href, 303);
  });

  app.get('/oidc/callback', { exposeHeadRoute: false }, async (request, reply) => {
    reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
    const answer = parseAuthorizationAnswer(request.query);
    const browserToken = parts.cookies.readSignIn(request, answer.state);
    if (browserToken !== undefined) parts.cookies.clearSignIn(reply, answer.state);
    const outcome = await parts.signIn.complete(answer, browserToken);
    if (outcome.kind === 'signed_in') await parts.sessions.start(request, reply, outcome);
    return reply.redirect(outcome.returnPath, 303);
  });
}

function addSignOutRoutes(app: FastifyInstance, parts: PluginParts): void {
  app.post('/sign-out', { config: { csrf: 'exempt' } }, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    requireSameOrigin(request, parts.baseUrl);
    const session = await parts.sessions.load(request);
    if (!session) return reply.redirect('/signed-out', 303); // nothing to end, so nothing to forge
    requireCsrfToken(request, session);
    const idToken = await parts.sessions.end(request, reply);
    return reply.redirect(await buildEndSessionLocation(parts, idToken), 303);
  });

  app.get('/signed-out', async (request, reply) => {
    const partly = (request.query as { partly?: unknown }).partly !== undefined;
    return parts.answers.answerMessage(request, reply, partly ? 'signed_out_here_only' : 'signed_out');
  });
}

/** Where the socle's own session is ended (OpenID Connect RP-Initiated Logout 1.0 §2). */
async function buildEndSessionLocation(parts: PluginParts, idToken: string | undefined): Promise<string> {
  const metadata = await parts.discovery.load().catch(() => undefined);
  // The module's session is over in any case; the page says what is not.
  if (!metadata?.endSessionEndpoint) return '/signed-out?partly';
  const location = new URL(metadata.endSessionEndpoint);
  if (idToken !== undefined) location.searchParams.set('id_token_hint', idToken);
  location.searchParams.set('client_id', parts.clientId);
  location.searchParams.set('post_logout_redirect_uri', `${parts.baseUrl}/signed-out`);
  return location.href;
}

function addLogoutRoute(app: FastifyInstance, parts: PluginParts): void {
  const options = { config: { csrf: 'exempt' }, bodyLimit: MAX_LOGOUT_BYTES } as const;
  app.post('/oidc/backchannel-logout', options, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    try {
      const { logout_token: token } = (request.body ?? {}) as { logout_token?: unknown };
      if (typeof token !== 'string') throw refusedLogout('missing');
      const { keys } = await parts.discovery.load();
      const order = await verifyLogoutToken(token, { ...parts, keys });
      const ended = await parts.sessions.obey(order);
      parts.log.info({ ended }, 'sessions were ended by the socle');
      return await reply.code(200).send();
    } catch (error) {
      // OpenID Connect Back-Channel Logout 1.0 §2.8: 400 for what is not acceptable; a fault stays one, to be retried.
      if (!(error instanceof ClientError) || error.kind === 'fault') throw error;
      parts.log.warn({ code: error.code, why: String(error.details.why) }, 'a logout token was refused');
      return reply.code(400).send({ error: 'invalid_request', error_description: error.publicMessage });
    }
  });
}
