import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Socle } from '../compose.ts';
import { ServiceError } from '../errors.ts';
import { languageOf } from '../http/language-of.ts';
import { readCookie } from '../http/read-cookie.ts';
import type { Area } from './area.ts';
import { buildFlashCookie, clearFlashCookie, flashCookieName, readFlashCookie } from './flash-cookie.ts';
import { buildFormToken, FORM_TOKEN_FIELD } from './form-token.ts';
import { auditInView } from '../view-as/open-view.ts';
import { loadVisitor } from './load-visitor.ts';
import { renderFrame } from './render-frame.ts';
import type { Visit, Visitor } from './visit.ts';

/** Controller of what concerns no school or academy. */
const PLATFORM = 'platform';

export interface OpenVisitOptions {
  readonly socle: Socle;
  readonly area: Area;
  /** Every area, for the rail. */
  readonly areas: readonly Area[];
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/**
 * Opens the visit of the person who is signed in; undefined when nobody is, or somebody who may do nothing now.
 *
 * @throws ServiceError `access_denied` (403) when the area is not open to them.
 */
export async function openVisit(options: OpenVisitOptions): Promise<Visit | undefined> {
  const { area, request, reply } = options;
  const visitor = await loadVisitor(options.socle, request);
  if (!visitor) return undefined;
  // during a view, whether the page is shown is decided and told by `answerInView`
  if (!visitor.view && !area.opensFor(visitor)) throw denied();
  const socle = visitor.view
    ? { ...options.socle, audit: auditInView(options.socle.audit, visitor.view) }
    : options.socle;
  const language = languageOf(request);
  const flashCookie = { key: socle.areaKeys.flash, secure: socle.config.issuer.startsWith('https:') };

  return {
    ...visitor,
    socle,
    request,
    reply,
    language,
    now: socle.clock.now(),
    openAreas: options.areas.filter((each) => each.opensFor(visitor)),
    params: request.params as Record<string, string>,
    query(name) {
      const value = (request.query as Record<string, string | string[] | undefined>)[name];
      return Array.isArray(value) ? value[0] : value;
    },
    all(name) {
      const value = (request.body as Record<string, unknown> | undefined)?.[name];
      return [value].flat().filter((each) => typeof each === 'string');
    },
    async requireMay(action, resource) {
      const decision = visitor.decide(action, resource);
      if (decision.allowed) return decision;
      await writeDenial(socle, visitor, action, decision.rule);
      throw denied(decision.rule);
    },
    fields: (extra = {}) => ({
      [FORM_TOKEN_FIELD]: buildFormToken(socle.areaKeys.formToken, visitor.session.id),
      ...extra,
    }),
    page(page) {
      const name = flashCookieName(flashCookie.secure);
      const kept = readCookie(request.headers.cookie, name);
      if (kept !== undefined) void reply.header('set-cookie', clearFlashCookie(flashCookie));
      const flash = [...readFlashCookie(flashCookie, kept), ...(page.flash ?? [])];
      return reply
        .status(page.status ?? 200)
        .type('text/html; charset=utf-8')
        .send(renderFrame({ ...options, visitor, language }, { ...page, flash }));
    },
    redirect(path, ...flash) {
      if (flash.length > 0) void reply.header('set-cookie', buildFlashCookie(flashCookie, flash));
      return reply.redirect(path, 303);
    },
  };
}

async function writeDenial(
  socle: Socle,
  visitor: Visitor,
  action: string,
  rule: string | undefined,
): Promise<void> {
  const { session } = visitor;
  await socle.database.transaction(
    (tx) =>
      socle.audit.append(tx, {
        controller: session.person.controller ?? PLATFORM,
        actor: { kind: 'person', id: session.personId },
        action: 'service.page.denied',
        outcome: 'denied',
        session: session.id,
        ...(rule === undefined ? {} : { reason: rule }),
        detail: { action },
      }),
    { scope: 'all' },
  );
}

function denied(rule?: string): ServiceError {
  return new ServiceError('access_denied', {
    status: 403,
    publicMessage: 'The rules do not let this person do that.',
    ...(rule === undefined ? {} : { details: { rule } }),
  });
}
