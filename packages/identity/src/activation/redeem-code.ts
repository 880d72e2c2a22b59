import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { CodePurpose, StoredCode } from '../one-time-codes/one-time-code-store.ts';
import type { RenderedPage } from '../provider-gate.ts';
import type { WayView } from '../sign-in/way-view.ts';
import type { OpenSignIn, SignInDesk } from '../sign-in/way.ts';
import type { ActivationPages } from './activation-pages.ts';
import { appendCodeRefusal, checkCode } from './check-code.ts';
import { choosePassword } from './choose-password.ts';
import type { CodeProblem } from './code-problem.ts';

/** What the form of a printed code sends: first the code alone, then with the password that its owner chose. */
export const codeForm = z.object({
  code: z.string().max(256).default(''),
  password: z.string().max(4_096).optional(),
  repeat: z.string().max(4_096).default(''),
  shared: z.string().optional(),
});

/** A code that somebody typed, and how the page that took it speaks and looks the code up. */
export interface TypedCode {
  readonly typed: z.infer<typeof codeForm>;
  readonly purposes: readonly CodePurpose[];
  /** What else the form proved, carried along to the page that asks for the password. */
  readonly fields?: Readonly<Record<string, string>>;
  find(code: string): Promise<StoredCode | undefined>;
  /** The page that asks for the code again. */
  askAgain(problem: CodeProblem): RenderedPage;
}

/**
 * Answers a typed code: refuses it (422, or 429 with Retry-After), asks for a password of their own, or sets that password
 * and signs the person in. The code is used with the password, not before.
 */
export async function redeemCode(
  desk: SignInDesk,
  reply: FastifyReply,
  open: OpenSignIn,
  view: WayView,
  pages: ActivationPages,
  code: TypedCode,
): Promise<FastifyReply> {
  const { tools } = desk;
  const { typed } = code;
  const shared = typed.shared !== undefined;
  const admitted = await checkCode(tools, typed.code, open.origin, code.find, code.purposes);
  if ('reason' in admitted) {
    if (admitted.reason === 'credentials') return desk.show(reply, 422, code.askAgain(admitted));
    void reply.header('retry-after', String(admitted.retryAfterSeconds));
    return desk.show(reply, 429, code.askAgain(admitted));
  }
  const choose = {
    ...view,
    code: typed.code,
    ...(code.fields && { fields: code.fields }),
    name: admitted.person.displayName,
    login: admitted.account.login,
    shared,
  };
  if (typed.password === undefined) {
    await tools.throttle.release(tools.database, admitted.reserved);
    return desk.show(reply, 200, pages.choose(choose));
  }
  const account = await choosePassword(tools, admitted, { ...typed, password: typed.password });
  if (account === 'code') {
    await appendCodeRefusal(tools, open.origin);
    return desk.show(reply, 422, code.askAgain({ reason: 'credentials' }));
  }
  if (typeof account === 'string') {
    await tools.throttle.release(tools.database, admitted.reserved);
    return desk.show(reply, account === 'busy' ? 503 : 422, pages.choose({ ...choose, problem: account }));
  }
  return desk.proceed(reply, {
    ...open.origin,
    pending: open.pending,
    login: account.login,
    shared,
    amr: ['pwd'],
    notes: [],
    answered: [],
    reserved: admitted.reserved,
    account,
    person: admitted.person,
  });
}
