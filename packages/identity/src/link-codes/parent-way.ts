import type { PersonId } from '@socle/base';
import { z } from 'zod';
import { findAccountById } from '../account-store.ts';
import { buildActivationPages } from '../activation/activation-pages.ts';
import { appendCodeRefusal, checkCode } from '../activation/check-code.ts';
import { choosePassword } from '../activation/choose-password.ts';
import type { StoredCode } from '../one-time-codes/one-time-code-store.ts';
import type { SignInTools } from '../sign-in/step.ts';
import type { OpenSignIn, SignInRequest, SignInWay } from '../sign-in/way.ts';
import { buildParentPage } from './parent-page.ts';

const form = z.object({
  code: z.string().max(256).default(''),
  'birth-date': z.string().max(40).default(''),
  password: z.string().max(4_096).optional(),
  repeat: z.string().max(4_096).default(''),
  shared: z.string().optional(),
});

// Asked for when nobody has the code, so that every answer costs the same calls.
const NOBODY = '00000000-0000-7000-8000-000000000000';

/**
 * A parent's code with the birth date of the child through whom the school knows them, then a password of their own.
 * Wrong codes and wrong dates get one answer; after five wrong dates the code is dead. Whether the parent still holds
 * authority over the child is asked again at that moment.
 */
export const parentWay: SignInWay = (app, desk) => {
  const { tools } = desk;
  const showCode = buildParentPage(tools.pages);
  const pages = buildActivationPages(tools.pages);

  app.get('/sign-in/:uid/parent', async (request: SignInRequest, reply) => {
    const open = await desk.open(request, reply);
    return open ? desk.show(reply, 200, showCode(viewOf(open))) : reply;
  });

  app.post('/sign-in/:uid/parent', async (request: SignInRequest, reply) => {
    const open = await desk.open(request, reply);
    if (!open) return reply;
    const parsed = form.safeParse(request.body ?? {});
    const fields = parsed.success ? parsed.data : form.parse({});
    const { code, password, repeat, shared } = fields;
    const birthDate = /^\d{4}-\d{2}-\d{2}$/.exec(fields['birth-date'].trim())?.[0];
    const view = { ...viewOf(open), typed: code, birthDate: fields['birth-date'] };
    if (code.trim() === '' || birthDate === undefined) {
      return desk.show(reply, 422, showCode({ ...view, problem: { reason: 'missing' } }));
    }
    const admitted = await checkCode(
      tools,
      code,
      open.origin,
      (typed) => findForParent(tools, typed, birthDate),
      ['link'],
    );
    if ('reason' in admitted) {
      const isRefused = admitted.reason === 'credentials';
      if (admitted.reason !== 'credentials') {
        void reply.header('retry-after', String(admitted.retryAfterSeconds));
      }
      return desk.show(reply, isRefused ? 422 : 429, showCode({ ...view, problem: admitted }));
    }
    const choose = {
      ...viewOf(open),
      code,
      fields: { 'birth-date': birthDate },
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
      return desk.show(reply, 422, showCode({ ...view, problem: { reason: 'credentials' } }));
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

/** The code, when this birth date is that of its child and its parent still holds authority. Counts the try first. */
async function findForParent(
  tools: SignInTools,
  typed: string,
  birthDate: string,
): Promise<StoredCode | undefined> {
  const stored = await tools.codes.countTry(tools.database, typed);
  const account = await findAccountById(tools.database, stored?.accountId ?? NOBODY);
  const fits = await tools.people.checkGuardian?.({
    adult: (account?.person_id ?? NOBODY) as PersonId,
    child: stored?.childId ?? (NOBODY as PersonId),
    birthDate,
  });
  if (!stored || fits !== true) return undefined;
  await tools.codes.giveBack(tools.database, stored);
  return stored;
}

function viewOf(open: OpenSignIn) {
  return {
    language: open.language,
    action: `${open.address}/parent`,
    back: open.address,
    formTargets: open.formTargets,
    school: open.school,
  };
}
