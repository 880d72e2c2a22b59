import { isAtLeast, type Acr } from './acr.ts';

/** What a page asks of the session behind it. */
export interface StepUp {
  readonly acr?: Acr | undefined;
  /** Seconds since the person proved who they are. */
  readonly maxAge?: number | undefined;
}

/** Whether a session is strong and recent enough. */
export function isStrongEnough(
  session: { readonly acr: Acr; readonly authenticatedAt: Date },
  { acr, maxAge }: StepUp,
  now: Date,
): boolean {
  const age = (now.getTime() - session.authenticatedAt.getTime()) / 1000;
  return (acr === undefined || isAtLeast(session.acr, acr)) && (maxAge === undefined || age <= maxAge);
}

/** The sign-in address that asks for at least `acr`, proven at most `maxAge` seconds ago, then leads to `returnTo`. */
export function buildStepUpAddress(returnTo: string, { acr, maxAge }: StepUp): string {
  const query = new URLSearchParams({ 'return-to': returnTo });
  if (acr !== undefined) query.set('acr', acr);
  if (maxAge !== undefined) query.set('max-age', String(maxAge));
  return `/sign-in?${query.toString()}`;
}
