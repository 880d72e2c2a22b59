/** Seconds without a visit after which a session ends: 2 hours, or 20 minutes on a shared computer. */
export function idleLimitSeconds(shared: boolean): number {
  return shared ? 20 * 60 : 2 * 3_600;
}

/** Seconds after sign-in at which a session ends whatever happens: 12 hours, or 2 on a shared computer. */
function absoluteLimitSeconds(shared: boolean): number {
  return shared ? 2 * 3_600 : 12 * 3_600;
}

/** Seconds until the absolute limit, at least 1. */
export function remainingSeconds(session: { shared: boolean; authenticatedAt: Date }, now: Date): number {
  const age = (now.getTime() - session.authenticatedAt.getTime()) / 1000;
  return Math.max(1, Math.floor(absoluteLimitSeconds(session.shared) - age));
}
