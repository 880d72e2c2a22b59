import { isSocleError } from '@socle/base';
import { totpSetUpForm } from '../credentials/set-up-form.ts';
import { CREDENTIAL_TEXTS } from '../credentials/texts.ts';
import type { IdentityErrorCode } from '../errors.ts';
import type { RenderedPage } from '../provider-gate.ts';
import { canAnswer, findFactorNeed } from './factor-demand.ts';
import type { PromptView, SignInPrompt } from './prompt.ts';
import type { ProvenAttempt, SignInTools } from './step.ts';

/** Sets up a generator of codes for somebody who needs a second factor and has none. */
export const setUpPrompt: SignInPrompt = {
  name: 'set-up',
  async isDue(attempt, tools) {
    const { needed, has } = await findFactorNeed(attempt, tools);
    return needed && !canAnswer(has);
  },
  show: (attempt, tools, view) => draw(attempt, tools, view),
  async answer(attempt, fields, tools, view) {
    const { code = '', ticket = '' } = fields;
    const actor = { kind: 'person', id: attempt.account.person_id } as const;
    try {
      await tools.factors.confirmTotp(attempt.account.id, { ticket, code }, { actor });
      return { done: true, amr: ['otp', 'mfa'] };
    } catch (error) {
      if (!isSocleError<IdentityErrorCode>(error, 'factor_code_refused')) throw error;
      return { done: false, status: 422, page: await draw(attempt, tools, view, true) };
    }
  },
};

async function draw(
  attempt: ProvenAttempt,
  tools: SignInTools,
  view: PromptView,
  refused = false,
): Promise<RenderedPage> {
  const { language, action, formTargets, school } = view;
  const t = CREDENTIAL_TEXTS[language];
  const { id, login } = attempt.account;
  return tools.pages.sheet({
    language,
    title: t.setUpTitle,
    lead: t.setUpLead,
    formTargets,
    school,
    returnTo: action,
    body: await totpSetUpForm({
      language,
      action,
      refused,
      offer: tools.factors.offerTotp({ id, login }),
    }),
  });
}
