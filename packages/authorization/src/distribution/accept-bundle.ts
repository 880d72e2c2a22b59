import { canonicalJson, type JsonValue } from '@socle/base';
import type { Policies } from '../load-policies.ts';
import { verifyBundle, type PolicyBundle } from './bundle.ts';
import { verifyRollback } from './rollback.ts';
import { parseJson, refuseBundle } from './signatures.ts';

/** The bundle by which decisions are taken, and the highest number that was ever taken. */
export interface BundleInForce {
  readonly bundle: PolicyBundle;
  readonly policies: Policies;
  readonly number: number;
  /** A bundle must be newer than this, even after a rollback: what was left does not come back by itself. */
  readonly highest: number;
}

/** A signed bundle as it travels, with the signed rollback that explains an older number. */
export function printDelivery(signedBundle: string, signedRollback?: string): string {
  return canonicalJson({
    bundle: parseJson(signedBundle),
    ...(signedRollback === undefined ? {} : { rollback: parseJson(signedRollback) }),
  } as JsonValue);
}

/**
 * Judges a delivery against the bundle in force. An older bundle is taken with a rollback that leaves the one in force,
 * or a newer one that was not seen here; never with one that was used up by a bundle newer than it leaves.
 *
 * @throws PolicyError `bundle_refused` or `policy_refused`: what is in force then stays in force.
 */
export function acceptBundle(
  delivery: string,
  publicKeysPem: readonly string[],
  inForce?: Pick<BundleInForce, 'number' | 'highest'>,
): BundleInForce {
  const members = parseJson(delivery);
  if (typeof members !== 'object' || members === null || !('bundle' in members))
    throw refuseBundle('it is not a delivery');
  const { bundle: signed, ...rest } = members as { readonly bundle: unknown; readonly rollback?: unknown };
  if (Object.keys(rest).some((name) => name !== 'rollback')) throw refuseBundle('it is not a delivery');
  const { bundle, policies } = verifyBundle(canonicalJson(signed as JsonValue), publicKeysPem);
  const { number } = bundle;
  const highest = inForce?.highest ?? 0;
  if (number > highest) return { bundle, policies, number, highest: number };
  if (inForce?.number === number) throw refuseBundle('it is not newer than the one in force');
  if (rest.rollback === undefined)
    throw refuseBundle('it is older than one that was in force, and nothing signed says to go back');
  const rollback = verifyRollback(canonicalJson(rest.rollback as JsonValue), publicKeysPem);
  if (rollback.to !== number) throw refuseBundle('its rollback goes back to another bundle');
  if (rollback.from < highest) throw refuseBundle('its rollback leaves a bundle that was left before');
  return { bundle, policies, number, highest: Math.max(highest, rollback.from) };
}
