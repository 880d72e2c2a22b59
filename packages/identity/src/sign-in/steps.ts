import { acrStep } from './acr-step.ts';
import { findStep } from './find-step.ts';
import { sessionStep } from './session-step.ts';
import type { SignInAttempt, SignInRefusal, SignInStep, SignInTools } from './step.ts';
import { throttleStep } from './throttle-step.ts';
import { verifyStep } from './verify-step.ts';

/** Sign-in, in order. A second factor will stand between `verify` and `acr`. */
const SIGN_IN_STEPS: readonly (readonly [name: string, step: SignInStep])[] = [
  ['throttle', throttleStep],
  ['find', findStep],
  ['verify', verifyStep],
  ['acr', acrStep],
  ['session', sessionStep],
];

/**
 * Runs the steps until one refuses. A refused password is written to the log by the same call whoever it was, so
 * that both cases take the same time; the person it names is a pseudonym there.
 */
export async function runSignIn(
  attempt: SignInAttempt,
  tools: SignInTools,
): Promise<SignInRefusal | undefined> {
  for (const [, step] of SIGN_IN_STEPS) {
    const refusal = await step(attempt, tools);
    if (!refusal) continue;
    if (refusal.reason === 'credentials') await appendRefusal(attempt, tools);
    return refusal;
  }
  return undefined;
}

function appendRefusal(attempt: SignInAttempt, tools: SignInTools): Promise<unknown> {
  return tools.database.transaction(
    (tx) =>
      tools.audit.append(tx, {
        controller: attempt.person?.controller ?? tools.platformController,
        actor: { kind: 'system', id: 'sign-in' },
        action: 'identity.session.refused',
        ...(attempt.account && { target: { kind: 'person', id: attempt.account.person_id } }),
        outcome: 'denied',
        reason: 'credentials',
        network: { address: attempt.address, agent: attempt.agent },
      }),
    { scope: 'all' },
  );
}
