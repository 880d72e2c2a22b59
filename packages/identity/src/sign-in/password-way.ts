import { z } from 'zod';
import { drawSignIn } from './draw-sign-in.ts';
import type { SignInRefusal } from './refusal-reason.ts';
import type { SignInAttempt } from './step.ts';
import { isProven } from './proven.ts';
import { provePassword } from './steps.ts';
import type { SignInRequest, SignInWay } from './way.ts';

const form = z.object({
  username: z.string().max(256).default(''),
  // Longer passwords are refused before hashing, by the verify step, like any wrong one.
  password: z.string().max(4_096).default(''),
  shared: z.string().optional(),
  work: z.string().max(256).default(''),
  'work-solution': z.string().max(128).default(''),
});

const REFUSAL_STATUS = { credentials: 422, throttled: 429, busy: 503, work: 429 } as const;

/** The page with a login and a password, at the sign-in's own address. */
export const passwordWay: SignInWay = (app, desk) => {
  const { tools } = desk;

  app.get('/sign-in/:uid', async (request: SignInRequest, reply) => {
    const open = await desk.open(request, reply);
    if (!open) return reply;
    if (open.pending.unreachableAcr) {
      return reply.redirect(await open.pending.fail('unmet_authentication_requirements'), 303);
    }
    return desk.show(reply, 200, await drawSignIn(tools, open));
  });

  app.post('/sign-in/:uid', async (request: SignInRequest, reply) => {
    const open = await desk.open(request, reply);
    if (!open) return reply;
    const fields = form.safeParse(request.body ?? {});
    const sent = fields.success ? fields.data : form.parse({});
    const { username, password, shared } = sent;
    const typed = { username, shared: shared !== undefined };
    if (username.trim() === '' || password === '') {
      const problem = { reason: 'missing' } as const;
      return desk.show(reply, 422, await drawSignIn(tools, open, { ...typed, problem }));
    }
    const attempt: SignInAttempt = {
      ...open.origin,
      pending: open.pending,
      login: username,
      password,
      work: { challenge: sent.work, solution: sent['work-solution'] },
      shared: shared !== undefined,
      amr: [],
      notes: [],
      answered: [],
    };
    const refusal = await provePassword(attempt, tools);
    if (!refusal && isProven(attempt)) return desk.proceed(reply, attempt);
    const problem: SignInRefusal = refusal ?? { reason: 'credentials' };
    if (problem.reason !== 'credentials') {
      void reply.header('retry-after', String(problem.retryAfterSeconds));
    }
    const page = await drawSignIn(tools, open, { ...typed, problem });
    return desk.show(reply, REFUSAL_STATUS[problem.reason], page);
  });
};
