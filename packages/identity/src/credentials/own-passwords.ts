import { isSocleError, type PersonId } from '@socle/base';
import type { EventActor } from '@socle/audit';
import type { Database } from '@socle/db';
import { findAccountById, type StoredAccount } from '../account-store.ts';
import type { Accounts } from '../accounts.ts';
import type { IdentityErrorCode } from '../errors.ts';
import type { Passwords } from '../passwords.ts';
import type { PeoplePort } from '../ports.ts';
import type { PasswordPolicy, PasswordProblem } from './password-policy.ts';

/** Why a new password was not taken. */
export type ChoiceProblem = PasswordProblem | 'missing' | 'different' | 'same' | 'busy';

/** The password that a person chooses for themselves. */
export interface OwnPasswords {
  /** Whether this account's person may choose this password. */
  check(
    account: Pick<StoredAccount, 'person_id' | 'login'>,
    password: string,
  ): Promise<PasswordProblem | undefined>;
  /**
   * Sets a password that its person chose, and ends the account's other sessions.
   * @returns why nothing changed, or undefined.
   */
  choose(
    accountId: string,
    typed: { readonly password: string; readonly repeat: string },
    by: { readonly actor: EventActor; readonly keepSession?: string },
  ): Promise<ChoiceProblem | undefined>;
}

export function openOwnPasswords(options: {
  readonly database: Database;
  readonly people: PeoplePort;
  readonly passwords: Passwords;
  readonly policy: PasswordPolicy;
  readonly accounts: Pick<Accounts, 'setPassword'>;
}): OwnPasswords {
  const { database, people, passwords, policy } = options;

  const check: OwnPasswords['check'] = async (account, password) => {
    const rules = await people.findPasswordRules?.(account.person_id as PersonId);
    return policy.check(password, { ...rules, words: [account.login, ...(rules?.words ?? [])] });
  };

  return {
    check,
    async choose(accountId, { password, repeat }, by) {
      if (password === '') return 'missing';
      if (password.normalize('NFC') !== repeat.normalize('NFC')) return 'different';
      const account = await findAccountById(database, accountId);
      if (!account) return 'missing';
      const problem = await check(account, password);
      if (problem) return problem;
      try {
        const former = account.password_hash ?? undefined;
        if (former !== undefined && (await passwords.verify(former, password))) return 'same';
        await options.accounts.setPassword(accountId, password, { ...by, mustChange: false });
        return undefined;
      } catch (error) {
        if (isSocleError<IdentityErrorCode>(error, 'password_queue_full')) return 'busy';
        throw error;
      }
    },
  };
}
