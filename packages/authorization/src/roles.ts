import { invariant } from '@socle/base';
import type { Resource } from './facts.ts';
import { isCurrent, type Place, type Subject } from './subject.ts';

/** The role that everybody known has: reserved, never a fact. */
export const ANYONE = 'anyone';

/**
 * Whether the person holds `role` over the place, at the width that the rule asks for. A role held over an academy
 * does not satisfy a rule of width `school`: each width is a rule of its own, so that none is gained by accident.
 * A person's id is never a role, an unknown place gives nothing and costs nothing.
 */
export function hasRole(subject: Subject, role: string, place: Place, scope: string): boolean {
  if (role === ANYONE) return true;
  invariant(
    scope === 'school' || scope === 'academy' || scope === 'region',
    'a rule asks for an unknown scope',
  );
  const domain = place[scope];
  if (domain === undefined) return false;
  for (const fact of subject.facts.roles) {
    if (fact.role === role && fact.scope === scope && fact.domain === domain && isCurrent(fact, subject))
      return true;
  }
  return false;
}

/** The bit of each role that a set of rules asks for, by width. */
export interface RoleBits {
  readonly school: ReadonlyMap<string, number>;
  readonly academy: ReadonlyMap<string, number>;
  readonly region: ReadonlyMap<string, number>;
}

/** The roles that a person holds over the place of a resource, as bits: {@link hasRole} for all of `bits` at once. */
export function readRoleMask(subject: Subject, resource: Resource, bits: RoleBits): number {
  const { facts } = subject;
  const { school } = resource;
  let { academy, region } = resource;
  if (school !== undefined && (bits.academy.size > 0 || bits.region.size > 0)) {
    // What a module says of the academy of a school counts for nothing.
    const known = facts.schools.get(school);
    academy = known?.academy;
    region = known?.region;
  }
  let mask = 0;
  for (const fact of facts.roles) {
    const { scope, domain } = fact;
    let bit: number | undefined;
    if (scope === 'school') bit = school !== undefined && domain === school ? bits.school.get(fact.role) : 0;
    else if (scope === 'academy')
      bit = academy !== undefined && domain === academy ? bits.academy.get(fact.role) : 0;
    else if (scope === 'region')
      bit = region !== undefined && domain === region ? bits.region.get(fact.role) : 0;
    if (bit !== undefined && (mask & bit) !== bit && isCurrent(fact, subject)) mask |= bit;
  }
  return mask;
}
