import { acrStep } from './acr-step.ts';
import { factorPrompt } from './factor-prompt.ts';
import { findStep } from './find-step.ts';
import { newPasswordPrompt } from './new-password-prompt.ts';
import type { SignInPrompt } from './prompt.ts';
import { appendRefusal } from './refusal.ts';
import { sessionStep } from './session-step.ts';
import type { SignInRefusal } from './refusal-reason.ts';
import { setUpPrompt } from './set-up-prompt.ts';
import type { ProvenAttempt, SignInAttempt, SignInStep, SignInTools } from './step.ts';
import { throttleStep } from './throttle-step.ts';
import { verifyStep } from './verify-step.ts';
import { workStep } from './work-step.ts';

/** The first proof by password, in order. Other ways in are in `ways.ts`. */
const PASSWORD_STEPS: readonly (readonly [name: string, step: SignInStep])[] = [
  ['work', workStep],
  ['throttle', throttleStep],
  ['find', findStep],
  ['verify', verifyStep],
];

/** What may be asked after the first proof, in order, each on its own page: the first that is due is shown. */
const SIGN_IN_PROMPTS: readonly SignInPrompt[] = [factorPrompt, setUpPrompt, newPasswordPrompt];

/** The end of every sign-in, in order. */
const CLOSING_STEPS: readonly (readonly [name: string, step: SignInStep])[] = [
  ['acr', acrStep],
  ['session', sessionStep],
];

/**
 * Runs the steps of the password until one refuses. A refused password is written to the log by the same call
 * whoever it was, so that both cases take the same time; the person it names is a pseudonym there.
 */
export async function provePassword(
  attempt: SignInAttempt,
  tools: SignInTools,
): Promise<SignInRefusal | undefined> {
  for (const [, step] of PASSWORD_STEPS) {
    const refusal = await step(attempt, tools);
    if (!refusal) continue;
    if (refusal.reason !== 'busy') tools.work.note('refused', attempt.login);
    if (refusal.reason === 'credentials') await appendRefusal(attempt, tools);
    return refusal;
  }
  tools.work.note('succeeded', attempt.login);
  return undefined;
}

/** The first prompt that is due and was not answered, or undefined when the session may be opened. */
export async function findDuePrompt(
  attempt: ProvenAttempt,
  tools: SignInTools,
): Promise<SignInPrompt | undefined> {
  for (const prompt of SIGN_IN_PROMPTS) {
    if (!attempt.answered.includes(prompt.name) && (await prompt.isDue(attempt, tools))) return prompt;
  }
  return undefined;
}

/** Opens the session of an attempt that nothing is asked of any more; `continueAt` is set then. */
export async function closeSignIn(attempt: ProvenAttempt, tools: SignInTools): Promise<void> {
  for (const [, step] of CLOSING_STEPS) await step(attempt, tools);
}
