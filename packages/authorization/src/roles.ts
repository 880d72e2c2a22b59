import { invariant } from '@socle/base';
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
