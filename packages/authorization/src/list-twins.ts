import { conditions } from './conditions.ts';
import type { ChildFact, Environment, Resource, RoleScope, TeachingFact } from './facts.ts';
import {
  EVERYTHING,
  NOTHING,
  allOf,
  memberIn,
  negate,
  someOf,
  type ListPredicate,
} from './list-predicate.ts';
import { ANYONE } from './roles.ts';
import { isCurrent, type Subject } from './subject.ts';

/** What a relation comes to for one person, before the resource is known. */
type RelationTwin = (subject: Subject, type: string) => ListPredicate;

/** The twin of each relation of relations.ts, for lists. Tests hold the two against each other on all pairs. */
export const relationTwins: ReadonlyMap<string, RelationTwin> = new Map<string, RelationTwin>([
  ['any', () => EVERYTHING],
  ['self', ({ facts }) => memberIn('pupil', [facts.person])],
  [
    'own_entry',
    ({ facts }, type) => (type === 'directory.person' ? memberIn('id', [facts.person]) : NOTHING),
  ],
  [
    'own_child_legal',
    (subject) =>
      someOf(
        listChildren(subject).map((link) =>
          allOf([memberIn('pupil', [link.child]), memberIn('school', link.schools)]),
        ),
      ),
  ],
  [
    'child_member_legal',
    (subject) =>
      someOf(
        listChildren(subject).map((link) =>
          allOf([memberIn('division', link.divisions), memberIn('school', link.schools)]),
        ),
      ),
  ],
  [
    'guardian_here',
    (subject) =>
      memberIn(
        'school',
        listChildren(subject).flatMap((link) => link.schools),
      ),
  ],
  [
    'child_authority_removed',
    (subject) =>
      memberIn(
        'pupil',
        subject.facts.children
          .filter((link) => link.kind === 'legal' && !isExercised(link) && isCurrent(link, subject))
          .map((link) => link.child),
      ),
  ],
  ['teaches', buildTeaches],
  ['teaches_own', (subject) => allOf([buildOwner(subject), buildTeaches(subject)])],
  ['teaches_division', (subject) => someOf(subject.facts.teaches.map(buildReach(subject)))],
  ['head_teacher_of', (subject) => someOf(subject.facts.headTeacherOf.map(buildReach(subject)))],
  ['member_of', (subject) => someOf(subject.facts.memberOf.map(buildReach(subject)))],
  ['same_school', buildOfSchool],
  ['owner', buildOwner],
  ['own_here', (subject) => allOf([buildOwner(subject), buildOfSchool(subject)])],
]);

/** What a condition comes to: about the resource, or settled by the person and the session. */
export function buildConditionTwin(name: string, subject: Subject, environment: Environment): ListPredicate {
  if (name === 'published') return { kind: 'flag', member: 'published', value: true };
  if (name === 'not_closed') return { kind: 'flag', member: 'closed', value: false };
  // The others never look at the resource: SETTLED says which, and a test that there is no other.
  return SETTLED.has(name) && conditions.get(name)!(subject, NO_RESOURCE, environment) ? EVERYTHING : NOTHING;
}

/** Conditions that the person and the session settle. */
export const SETTLED: ReadonlySet<string> = new Set(['always', 'suspended', 'adult', 'acr_factor']);
const NO_RESOURCE: Resource = Object.freeze({ type: '' });

/** Where a role is held: the twin of `hasRole`. A school's academy and region are those that the socle knows. */
export function buildRoleTwin(subject: Subject, role: string, scope: string): ListPredicate {
  if (role === ANYONE) return EVERYTHING;
  const domains = subject.facts.roles
    .filter((fact) => fact.role === role && fact.scope === scope && isCurrent(fact, subject))
    .map((fact) => fact.domain);
  if (domains.length === 0 || scope === 'school') return memberIn('school', domains);
  const wide = scope as Exclude<RoleScope, 'school'>;
  const within = [...subject.facts.schools]
    .filter(([, school]) => domains.includes(school[wide]))
    .map(([id]) => id);
  const unplaced = negate({ kind: 'given', member: 'school' });
  return someOf([memberIn('school', within), allOf([unplaced, memberIn(wide, domains)])]);
}

function listChildren(subject: Subject): readonly ChildFact[] {
  return subject.facts.children.filter(
    (link) => link.kind === 'legal' && isExercised(link) && isCurrent(link, subject),
  );
}

function isExercised(link: ChildFact): boolean {
  return link.exercise === 'joint' || link.exercise === 'sole';
}

function buildOwner({ facts }: Subject): ListPredicate {
  return memberIn('owner', [facts.person]);
}

function buildOfSchool(subject: Subject): ListPredicate {
  return memberIn(
    'school',
    subject.facts.roles
      .filter((role) => role.scope === 'school' && isCurrent(role, subject))
      .map((role) => role.domain),
  );
}

function buildReach(subject: Subject): (fact: TeachingFact) => ListPredicate {
  return (fact) =>
    isCurrent(fact, subject)
      ? allOf([memberIn('school', [fact.school]), memberIn('division', [fact.division])])
      : NOTHING;
}

function buildTeaches(subject: Subject): ListPredicate {
  const reach = buildReach(subject);
  return someOf(
    subject.facts.teaches.map((fact) =>
      allOf([
        reach(fact),
        fact.subject === undefined
          ? { kind: 'given', member: 'subject' }
          : memberIn('subject', [fact.subject]),
      ]),
    ),
  );
}
