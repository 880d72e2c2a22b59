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
  ['own_child_legal', (subject) => buildOfChildren(subject, 'pupil', (link) => [link.child])],
  ['child_member_legal', (subject) => buildOfChildren(subject, 'division', (link) => link.divisions)],
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
  ['teaches_division', (subject) => buildReach(subject, subject.facts.teaches)],
  ['head_teacher_of', (subject) => buildReach(subject, subject.facts.headTeacherOf)],
  ['member_of', (subject) => buildReach(subject, subject.facts.memberOf)],
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

/** What is about children under authority, those of the same schools together. */
function buildOfChildren(
  subject: Subject,
  member: 'pupil' | 'division',
  read: (link: ChildFact) => readonly string[],
): ListPredicate {
  const bySchools = Map.groupBy(listChildren(subject), (link) => JSON.stringify(link.schools));
  return someOf(
    [...bySchools.values()].map((links) =>
      allOf([memberIn('school', links[0]!.schools), memberIn(member, links.flatMap(read))]),
    ),
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

/** The classes of each school together: one look-up a school in the index of a table, not one a class. */
function buildReach(subject: Subject, facts: readonly TeachingFact[]): ListPredicate {
  const current = facts.filter((fact) => isCurrent(fact, subject));
  return someOf(
    [...Map.groupBy(current, (fact) => fact.school)].map(([school, here]) =>
      allOf([
        memberIn('school', [school]),
        memberIn(
          'division',
          here.map((fact) => fact.division),
        ),
      ]),
    ),
  );
}

function buildTeaches(subject: Subject): ListPredicate {
  const bySubject = Map.groupBy(subject.facts.teaches, (fact) => fact.subject);
  return someOf(
    [...bySubject].map(([taught, facts]) =>
      allOf([
        buildReach(subject, facts),
        taught === undefined ? { kind: 'given', member: 'subject' } : memberIn('subject', [taught]),
      ]),
    ),
  );
}
