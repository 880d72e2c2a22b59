import type { FactorList } from '../credentials/factor-summary.ts';
import { answerByColleague } from '../approvals-by-colleague/answer-by-colleague.ts';
import { CREDENTIAL_TEXTS } from '../credentials/texts.ts';
import { canAnswer, findFactorNeed } from './factor-demand.ts';
import type { RenderedPage } from '../provider-gate.ts';
import { drawFactorPage, type FactorField, type FactorProblem } from './factor-page.ts';
import type { PromptView, SignInPrompt } from './prompt.ts';
import { appendRefusal } from './refusal.ts';
import type { ProvenAttempt, SignInTools } from './step.ts';

/** The code of the second factor. Attempts are counted by account, apart from those at the password. */
export const factorPrompt: SignInPrompt = {
  name: 'code',
  async isDue(attempt, tools) {
    const { needed, has } = await findFactorNeed(attempt, tools);
    return needed && canAnswer(has);
  },
  async show(attempt, tools, view) {
    const { has } = await findFactorNeed(attempt, tools);
    return draw(attempt, tools, view, has);
  },
  async answer(attempt, fields, tools, view) {
    const byColleague = await answerByColleague(attempt, fields, tools, view);
    if (byColleague) return byColleague;
    const { has } = await findFactorNeed(attempt, tools);
    const t = CREDENTIAL_TEXTS[view.language];
    const field = findField(fields, has);
    const code = fields[field]?.trim() ?? '';
    const page = (message: string) => draw(attempt, tools, view, has, { field, message });
    if (code === '') return { done: false, status: 422, page: await page(t.codeMissing) };
    const decision = await tools.throttle.reserve(tools.database, {
      accountId: attempt.account.id,
      address: attempt.address,
    });
    if (!decision.allowed) {
      const { retryAfterSeconds } = decision;
      if (decision.justClosed) await appendRefusal(attempt, tools, 'second_factor_throttled');
      const minutes = Math.ceil(retryAfterSeconds / 60);
      return { done: false, status: 429, retryAfterSeconds, page: await page(t.codeThrottled(minutes)) };
    }
    const amr = await useCode(attempt, tools, field, code);
    if (!amr) {
      await appendRefusal(attempt, tools, 'second_factor');
      return { done: false, status: 422, page: await page(t.codeRefused) };
    }
    await tools.throttle.succeed(tools.database, decision.reserved);
    return { done: true, amr };
  },
};

/** The field that was filled in; where none was, the one that the page asks for first. */
function findField(fields: Readonly<Record<string, string>>, has: FactorList): FactorField {
  const filled = (['code', 'grid', 'recovery', 'response'] as const).find(
    (name) => (fields[name] ?? '').trim() !== '',
  );
  return filled ?? (has.totp ? 'code' : has.grid ? 'grid' : 'response');
}

/** What the answer proved, or undefined. */
async function useCode(
  { account, pending }: ProvenAttempt,
  tools: SignInTools,
  field: FactorField,
  code: string,
): Promise<readonly string[] | undefined> {
  if (field === 'response') {
    // After a password, a touch is enough; a device that checked its user counts as a passkey.
    const proven = await tools.passkeys.prove(code, { place: pending.uid, userVerification: false });
    if (proven?.accountId !== account.id) return undefined;
    return proven.userVerified ? ['pop', 'user', 'mfa'] : ['pop', 'mfa'];
  }
  const isRight =
    field === 'code'
      ? await tools.factors.useTotp(account.id, code)
      : await tools.factors.usePrinted(account.id, field, code);
  return isRight ? ['otp', 'mfa'] : undefined;
}

async function draw(
  attempt: ProvenAttempt,
  tools: SignInTools,
  view: PromptView,
  has: FactorList,
  problem?: FactorProblem,
): Promise<RenderedPage> {
  const asked = (has.passkeys ?? 0) > 0 ? await tools.passkeys.ask(attempt.pending.uid) : undefined;
  return drawFactorPage(tools.pages, view, has, { asked, problem });
}
