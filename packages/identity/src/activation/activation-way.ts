import { z } from 'zod';
import type { OpenSignIn, SignInRequest, SignInWay } from '../sign-in/way.ts';
import { buildActivationPages } from './activation-pages.ts';
import { checkCode, appendCodeRefusal } from './check-code.ts';
import { choosePassword } from './choose-password.ts';

const form = z.object({
  code: z.string().max(256).default(''),
  password: z.string().max(4_096).optional(),
  repeat: z.string().max(4_096).default(''),
  shared: z.string().optional(),
});

/**
 * The printed code of an activation sheet, or the one that a teacher gave after a forgotten password: first the code,
 * then, for whoever has one, a password of their own. The code travels in the form and is used with the password.
 */
export const activationWay: SignInWay = (app, desk) => {
  const { tools } = desk;
  const pages = buildActivationPages(tools.pages);

  app.get('/sign-in/:uid/activate', async (request: SignInRequest, reply) => {
    const open = await desk.open(request, reply);
    if (!open) return reply;
    return desk.show(reply, 200, pages.code(viewOf(open)));
  });

  app.post('/sign-in/:uid/activate', async (request: SignInRequest, reply) => {
    const open = await desk.open(request, reply);
    if (!open) return reply;
    const parsed = form.safeParse(request.body ?? {});
    const { code, password, repeat, shared } = parsed.success ? parsed.data : form.parse({});
    const view = viewOf(open);
    if (code.trim() === '')
      return desk.show(reply, 422, pages.code({ ...view, problem: { reason: 'missing' } }));
    const admitted = await checkCode(
      tools,
      code,
      open.origin,
      (typed) => tools.codes.find(tools.database, typed),
      ['activation', 'reset'],
    );
    if ('reason' in admitted) {
      if (admitted.reason !== 'credentials') {
        void reply.header('retry-after', String(admitted.retryAfterSeconds));
      }
      const status = admitted.reason === 'credentials' ? 422 : 429;
      return desk.show(reply, status, pages.code({ ...view, typed: code, problem: admitted }));
    }
    const choose = {
      ...view,
      code,
      name: admitted.person.displayName,
      login: admitted.account.login,
      shared: shared !== undefined,
    };
    if (password === undefined) {
      await tools.throttle.release(tools.database, admitted.reserved);
      return desk.show(reply, 200, pages.choose(choose));
    }
    const account = await choosePassword(tools, admitted, { code, password, repeat });
    if (account === 'code') {
      await appendCodeRefusal(tools, open.origin);
      return desk.show(reply, 422, pages.code({ ...view, problem: { reason: 'credentials' } }));
    }
    if (typeof account === 'string') {
      await tools.throttle.release(tools.database, admitted.reserved);
      return desk.show(reply, account === 'busy' ? 503 : 422, pages.choose({ ...choose, problem: account }));
    }
    return desk.proceed(reply, {
      ...open.origin,
      pending: open.pending,
      login: account.login,
      shared: shared !== undefined,
      amr: ['pwd'],
      notes: [],
      answered: [],
      reserved: admitted.reserved,
      account,
      person: admitted.person,
    });
  });
};

function viewOf(open: OpenSignIn) {
  return {
    language: open.language,
    action: `${open.address}/activate`,
    back: open.address,
    formTargets: open.formTargets,
    school: open.school,
  };
}
