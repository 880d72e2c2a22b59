import type { PersonId } from '@socle/base';
import { findAccountById } from '../account-store.ts';
import type { CodePurpose, StoredCode } from '../one-time-codes/one-time-code-store.ts';
import { parseCode } from '../one-time-codes/code-symbols.ts';
import type { CodeRefusal } from '../sign-in/refusal-reason.ts';
import type { ProvenAttempt, SignInOrigin, SignInTools } from '../sign-in/step.ts';

/** A code that opens an account now. */
export interface AdmittedCode {
  readonly stored: StoredCode;
  readonly account: ProvenAttempt['account'];
  readonly person: ProvenAttempt['person'];
  readonly reserved: NonNullable<ProvenAttempt['reserved']>;
}

// Looked up when nobody has the code, so that every answer costs the same calls.
const NOBODY = '00000000-0000-7000-8000-000000000000';

/**
 * Finds what a typed code opens, without using it. Unknown, used, replaced and expired codes, those of another kind and
 * those of people who may not sign in are refused alike, after the same calls. The try is counted before.
 */
export async function checkCode(
  tools: SignInTools,
  typed: string,
  origin: SignInOrigin,
  find: (typed: string) => Promise<StoredCode | undefined>,
  purposes: readonly CodePurpose[],
): Promise<AdmittedCode | CodeRefusal> {
  const decision = await tools.throttle.reserve(tools.database, {
    code: parseCode(typed)?.revealText() ?? '',
    address: origin.address,
  });
  if (!decision.allowed) return { reason: 'throttled', retryAfterSeconds: decision.retryAfterSeconds };
  const stored = await find(typed);
  const account = await findAccountById(tools.database, stored?.accountId ?? NOBODY);
  const person = await tools.people.findPerson((account?.person_id ?? NOBODY) as PersonId);
  const fits = stored && purposes.includes(stored.purpose);
  if (fits && account?.status === 'active' && person?.status === 'active') {
    return { stored, account, person, reserved: decision.reserved };
  }
  await appendCodeRefusal(tools, origin);
  return { reason: 'credentials' };
}

/** Writes that a code was refused; it names nobody, since whose code it was meant to be is not known. */
export function appendCodeRefusal(tools: SignInTools, origin: SignInOrigin): Promise<unknown> {
  return tools.database.transaction(
    (tx) =>
      tools.audit.append(tx, {
        controller: tools.platformController,
        actor: { kind: 'system', id: 'sign-in' },
        action: 'identity.code.refused',
        outcome: 'denied',
        network: { address: origin.address, agent: origin.agent },
      }),
    { scope: 'all' },
  );
}
