import type { PersonId } from '@socle/base';
import { z } from 'zod';
import { findAccountById } from '../account-store.ts';
import { buildActivationPages } from '../activation/activation-pages.ts';
import type { CodeProblem } from '../activation/code-problem.ts';
import { codeForm, redeemCode } from '../activation/redeem-code.ts';
import type { StoredCode } from '../one-time-codes/one-time-code-store.ts';
import type { SignInTools } from '../sign-in/step.ts';
import { viewOfWay } from '../sign-in/way-view.ts';
import type { SignInRequest, SignInWay } from '../sign-in/way.ts';
import { buildParentPage } from './parent-page.ts';

const form = codeForm.extend({ 'birth-date': z.string().max(40).default('') });

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
    return open ? desk.show(reply, 200, showCode(viewOfWay(open, 'parent'))) : reply;
  });

  app.post('/sign-in/:uid/parent', async (request: SignInRequest, reply) => {
    const open = await desk.open(request, reply);
    if (!open) return reply;
    const parsed = form.safeParse(request.body ?? {});
    const fields = parsed.success ? parsed.data : form.parse({});
    const birthDate = /^\d{4}-\d{2}-\d{2}$/.exec(fields['birth-date'].trim())?.[0];
    const view = viewOfWay(open, 'parent');
    const askAgain = (problem: CodeProblem) =>
      showCode({ ...view, typed: fields.code, birthDate: fields['birth-date'], problem });
    if (fields.code.trim() === '' || birthDate === undefined) {
      return desk.show(reply, 422, askAgain({ reason: 'missing' }));
    }
    return redeemCode(desk, reply, open, view, pages, {
      typed: fields,
      purposes: ['link'],
      fields: { 'birth-date': birthDate },
      find: (code) => findForParent(tools, code, birthDate),
      askAgain,
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
