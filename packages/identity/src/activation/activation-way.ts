import { viewOfWay } from '../sign-in/way-view.ts';
import type { SignInRequest, SignInWay } from '../sign-in/way.ts';
import { buildActivationPages } from './activation-pages.ts';
import { codeForm, redeemCode } from './redeem-code.ts';

/**
 * The printed code of an activation sheet, or the one that a teacher gave after a forgotten password: first the code,
 * then, for whoever has one, a password of their own. The code travels in the form and is used with the password.
 */
export const activationWay: SignInWay = (app, desk) => {
  const { tools } = desk;
  const pages = buildActivationPages(tools.pages);

  app.get('/sign-in/:uid/activate', async (request: SignInRequest, reply) => {
    const open = await desk.open(request, reply);
    return open ? desk.show(reply, 200, pages.code(viewOfWay(open, 'activate'))) : reply;
  });

  app.post('/sign-in/:uid/activate', async (request: SignInRequest, reply) => {
    const open = await desk.open(request, reply);
    if (!open) return reply;
    const parsed = codeForm.safeParse(request.body ?? {});
    const typed = parsed.success ? parsed.data : codeForm.parse({});
    const view = viewOfWay(open, 'activate');
    if (typed.code.trim() === '')
      return desk.show(reply, 422, pages.code({ ...view, problem: { reason: 'missing' } }));
    return redeemCode(desk, reply, open, view, pages, {
      typed,
      purposes: ['activation', 'reset'],
      find: (code) => tools.codes.find(tools.database, code),
      askAgain: (problem) => pages.code({ ...view, typed: typed.code, problem }),
    });
  });
};
