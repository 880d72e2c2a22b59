import type { PersonFacts, Resource, RoleFact } from './facts.ts';

/** What an invariant may ask of a person, a resource and an instant. */
export type Predicate = (person: PersonFacts, resource: Resource, now: Date) => boolean;

// Written apart from relations.ts and conditions.ts on purpose, and sharing nothing with them: an oracle that used
// the code it judges would agree with its faults.

/** Roles that come near no content: administrators, school life and those who watch over the system. */
const CONTENT_BLIND = new Set([
  'cpe',
  'aed',
  'librarian',
  'staff',
  'local_admin',
  'academy_admin',
  'dpo',
  'security_officer',
  'guest',
  'break_glass',
]);

/** Roles that keep the system, or pass through it. */
const TECHNICAL = new Set(['local_admin', 'academy_admin', 'dpo', 'security_officer', 'guest']);

export const predicates: ReadonlyMap<string, Predicate> = new Map<string, Predicate>([
  ['suspended', (person) => person.suspended],
  ['no_role', (person, _resource, now) => roles(person, now).length === 0],
  [
    'no_role_in_school',
    (person, resource, now) =>
      resource.school !== undefined && !roles(person, now).some((role) => role.domain === resource.school),
  ],
  ['no_wide_role', (person, _resource, now) => roles(person, now).every((role) => role.scope === 'school')],
  [
    'not_own_entry',
    (person, resource) => resource.type !== 'directory.person' || resource.id !== person.person,
  ],
  ['pupil_only', (person, _resource, now) => hasOnly(person, now, (role) => role === 'pupil')],
  ['guardian_only', (person, _resource, now) => hasOnly(person, now, (role) => role === 'guardian')],
  ['content_blind', (person, _resource, now) => hasOnly(person, now, (role) => CONTENT_BLIND.has(role))],
  [
    'no_teacher_role',
    (person, _resource, now) => !roles(person, now).some((role) => role.role === 'teacher'),
  ],
  ['no_head_role', (person, _resource, now) => !roles(person, now).some((role) => role.role === 'head')],
  ['technical_only', (person, _resource, now) => hasOnly(person, now, (role) => TECHNICAL.has(role))],
  ['emergency_only', (person, _resource, now) => hasOnly(person, now, (role) => role === 'break_glass')],
  ['not_owner', (person, resource) => resource.owner !== person.person],
  [
    'minor',
    (person, _resource, now) => {
      if (person.birthDate === undefined) return true;
      const [year, ...rest] = person.birthDate.split('-');
      return now < new Date([Number(year) + 18, ...rest].join('-'));
    },
  ],
  ['about_another', (person, resource) => resource.pupil !== person.person],
  [
    'authority_removed',
    (person, resource, now) =>
      links(person, resource, now).some(
        (link) => link.kind === 'legal' && ['none', 'suspended', 'withdrawn'].includes(link.exercise),
      ),
  ],
  [
    'no_authority',
    (person, resource, now) =>
      !links(person, resource, now).some(
        (link) => link.kind === 'legal' && ['joint', 'sole'].includes(link.exercise),
      ),
  ],
  [
    'not_teaching',
    (person, resource, now) =>
      !person.teaches.some(
        (fact) =>
          fact.division === resource.division &&
          fact.school === resource.school &&
          (fact.subject ?? resource.subject) === resource.subject &&
          open(fact, now),
      ),
  ],
  ['draft', (_person, resource) => resource.published !== true],
  ['closed', (_person, resource) => resource.closed !== false],
]);

function open(window: { readonly from?: Date; readonly to?: Date }, now: Date): boolean {
  if (window.from !== undefined && now < window.from) return false;
  return window.to === undefined || now < window.to;
}

function roles(person: PersonFacts, now: Date): readonly RoleFact[] {
  return person.roles.filter((role) => open(role, now));
}

function hasOnly(person: PersonFacts, now: Date, wanted: (role: string) => boolean): boolean {
  const held = roles(person, now);
  return held.length > 0 && held.every((role) => wanted(role.role));
}

function links(person: PersonFacts, resource: Resource, now: Date) {
  return person.children.filter((link) => link.child === resource.pupil && open(link, now));
}
