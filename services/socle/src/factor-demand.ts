import type { FactorDemand } from '@socle/identity';

/** Those who administer, direct, or see everybody's data: a password alone never opens their session. */
const ALWAYS = new Set(['head', 'local_admin', 'academy_admin', 'dpo', 'security_officer', 'break_glass']);
/** Those who see nothing but what is theirs. */
const OWN_DATA_ONLY = new Set(['pupil', 'guardian']);

/** What roles demand besides a password: the strictest of them. */
export function factorDemandOf(roles: readonly string[]): FactorDemand {
  if (roles.some((role) => ALWAYS.has(role))) return 'always';
  return roles.some((role) => !OWN_DATA_ONLY.has(role)) ? 'short-password' : 'never';
}
