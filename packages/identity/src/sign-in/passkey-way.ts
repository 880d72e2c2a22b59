import { z } from 'zod';
import type { PersonId } from '@socle/base';
import { findAccountById } from '../account-store.ts';
import { drawSignIn } from './draw-sign-in.ts';
import { isProven } from './proven.ts';
import { appendRefusal } from './refusal.ts';
import type { SignInAttempt } from './step.ts';
import type { SignInRequest, SignInWay } from './way.ts';

const form = z.object({ response: z.string().max(16_384), shared: z.string().optional() });
/** One counter for all passkeys of an address: an answer names its person only once it was verified. */
const COUNTED_AS = 'passkey';

/** A passkey instead of a name and a password. The device must check its user: finger, face or PIN. */
export const passkeyWay: SignInWay = (app, desk) => {
  const { tools } = desk;

  app.get('/sign-in/:uid/passkey', async (request: SignInRequest, reply) =>
    reply.redirect(`/sign-in/${encodeURIComponent(request.params.uid)}`, 303),
  );

  app.post('/sign-in/:uid/passkey', async (request: SignInRequest, reply) => {
    const open = await desk.open(request, reply);
    if (!open) return reply;
    const fields = form.safeParse(request.body ?? {});
    const { response, shared } = fields.success ? fields.data : { response: '', shared: undefined };
    const decision = await tools.throttle.reserve(tools.database, {
      code: `${COUNTED_AS} ${open.pending.uid}`,
      address: open.origin.address,
    });
    if (!decision.allowed) {
      const { retryAfterSeconds } = decision;
      void reply.header('retry-after', String(retryAfterSeconds));
      const problem = { reason: 'throttled', retryAfterSeconds } as const;
      return desk.show(reply, 429, await drawSignIn(tools, open, { problem }));
    }
    const proven = await tools.passkeys.prove(response, {
      place: open.pending.uid,
      userVerification: true,
    });
    const account = proven && (await findAccountById(tools.database, proven.accountId));
    const attempt: SignInAttempt = {
      ...open.origin,
      pending: open.pending,
      login: account?.login ?? '',
      shared: shared !== undefined,
      amr: ['pop', 'user', 'mfa'],
      notes: [],
      answered: [],
      reserved: decision.reserved,
      account,
      person: account && (await tools.people.findPerson(account.person_id as PersonId)),
    };
    if (isProven(attempt)) return desk.proceed(reply, attempt);
    await appendRefusal(attempt, tools, 'passkey');
    return desk.show(reply, 422, await drawSignIn(tools, open, { problem: { reason: 'passkey' } }));
  });
};
