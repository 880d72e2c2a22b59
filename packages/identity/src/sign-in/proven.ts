import type { ProvenAttempt, SignInAttempt } from './step.ts';

/** Whether the steps found somebody who may sign in. */
export function isProven(attempt: SignInAttempt): attempt is ProvenAttempt {
  return attempt.account?.status === 'active' && attempt.person?.status === 'active';
}
