import type { FactorList } from '../credentials/factor-summary.ts';
import { CREDENTIAL_TEXTS } from '../credentials/texts.ts';
import { canAnswer, findFactorNeed } from './factor-demand.ts';
import { drawFactorPage, type FactorField } from './factor-page.ts';
import type { SignInPrompt } from './prompt.ts';
import { appendRefusal } from './refusal.ts';
import type { SignInTools } from './step.ts';

/** The code of the second factor. Attempts are counted by account, apart from those at the password. */
export const factorPrompt: SignInPrompt = {
  name: 'code',
  async isDue(attempt, tools) {
    const { needed, has } = await findFactorNeed(attempt, tools);
    return needed && canAnswer(has);
  },
  async show(attempt, tools, view) {
    const { has } = await findFactorNeed(attempt, tools);
    return drawFactorPage(tools.pages, view, has);
  },
  async answer(attempt, fields, tools, view) {
    const { has } = await findFactorNeed(attempt, tools);
    const t = CREDENTIAL_TEXTS[view.language];
    const field = findField(fields, has);
    const code = fields[field]?.trim() ?? '';
    const page = (message: string) => drawFactorPage(tools.pages, view, has, { field, message });
    if (code === '') return { done: false, status: 422, page: page(t.codeMissing) };
    const decision = await tools.throttle.reserve(tools.database, {
      accountId: attempt.account.id,
      address: attempt.address,
    });
    if (!decision.allowed) {
      const { retryAfterSeconds } = decision;
      if (decision.justClosed) await appendRefusal(attempt, tools, 'second_factor_throttled');
      const minutes = Math.ceil(retryAfterSeconds / 60);
      return { done: false, status: 429, retryAfterSeconds, page: page(t.codeThrottled(minutes)) };
    }
    if (!(await useCode(tools, attempt.account.id, field, code))) {
      await appendRefusal(attempt, tools, 'second_factor');
      return { done: false, status: 422, page: page(t.codeRefused) };
    }
    await tools.throttle.succeed(tools.database, decision.reserved);
    return { done: true, amr: ['otp', 'mfa'] };
  },
};

/** The field that was filled in; where none was, the one that the page asks for first. */
function findField(fields: Readonly<Record<string, string>>, has: FactorList): FactorField {
  const filled = (['code', 'grid', 'recovery'] as const).find((name) => (fields[name] ?? '').trim() !== '');
  return filled ?? (has.totp ? 'code' : 'grid');
}

function useCode(tools: SignInTools, accountId: string, field: FactorField, code: string): Promise<boolean> {
  return field === 'code'
    ? tools.factors.useTotp(accountId, code)
    : tools.factors.usePrinted(accountId, field, code);
}
