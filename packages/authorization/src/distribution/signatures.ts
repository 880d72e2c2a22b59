import type { KeyObject } from 'node:crypto';
import { sha256 } from '@socle/base';
import { PolicyError, type PolicyProblem } from '../errors.ts';

/** The key, when it is an Ed25519 key. @throws PolicyError `bundle_refused` */
export function requireEd25519(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== 'ed25519') throw refuseBundle('the key is not an Ed25519 key');
  return key;
}

/** SHA-256 of a public key: which one to look for, never a proof. */
export function nameKey(key: KeyObject): string {
  return sha256(key.export({ type: 'spki', format: 'der' })).toString('hex');
}

/** @throws PolicyError `bundle_refused` for what is not JSON: half a file, mostly. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw refuseBundle('it is not whole: not JSON');
  }
}

/** The members of an object that has these, in the order of the alphabet, and no other. @throws PolicyError */
export function requireMembers(value: unknown, members: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw refuseBundle('it is not a bundle');
  if (Object.keys(value).toSorted().join() !== members.join())
    throw refuseBundle(`it does not hold ${members.join(', ')} and nothing else`);
  return value as Record<string, unknown>;
}

/** The refusal of a bundle, for this reason. */
export function refuseBundle(problem: string): PolicyError {
  const told: PolicyProblem = {
    file: 'the bundle',
    line: 0,
    problem,
    instead: 'a bundle signed by its owner',
  };
  return new PolicyError('bundle_refused', [told]);
}
