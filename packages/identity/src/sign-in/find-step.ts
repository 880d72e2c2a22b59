import type { PersonId } from '@socle/base';
import { findAccountByLogin } from '../account-store.ts';
import type { SignInStep } from './step.ts';

// Asked for when nobody has the login, so that both cases make the same calls.
const NOBODY = '00000000-0000-7000-8000-000000000000' as PersonId;

/** Looks up the account and its person. Never refuses: whether someone exists is not told before the password. */
export const findStep: SignInStep = async (attempt, tools) => {
  attempt.account = await findAccountByLogin(tools.database, attempt.login);
  attempt.person = await tools.people.findPerson((attempt.account?.person_id as PersonId) ?? NOBODY);
  return undefined;
};
