import { isSocleError } from '@socle/base';
import { findAccountById, setAccountPassword } from '../account-store.ts';
import type { IdentityErrorCode } from '../errors.ts';
import type { ProvenAttempt, SignInTools } from '../sign-in/step.ts';
import type { AdmittedCode } from './check-code.ts';

/** Why a password was not taken. */
export type PasswordProblem = 'missing' | 'different' | 'refused' | 'busy' | 'code';

/**
 * Uses the code and sets the person's own password in one transaction, then ends every session of the account. The
 * password is checked and hashed first, so that a password that is refused does not cost the code.
 *
 * @returns the account with its password, or why nothing changed; `code` when somebody else used the code meanwhile.
 */
export async function choosePassword(
  tools: SignInTools,
  admitted: AdmittedCode,
  typed: { readonly code: string; readonly password: string; readonly repeat: string },
): Promise<ProvenAttempt['account'] | PasswordProblem> {
  if (typed.password === '') return 'missing';
  if (typed.password.normalize('NFC') !== typed.repeat.normalize('NFC')) return 'different';
  if (await tools.ownPasswords.check(admitted.account, typed.password)) return 'refused';
  let hash: string;
  try {
    hash = await tools.passwords.hash(typed.password);
  } catch (error) {
    if (isSocleError<IdentityErrorCode>(error, 'password_refused')) return 'refused';
    if (isSocleError<IdentityErrorCode>(error, 'password_queue_full')) return 'busy';
    throw error;
  }
  const { account, person } = admitted;
  const event = {
    controller: person.controller ?? tools.platformController,
    actor: { kind: 'person', id: person.id },
    target: { kind: 'person', id: person.id },
    outcome: 'success',
  } as const;
  const isSet = await tools.database.transaction(
    async (tx) => {
      const taken = await tools.codes.take(tx, typed.code);
      if (!taken) return false;
      // What else was printed for this person is of no use any more.
      await tools.codes.revoke(tx, account.id);
      await setAccountPassword(tx, account.id, { hash, mustChange: false, now: tools.clock.now() });
      await tools.audit.append(tx, {
        ...event,
        action: 'identity.code.used',
        detail: { kind: taken.purpose },
      });
      await tools.audit.append(tx, {
        ...event,
        action: 'identity.password.set',
        detail: { mustChange: false },
      });
      return true;
    },
    { scope: 'all' },
  );
  if (!isSet) return 'code';
  await tools.endSessions(account.id, event.actor);
  return (await findAccountById(tools.database, account.id)) ?? 'code';
}
