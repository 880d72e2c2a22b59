import { replaceHash } from '../account-store.ts';
import { invariant, isSocleError } from '@socle/base';
import type { IdentityErrorCode } from '../errors.ts';
import type { SignInStep } from './step.ts';

/** From this length on a password needs no second factor beside it (design: passwords of staff). */
const LONG_PASSWORD_LENGTH = 15;

/**
 * Verifies the password, and only then whether this person may sign in: unknown, suspended and departed people cost
 * the same hash and get the same refusal as a wrong password.
 */
export const verifyStep: SignInStep = async (attempt, tools) => {
  const { account, person, password } = attempt;
  invariant(password !== undefined, 'this way in has a password');
  const hash = account?.password_hash ?? undefined;
  let fits: boolean;
  try {
    fits = await tools.passwords.verify(hash, password);
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
    await replaceHash(tools.database, account.id, hash, await tools.passwords.strengthen(password));
  }
  attempt.amr = ['pwd'];
  if (Array.from(password).length < LONG_PASSWORD_LENGTH) attempt.notes = ['short-password'];
  return undefined;
};
