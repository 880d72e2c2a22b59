import { choosePasswordForm } from '../credentials/choose-form.ts';
import type { ChoiceProblem } from '../credentials/own-passwords.ts';
import { CREDENTIAL_TEXTS } from '../credentials/texts.ts';
import type { RenderedPage } from '../provider-gate.ts';
import type { PromptView, SignInPrompt } from './prompt.ts';
import type { ProvenAttempt, SignInTools } from './step.ts';

/** Asks for a password of one's own in place of one that somebody else chose. */
export const newPasswordPrompt: SignInPrompt = {
  name: 'new-password',
  isDue: async ({ account, amr }) => amr.includes('pwd') && account.password_must_change,
  show: async (attempt, tools, view) => draw(attempt, tools, view),
  async answer(attempt, fields, tools, view) {
    const { password = '', repeat = '' } = fields;
    const actor = { kind: 'person', id: attempt.account.person_id } as const;
    const problem = await tools.ownPasswords.choose(attempt.account.id, { password, repeat }, { actor });
    if (problem === undefined) return { done: true };
    const status = problem === 'busy' ? 503 : 422;
    return { done: false, status, page: draw(attempt, tools, view, problem) };
  },
};

function draw(
  { account }: ProvenAttempt,
  tools: SignInTools,
  { language, action, formTargets, school }: PromptView,
  problem?: ChoiceProblem,
): RenderedPage {
  const t = CREDENTIAL_TEXTS[language];
  return tools.pages.sheet({
    language,
    title: t.newPasswordTitle,
    lead: t.newPasswordLead,
    formTargets,
    school,
    returnTo: action,
    body: choosePasswordForm({
      language,
      action,
      username: account.login,
      ...(problem !== undefined && { problem }),
    }),
  });
}
