import type { SignInStep } from './step.ts';

/**
 * Asks strangers for a proof of work while the service is attacked. It comes before the throttle, so that whoever brings
 * none closes nobody's login, and before the password, so that none is hashed for them.
 */
export const workStep: SignInStep = async (attempt, tools) => {
  const { pending, address, deviceCookie, login, work } = attempt;
  const verdict = await tools.work.judge({ uid: pending.uid, address, deviceCookie, login }, work);
  if (verdict.admitted) return undefined;
  const { problem, challenge, retryAfterSeconds } = verdict;
  return { reason: 'work', problem, challenge, retryAfterSeconds };
};
