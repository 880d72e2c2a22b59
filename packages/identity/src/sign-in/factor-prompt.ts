import { button, codeField, errorSummary, form, html, nothing } from '@socle/pages';
import { CREDENTIAL_TEXTS } from '../credentials/texts.ts';
import type { RenderedPage } from '../provider-gate.ts';
import { findFactorNeed } from './factor-demand.ts';
import type { PromptView, SignInPrompt } from './prompt.ts';
import { appendRefusal } from './refusal.ts';
import type { SignInTools } from './step.ts';

/** The code of the second factor. Attempts are counted by account, apart from those at the password. */
export const factorPrompt: SignInPrompt = {
  name: 'code',
  async isDue(attempt, tools) {
    const { needed, hasTotp } = await findFactorNeed(attempt, tools);
    return needed && hasTotp;
  },
  show: async (_attempt, tools, view) => draw(tools, view),
  async answer(attempt, fields, tools, view) {
    const code = fields['code']?.trim() ?? '';
    const t = CREDENTIAL_TEXTS[view.language];
    if (code === '') return { done: false, status: 422, page: draw(tools, view, t.codeMissing) };
    const decision = await tools.throttle.reserve(tools.database, {
      accountId: attempt.account.id,
      address: attempt.address,
    });
    if (!decision.allowed) {
      const { retryAfterSeconds } = decision;
      if (decision.justClosed) await appendRefusal(attempt, tools, 'second_factor_throttled');
      const page = draw(tools, view, t.codeThrottled(Math.ceil(retryAfterSeconds / 60)));
      return { done: false, status: 429, retryAfterSeconds, page };
    }
    if (!(await tools.factors.useTotp(attempt.account.id, code))) {
      await appendRefusal(attempt, tools, 'second_factor');
      return { done: false, status: 422, page: draw(tools, view, t.codeRefused) };
    }
    await tools.throttle.succeed(tools.database, decision.reserved);
    return { done: true, amr: ['otp', 'mfa'] };
  },
};

function draw(tools: SignInTools, view: PromptView, problem?: string): RenderedPage {
  const { language, action, formTargets } = view;
  const t = CREDENTIAL_TEXTS[language];
  return tools.pages.sheet({
    language,
    title: t.codeTitle,
    lead: t.codeLead,
    formTargets,
    returnTo: action,
    body: html`${problem === undefined ? nothing : errorSummary([{ name: 'code', message: problem }], language)}
      ${form({
        action,
        body: [
          codeField({ language, name: 'code', label: t.code }),
          button({ label: t.codeContinue, wide: true }),
        ],
      })}
      <p class="muted">${t.codeHelp}</p>`,
  });
}
