import type { PersonFacts } from '@socle/authorization';
import type { Decisions } from '../decisions.ts';

/** In whom nobody ever sees: those who administer, direct or watch over the system, and who hold emergency access. */
const NEVER_SEEN = new Set([
  'head',
  'local_admin',
  'academy_admin',
  'dpo',
  'security_officer',
  'break_glass',
]);
const OWN_DATA_ONLY = new Set(['pupil', 'guardian']);

/** May this person be seen by that one, and where; or why not. */
export type ViewCheck =
  | { readonly allowed: true; readonly school: string }
  | { readonly allowed: false; readonly why: 'nobody' | 'officer' | 'rules' };

/**
 * Decides on every place where the person seen has a role or a child: whoever is also elsewhere is seen by those only who may
 * see them there too. Staff need the wider right.
 */
export function checkView(
  decisions: Pick<Decisions, 'decide'>,
  now: Date,
  viewer: { readonly facts: PersonFacts; readonly acr: string },
  seen: PersonFacts,
): ViewCheck {
  const held = seen.roles.filter(
    ({ from, to }) => (from === undefined || from <= now) && (to === undefined || to > now),
  );
  if (seen.person === viewer.facts.person || seen.suspended || held.length === 0)
    return { allowed: false, why: 'nobody' };
  if (held.some(({ role, scope }) => NEVER_SEEN.has(role) || scope !== 'school'))
    return { allowed: false, why: 'officer' };
  const isStaff = held.some(({ role }) => !OWN_DATA_ONLY.has(role));
  const action = isStaff ? 'accounts.view.open_staff' : 'accounts.view.open';
  const schools = new Set([
    ...held.map(({ domain }) => domain),
    ...seen.children.flatMap((child) => child.schools),
  ]);
  const allowed = [...schools].every(
    (school) =>
      decisions.decide(viewer.facts, {
        action,
        resource: { type: 'accounts.view', id: seen.person, pupil: seen.person, school },
        acr: viewer.acr,
      }).allowed,
  );
  return allowed ? { allowed: true, school: held[0]!.domain } : { allowed: false, why: 'rules' };
}
