import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PersonId } from '@socle/base';
import { findAccountById } from '../account-store.ts';
import { readCookie } from '../cookies.ts';
import { stageCookieName } from './cookies.ts';
import type { PromptView } from './prompt.ts';
import { isProven } from './proven.ts';
import { findStage, takeStage } from './stage-store.ts';
import type { ProvenAttempt, SignInAttempt } from './step.ts';
import { findDuePrompt } from './steps.ts';
import type { OpenSignIn, SignInDesk } from './way.ts';

type PromptRequest = FastifyRequest<{ Params: { uid: string; prompt: string } }>;

const MAX_FIELD_CHARACTERS = 4_096;

/** Pages of what is asked after the first proof. Whoever lacks the token of the latest proof starts again. */
export function registerPromptRoutes(app: FastifyInstance, desk: SignInDesk): void {
  const { tools } = desk;

  app.get('/sign-in/:uid/:prompt', async (request: PromptRequest, reply) => {
    const open = await desk.open(request, reply);
    const found = open && (await loadAttempt(request, open));
    if (!open || !found) return open ? expired(reply, open) : reply;
    const due = await findDuePrompt(found.attempt, tools);
    // Answered in another tab, or not the next one.
    if (due?.name !== request.params.prompt) return reply.redirect(addressOf(open, due?.name), 303);
    return desk.show(reply, 200, await due.show(found.attempt, tools, viewOf(open, due.name)));
  });

  app.post('/sign-in/:uid/:prompt', async (request: PromptRequest, reply) => {
    const open = await desk.open(request, reply);
    const found = open && (await loadAttempt(request, open));
    if (!open || !found) return open ? expired(reply, open) : reply;
    const { attempt, token } = found;
    const due = await findDuePrompt(attempt, tools);
    if (due?.name !== request.params.prompt) return reply.redirect(addressOf(open, due?.name), 303);
    const outcome = await due.answer(attempt, readFields(request.body), tools, viewOf(open, due.name));
    if (!outcome.done) {
      if (outcome.retryAfterSeconds !== undefined) {
        void reply.header('retry-after', String(outcome.retryAfterSeconds));
      }
      return desk.show(reply, outcome.status, outcome.page);
    }
    const now = tools.clock.now();
    if (!(await takeStage(tools.database, { uid: open.pending.uid, token, now })))
      return expired(reply, open);
    attempt.answered = [...attempt.answered, due.name];
    attempt.amr = [...new Set([...attempt.amr, ...(outcome.amr ?? [])])];
    // What the answer changed (a password, a factor) is read again.
    const account = await findAccountById(tools.database, attempt.account.id);
    return account
      ? desk.proceed(reply, { ...attempt, account, factorNeed: undefined })
      : expired(reply, open);
  });

  function expired(reply: FastifyReply, { language, school }: OpenSignIn): FastifyReply {
    return desk.show(reply, 400, tools.pages.expired({ language, school }));
  }

  async function loadAttempt(
    request: PromptRequest,
    open: OpenSignIn,
  ): Promise<{ attempt: ProvenAttempt; token: string } | undefined> {
    const token = readCookie(request.raw, stageCookieName(tools.issuer)) ?? '';
    const now = tools.clock.now();
    const stage = await findStage(tools.database, { uid: open.pending.uid, token, now });
    const account = stage && (await findAccountById(tools.database, stage.accountId));
    if (!account) return undefined;
    const { shared, amr, notes, answered } = stage;
    const attempt: SignInAttempt = {
      ...open.origin,
      pending: open.pending,
      login: account.login,
      shared,
      amr,
      notes,
      answered,
      account,
      person: await tools.people.findPerson(account.person_id as PersonId),
    };
    return isProven(attempt) ? { attempt, token } : undefined;
  }
}

function viewOf({ language, address, formTargets, school }: OpenSignIn, name: string): PromptView {
  return { language, action: `${address}/${name}`, formTargets, school };
}

function addressOf({ address }: OpenSignIn, prompt: string | undefined): string {
  return prompt === undefined ? address : `${address}/${prompt}`;
}

function readFields(body: unknown): Record<string, string> {
  const entries = Object.entries((body ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    entries.flatMap(([name, value]) =>
      typeof value === 'string' && value.length <= MAX_FIELD_CHARACTERS ? [[name, value]] : [],
    ),
  );
}
