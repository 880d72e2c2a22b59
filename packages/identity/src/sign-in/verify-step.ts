import { replaceHash } from '../account-store.ts';
import { isSocleError } from '@socle/base';
import type { IdentityErrorCode } from '../errors.ts';
import type { SignInStep } from './step.ts';

/**
 * Verifies the password, and only then whether this person may sign in: unknown, suspended and departed people cost
 * the same hash and get the same refusal as a wrong password.
 */
export const verifyStep: SignInStep = async (attempt, tools) => {
  const { account, person } = attempt;
  const hash = account?.password_hash ?? undefined;
  let fits: boolean;
  try {
    fits = await tools.passwords.verify(hash, attempt.password);
  } catch (error) {
    if (!isSocleError<IdentityErrorCode>(error, 'password_queue_full')) throw error;
    // Nothing was tried: the attempt is not held against anyone.
    await tools.throttle.release(tools.database, attempt.reserved ?? []);
    return { reason: 'busy', retryAfterSeconds: Number(error.details['retryAfterSeconds']) };
  }
  if (!fits || !account || account.status !== 'active' || person?.status !== 'active') {
    return { reason: 'credentials' };
  }
  if (hash !== undefined && tools.passwords.needsRehash(hash)) {
    await replaceHash(tools.database, account.id, hash, await tools.passwords.hash(attempt.password));
  }
  return undefined;
};
