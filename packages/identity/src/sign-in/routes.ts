import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DEVICE_COOKIE_SECONDS } from '../device-cookie.ts';
import { pinHeaders } from '../host-guard.ts';
import { isLanguage, languageCookieName, type Language } from '@socle/pages';
import { chooseRequestLanguage } from '../page-language.ts';
import { LANGUAGE_PATH, type IdentityPages, type SignInView } from '../pages.ts';
import type { PendingSignIn, ProviderGate, RenderedPage } from '../provider-gate.ts';
import { readCookie } from '../cookies.ts';
import { runSignIn } from './steps.ts';
import type { SignInAttempt, SignInRefusal, SignInTools } from './step.ts';

export interface SignInRoutesOptions extends SignInTools {
  readonly gate: () => ProviderGate;
  readonly issuer: URL;
  readonly pages: IdentityPages;
  /** Name and origin that a relying party is shown by. */
  readonly describeClient: (
    clientId: string,
    language: Language,
  ) => Promise<{ readonly name: string } | undefined>;
  readonly isSignedIn: (request: FastifyRequest) => Promise<boolean>;
}

const MAX_BODY_BYTES = 8 * 1024;
const LANGUAGE_COOKIE_SECONDS = 365 * 24 * 3_600;

const form = z.object({
  username: z.string().max(256).default(''),
  // Longer passwords are refused before hashing, by the verify step, like any wrong one.
  password: z.string().max(4_096).default(''),
  shared: z.string().optional(),
});
const queryOfStart = z.object({ 'return-to': z.string().max(2_000).optional() });
const languageForm = z.object({ language: z.string().max(10), returnTo: z.string().max(2_000) });

/** The sign-in pages: plain forms under /sign-in/<uid>, whose cookie has that path, so that two tabs do not mix. */
export async function registerSignInRoutes(
  app: FastifyInstance,
  options: SignInRoutesOptions,
): Promise<void> {
  const { gate, issuer, pages } = options;
  await app.register(formbody, { bodyLimit: MAX_BODY_BYTES });

  app.get('/sign-in', async (request, reply) => {
    const query = queryOfStart.safeParse(request.query);
    const returnTo = keepLocal(query.success ? query.data['return-to'] : undefined);
    if (await options.isSignedIn(request)) return reply.redirect(returnTo, 303);
    pinHeaders(issuer, request.raw.headers);
    const address = await gate().startDirect(request.raw, reply.raw, returnTo);
    return reply.header('cache-control', 'no-store').redirect(address, 303);
  });

  app.post(LANGUAGE_PATH, async (request, reply) => {
    const fields = languageForm.safeParse(request.body ?? {});
    if (fields.success && isLanguage(fields.data.language) && isSameOrigin(request, issuer)) {
      rememberLanguage(reply, issuer, fields.data.language);
    }
    return reply.redirect(keepLocal(fields.success ? fields.data.returnTo : undefined), 303);
  });

  app.get('/sign-out', async (_request, reply) => reply.redirect('/session/end', 303));

  app.get<{ Params: { uid: string } }>('/sign-in/:uid', async (request, reply) => {
    const language = chooseRequestLanguage(request.raw);
    const pending = await findPending(request, reply);
    if (!pending) return show(reply, 400, pages.expired({ language }));
    if (pending.unreachableAcr) {
      return reply.redirect(await pending.fail('unmet_authentication_requirements'), 303);
    }
    return show(reply, 200, pages.signIn(await viewOf(pending, language)));
  });

  app.post<{ Params: { uid: string } }>('/sign-in/:uid', async (request, reply) => {
    const language = chooseRequestLanguage(request.raw);
    // Read before the headers are pinned: behind a trusted proxy it comes from X-Forwarded-For.
    const address = request.ip;
    const pending = isSameOrigin(request, issuer) ? await findPending(request, reply) : undefined;
    if (!pending) return show(reply, 400, pages.expired({ language }));
    const fields = form.safeParse(request.body ?? {});
    const { username, password, shared } = fields.success
      ? fields.data
      : { username: '', password: '', shared: undefined };
    const view = async () => ({
      ...(await viewOf(pending, language)),
      username,
      shared: shared !== undefined,
    });
    if (username.trim() === '' || password === '') {
      return show(reply, 422, pages.signIn({ ...(await view()), problem: { reason: 'missing' } }));
    }
    const attempt: SignInAttempt = {
      pending,
      login: username,
      password,
      address,
      agent: request.headers['user-agent'] ?? '',
      deviceCookie: readCookie(request.raw, deviceCookieName(issuer)) ?? '',
      shared: shared !== undefined,
    };
    const refusal = await runSignIn(attempt, options);
    if (refusal) return refuse(reply, refusal, await view());
    if (attempt.newDeviceCookie !== undefined) rememberDevice(reply, issuer, attempt.newDeviceCookie);
    return reply.header('cache-control', 'no-store').redirect(attempt.continueAt ?? '/', 303);
  });

  async function findPending(
    request: FastifyRequest<{ Params: { uid: string } }>,
    reply: FastifyReply,
  ): Promise<PendingSignIn | undefined> {
    pinHeaders(issuer, request.raw.headers);
    const pending = await gate().findPending(request.raw, reply.raw);
    return pending?.uid === request.params.uid ? pending : undefined;
  }

  async function viewOf(pending: PendingSignIn, language: Language): Promise<SignInView> {
    const client =
      pending.clientId === undefined ? undefined : await options.describeClient(pending.clientId, language);
    return {
      language,
      action: `/sign-in/${pending.uid}`,
      username: pending.loginHint ?? '',
      shared: false,
      // A browser checks form-action on the whole chain of redirects, down to the relying party.
      formTargets: pending.redirectUri === undefined ? [] : [new URL(pending.redirectUri).origin],
      ...(client && { service: client.name }),
    };
  }

  function refuse(reply: FastifyReply, refusal: SignInRefusal, view: SignInView) {
    if (refusal.reason !== 'credentials') reply.header('retry-after', String(refusal.retryAfterSeconds));
    const status = { credentials: 422, throttled: 429, busy: 503 }[refusal.reason];
    return show(reply, status, pages.signIn({ ...view, problem: refusal }));
  }
}

