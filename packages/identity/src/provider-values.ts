import { invariant, type Clock, type PersonId } from '@socle/base';
import type { Database } from '@socle/db';
import { findAccountById } from './account-store.ts';
import { remainingSeconds } from './session-limits.ts';
import { loadPairwiseSubjects } from './subjects.ts';

const ANONYMOUS_SESSION_SECONDS = 600;

/** The pseudonym of an account's person in the sector of a client. */
export async function loadSubject(
  options: { readonly database: Database; readonly clock: Clock },
  account: { readonly accountId: string; readonly personId?: unknown },
  client: object,
): Promise<string> {
  const personId =
    (account.personId as PersonId | undefined) ??
    ((await findAccountById(options.database, account.accountId))?.person_id as PersonId | undefined);
  invariant(personId !== undefined, 'a subject is made for an account that exists');
  const subjects = await loadPairwiseSubjects(
    options.database,
    sectorOf(client),
    [personId],
    options.clock.now(),
  );
  const subject = subjects.get(personId);
  invariant(subject !== undefined, 'a subject was made');
  return subject;
}

/** The sector in which a client's subjects live. */
export function sectorOf(client: unknown): string {
  const sector = (client as { socle_sector?: unknown }).socle_sector;
  invariant(typeof sector === 'string', 'a registered client has a sector');
  return sector;
}

/** Seconds until a session's absolute end; a few minutes while nobody has signed in. */
export function sessionSeconds(
  session: { transient?: boolean | undefined; loginTs?: number | undefined },
  clock: Clock,
): number {
  return session.loginTs === undefined
    ? ANONYMOUS_SESSION_SECONDS
    : remainingSeconds(
        { shared: session.transient === true, authenticatedAt: new Date(session.loginTs * 1000) },
        clock.now(),
      );
}

/** Attributes of every cookie of the provider. */
export function buildCookie(issuer: string) {
  const secure = issuer.startsWith('https:');
  return { httpOnly: true, sameSite: 'lax', signed: true, secure, overwrite: true, path: '/' } as const;
}

/** `__Host-` and `__Secure-` need https; on http://localhost the plain names are used (README). */
export function cookieNames(secure: boolean): { session: string; interaction: string; resume: string } {
  return {
    session: secure ? '__Host-socle_session' : 'socle_session',
    // Their path is the sign-in's own, so that two tabs work; `__Host-` would demand the path `/`.
    interaction: secure ? '__Secure-socle_sign_in' : 'socle_sign_in',
    resume: secure ? '__Secure-socle_resume' : 'socle_resume',
  };
}
