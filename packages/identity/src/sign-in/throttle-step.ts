import { findAccountByLogin } from '../account-store.ts';
import { findDevice } from '../device-cookie.ts';
import type { SignInStep } from './step.ts';

/** Counts the attempt before anything is looked up; refuses when a counter of the login or the address is closed. */
export const throttleStep: SignInStep = async (attempt, tools) => {
  const deviceId = findDevice(tools.throttleSecret, attempt.deviceCookie, attempt.login, tools.clock.now());
  const decision = await tools.throttle.reserve(tools.database, {
    login: attempt.login,
    address: attempt.address,
    ...(deviceId !== undefined && { deviceId }),
  });
  if (decision.allowed) {
    attempt.reserved = decision.reserved;
    return undefined;
  }
  if (decision.justClosed) {
    const account = await findAccountByLogin(tools.database, attempt.login);
    await tools.database.transaction(
      (tx) =>
        tools.audit.append(tx, {
          controller: tools.platformController,
          actor: { kind: 'system', id: 'sign-in' },
          action: 'identity.account.throttled',
          ...(account && { target: { kind: 'person', id: account.person_id } }),
          outcome: 'denied',
          network: { address: attempt.address, agent: attempt.agent },
          detail: { attempts: decision.attempts },
        }),
      { scope: 'all' },
    );
  }
  return { reason: 'throttled', retryAfterSeconds: decision.retryAfterSeconds };
};
