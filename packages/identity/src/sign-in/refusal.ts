import type { SignInAttempt, SignInTools } from './step.ts';

/** Writes a refused sign-in to the log. */
export function appendRefusal(
  attempt: SignInAttempt,
  tools: SignInTools,
  reason: 'credentials' | 'second_factor' | 'second_factor_throttled' | 'passkey' = 'credentials',
): Promise<unknown> {
  return tools.database.transaction(
    (tx) =>
      tools.audit.append(tx, {
        controller: attempt.person?.controller ?? tools.platformController,
        actor: { kind: 'system', id: 'sign-in' },
        action: 'identity.session.refused',
        ...(attempt.account && { target: { kind: 'person', id: attempt.account.person_id } }),
        outcome: 'denied',
        reason,
        network: { address: attempt.address, agent: attempt.agent },
      }),
    { scope: 'all' },
  );
}