function show(reply: FastifyReply, status: number, page: RenderedPage) {
  return (
    reply
      .code(status)
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-security-policy', page.contentSecurityPolicy)
      .header('x-content-type-options', 'nosniff')
      .header('x-frame-options', 'DENY')
      // Not no-referrer: browsers would then send `Origin: null` with the form, and the check below needs it.
      .header('referrer-policy', 'same-origin')
      .send(page.html)
  );
}

/** A path of this service, or `/`: never another site (RFC 9700 §4.11). */
function keepLocal(path: string | undefined): string {
  if (path === undefined || !/^\/(?![/\\])[\x21-\x7e]*$/.test(path)) return '/';
  const here = 'https://here.invalid';
  const url = URL.parse(path, here);
  return url?.origin === here ? `${url.pathname}${url.search}` : '/';
}

/** Refuses a form that another site sent, on top of the cookie's SameSite and path. */
function isSameOrigin(request: FastifyRequest, issuer: URL): boolean {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  return (origin === undefined || origin === issuer.origin) && (site === undefined || site === 'same-origin');
}

function deviceCookieName(issuer: URL): string {
  return issuer.protocol === 'https:' ? '__Host-socle_device' : 'socle_device';
}

function rememberDevice(reply: FastifyReply, issuer: URL, value: string): void {
  appendCookie(reply, issuer, deviceCookieName(issuer), value, DEVICE_COOKIE_SECONDS);
}

function rememberLanguage(reply: FastifyReply, issuer: URL, language: Language): void {
  appendCookie(reply, issuer, languageCookieName, language, LANGUAGE_COOKIE_SECONDS);
}

// On the raw response, where the provider sets its own: Fastify would replace one by the other.
function appendCookie(
  reply: FastifyReply,
  issuer: URL,
  name: string,
  value: string,
  maxAgeSeconds: number,
): void {
  const secure = issuer.protocol === 'https:' ? '; Secure' : '';
  reply.raw.appendHeader(
    'set-cookie',
    `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}${secure}`,
  );
}
