import type { Visit } from '../visit.ts';

/** Seconds for which a proof is recent enough to change what one signs in with. */
const RECENT_SECONDS = 300;

/**
 * Lets pass whoever proved in the last five minutes who they are, with a second factor where they have one.
 * @throws IdentityError `step_up_required`, which sends a browser to sign in and back to `returnTo`.
 */
export async function requireRecent(visit: Visit, returnTo: string): Promise<void> {
  const { identity } = visit.socle;
  const { totp, grid } = await identity.factors.list(visit.session.accountId);
  const hasFactor = totp !== undefined || (grid?.left ?? 0) > 0;
  identity.requireAcr(visit.session, {
    acr: hasFactor ? 'factor' : 'password',
    maxAgeSeconds: RECENT_SECONDS,
    returnTo,
  });
}

/** The person as the author of a change that leaves this session open. */
export function byMyself({ session }: Visit) {
  return { actor: { kind: 'person', id: session.personId }, keepSession: session.id } as const;
}
