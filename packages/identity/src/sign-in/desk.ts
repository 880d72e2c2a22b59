import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomToken } from '@socle/base';
import type { Language } from '@socle/pages';
import { deduceAcr, isAtLeast } from '../acr.ts';
import { appendStopped, findSchoolStop, stoppedPage } from '../defences/school-stop.ts';
import { readCookie } from '../cookies.ts';
import { pinHeaders } from '../host-guard.ts';
import { chooseRequestLanguage } from '../page-language.ts';
import type { FindEntranceSchool } from '../ports.ts';
import type { ProviderGate, RenderedPage } from '../provider-gate.ts';
import { clearStageCookie, deviceCookieName, rememberDevice, setStageCookie } from './cookies.ts';
import { STAGE_SECONDS, startStage } from './stage-store.ts';
import type { ProvenAttempt, SignInTools } from './step.ts';
import { closeSignIn, findDuePrompt } from './steps.ts';
import type { SignInDesk } from './way.ts';

export interface DeskOptions {
  readonly findEntranceSchool?: FindEntranceSchool | undefined;
  readonly tools: SignInTools;
  readonly gate: () => ProviderGate;
  /** Name that a relying party is shown by. */
  readonly describeClient: (
    clientId: string,
    language: Language,
  ) => Promise<{ readonly name: string } | undefined>;
}

/** Opens the desk; see SignInDesk. */
export function openDesk(options: DeskOptions): SignInDesk {
  const { tools, gate } = options;
  const { issuer, pages } = tools;

  return {
    tools,
    async open(request, reply) {
      const language = chooseRequestLanguage(request.raw);
      // Read before the headers are pinned: behind a trusted proxy the address comes from X-Forwarded-For.
      const origin = {
        address: request.ip,
        agent: request.headers['user-agent'] ?? '',
        deviceCookie: readCookie(request.raw, deviceCookieName(issuer)) ?? '',
      };
      const refused = request.method === 'POST' && !isSameOrigin(request, issuer);
      pinHeaders(issuer, request.raw.headers);
      const pending = refused ? undefined : await gate().findPending(request.raw, reply.raw);
      if (pending?.uid !== request.params.uid) {
        const school = await options.findEntranceSchool?.(request.raw);
        showPage(reply, 400, pages.expired({ language, school }));
        return undefined;
      }
      const { clientId, redirectUri, uid } = pending;
      return {
        pending,
        origin,
        language,
        address: `/sign-in/${uid}`,
        school: await options.findEntranceSchool?.(request.raw),
        // A browser checks form-action on the whole chain of redirects, down to the relying party.
        formTargets: redirectUri === undefined ? [] : [new URL(redirectUri).origin],
        findService: async () =>
          clientId === undefined ? undefined : (await options.describeClient(clientId, language))?.name,
      };
    },
    async proceed(reply, attempt) {
      const address = `/sign-in/${attempt.pending.uid}`;
      const stop = await findSchoolStop(attempt, tools);
      if (stop) {
        await appendStopped(attempt, tools);
        const { raw } = reply.request;
        const school = await options.findEntranceSchool?.(raw, attempt.person.id);
        return showPage(reply, 403, stoppedPage(tools, chooseRequestLanguage(raw), stop, school));
      }
      const due = await findDuePrompt(attempt, tools);
      if (due) {
        setStageCookie(reply, issuer, address, await keepStage(attempt, tools));
        return reply.header('cache-control', 'no-store').redirect(`${address}/${due.name}`, 303);
      }
      if (!reachesWantedAcr(attempt)) {
        return reply.redirect(await attempt.pending.fail('unmet_authentication_requirements'), 303);
      }
      await closeSignIn(attempt, tools);
      if (attempt.answered.length > 0) clearStageCookie(reply, issuer, address);
      if (attempt.newDeviceCookie !== undefined) rememberDevice(reply, issuer, attempt.newDeviceCookie);
      return reply.header('cache-control', 'no-store').redirect(attempt.continueAt ?? '/', 303);
    },
    show: showPage,
  };
}

function reachesWantedAcr({ pending, amr }: ProvenAttempt): boolean {
  const { wantedAcr, acrIsEssential } = pending;
  return !acrIsEssential || wantedAcr === undefined || isAtLeast(deduceAcr(amr), wantedAcr);
}

/** Keeps the attempt for its next page under a new token; the password that was right is forgiven its failures. */
async function keepStage(attempt: ProvenAttempt, tools: SignInTools): Promise<string> {
  const token = randomToken();
  const expiresAt = new Date(tools.clock.now().getTime() + STAGE_SECONDS * 1000);
  await tools.database.transaction(async (tx) => {
    if (attempt.reserved) await tools.throttle.succeed(tx, attempt.reserved);
    await startStage(
      tx,
      { uid: attempt.pending.uid, token, expiresAt },
      {
        accountId: attempt.account.id,
        shared: attempt.shared,
        amr: attempt.amr,
        notes: attempt.notes,
        answered: attempt.answered,
      },
    );
  });
  return token;
}

/** Sends a page of sign-in with its headers. */
export function showPage(reply: FastifyReply, status: number, page: RenderedPage): FastifyReply {
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

/** Refuses a form that another site sent, on top of the cookie's SameSite and path. */
export function isSameOrigin(request: FastifyRequest, issuer: URL): boolean {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  return (origin === undefined || origin === issuer.origin) && (site === undefined || site === 'same-origin');
}
