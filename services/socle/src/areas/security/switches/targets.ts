import type { PersonId, SchoolId } from '@socle/base';
import { loadHeldRoles, loadSchools, type School } from '@socle/directory';
import { ServiceError } from '../../../errors.ts';
import { placesWhere } from '../../may-anywhere.ts';
import type { Visit } from '../../visit.ts';

export const ACT = 'security.system.act';
/** Seconds for which a proof is recent enough to stop something. */
const RECENT_SECONDS = 900;

/** The thing that the rules decide about, in one school. */
const systemOf = (school: string) => ({ type: 'security.system', school }) as const;

/** Lets pass whoever proved a second factor in the last quarter of an hour. @throws IdentityError `step_up_required`. */
export function requireFactor({ socle, session }: Visit, returnTo = '/security/switches'): void {
  socle.identity.requireAcr(session, { acr: 'factor', maxAgeSeconds: RECENT_SECONDS, returnTo });
}

/** The schools on which the rules let the visitor act. */
export async function loadActable(visit: Visit): Promise<readonly School[]> {
  const schools = await visit.socle.database.transaction(
    (tx) => loadSchools(tx, { ids: [...visit.facts.schools.keys()] as SchoolId[] }),
    { scope: 'all', readOnly: true },
  );
  return schools.filter(({ id }) => visit.may(ACT, systemOf(id)));
}

/** One of them. @throws ServiceError `access_denied` (403), which is logged, `not_found` (404). */
export async function requireActable(visit: Visit, id: string): Promise<School> {
  await visit.requireMay(ACT, systemOf(id));
  const school = (await loadActable(visit)).find((each) => each.id === id);
  if (school) return school;
  throw new ServiceError('not_found', { status: 404, publicMessage: 'There is no such school.' });
}

/** May the visitor act on what is no school's: services and their registration? Only from above schools. */
export function mayActOnPlatform(visit: Visit): boolean {
  return placesWhere(visit, ACT, 'security.system').some(({ school }) => school === undefined);
}

/** Those who hold a role in a school now, each once. */
export async function loadPeopleOf({ socle, now }: Visit, school: SchoolId): Promise<readonly PersonId[]> {
  const held = await socle.database.transaction((tx) => loadHeldRoles(tx, { school, at: now }), {
    scope: 'all',
    readOnly: true,
  });
  return [...new Set(held.map(({ person }) => person))];
}

/** Who orders it, for the log. */
export function orderOf({ session }: Visit, controller: string) {
  return { actor: { kind: 'person', id: session.personId }, controller, session: session.id } as const;
}
