import { invariant } from '@socle/base';
import { addDevice } from '../device-cookie.ts';
import type { SignInStep } from './step.ts';

/** Forgets the failures, writes the event, and hands the proven person to the provider, which opens the session. */
export const sessionStep: SignInStep = async (attempt, tools) => {
  const { account, person, acr, amr } = attempt;
  invariant(account && person && acr, 'the steps before found who signs in');
  await tools.database.transaction(
    async (tx) => {
      if (attempt.reserved) await tools.throttle.succeed(tx, attempt.reserved);
      await tools.audit.append(tx, {
        controller: person.controller ?? tools.platformController,
        actor: { kind: 'person', id: person.id },
        action: 'identity.session.started',
        target: { kind: 'person', id: person.id },
        outcome: 'success',
        network: { address: attempt.address, agent: attempt.agent },
        detail: { acr, shared: attempt.shared },
      });
    },
    { scope: 'all' },
  );
  attempt.continueAt = await attempt.pending.succeed({
    accountId: account.id,
    acr,
    amr,
    shared: attempt.shared,
  });
  if (!attempt.shared) {
    attempt.newDeviceCookie = addDevice(
      tools.throttleSecret,
      attempt.deviceCookie,
      attempt.login,
      tools.clock.now(),
    );
  }
  return undefined;
};
