import type { ChildFact, Resource, TeachingFact } from './facts.ts';
import { isCurrent, type Subject } from './subject.ts';

/** Whether a person stands in a relation to a resource. Synchronous, without effect; an absent member is no relation. */
export type Relation = (subject: Subject, resource: Resource) => boolean;

/** The relations of the vocabulary. Each is what its sentence in vocabulary.yaml says, and no more. */
export const relations: ReadonlyMap<string, Relation> = new Map<string, Relation>([
  ['any', () => true],
  ['self', (subject, resource) => resource.pupil === subject.facts.person],
  [
    'own_entry',
    (subject, resource) => resource.type === 'directory.person' && resource.id === subject.facts.person,
  ],
  ['own_child_legal', isOwnChildLegal],
  ['child_member_legal', isClassOfChildLegal],
  ['guardian_here', isGuardianHere],
  ['child_authority_removed', isAuthorityRemoved],
  ['teaches', teaches],
  ['teaches_own', (subject, resource) => isOwner(subject, resource) && teaches(subject, resource)],
  ['teaches_division', (subject, resource) => reaches(subject.facts.teaches, subject, resource)],
  ['head_teacher_of', (subject, resource) => reaches(subject.facts.headTeacherOf, subject, resource)],
  ['member_of', (subject, resource) => reaches(subject.facts.memberOf, subject, resource)],
  ['same_school', isOfSchool],
  ['owner', isOwner],
  ['own_here', (subject, resource) => isOwner(subject, resource) && isOfSchool(subject, resource)],
]);

/** Code civil, art. 371-1 and 373-2-1: authority is exercised jointly or by one parent alone. */
function hasLegalAuthority(link: ChildFact): boolean {
  return link.kind === 'legal' && hasExercise(link);
}

function hasExercise(link: ChildFact): boolean {
  return link.exercise === 'joint' || link.exercise === 'sole';
}

function isOwner(subject: Subject, resource: Resource): boolean {
  return resource.owner === subject.facts.person;
}

function isOfSchool(subject: Subject, { school }: Resource): boolean {
  if (school === undefined) return false;
  for (const role of subject.facts.roles)
    if (role.scope === 'school' && role.domain === school && isCurrent(role, subject)) return true;
  return false;
}

// Loops, not `some` with a closure: these run in each decision.

function isOwnChildLegal(subject: Subject, { pupil, school }: Resource): boolean {
  if (pupil === undefined || school === undefined) return false;
  for (const link of subject.facts.children)
    if (
      link.child === pupil &&
      hasLegalAuthority(link) &&
      link.schools.includes(school) &&
      isCurrent(link, subject)
    )
      return true;
  return false;
}

function isClassOfChildLegal(subject: Subject, { division, school }: Resource): boolean {
  if (division === undefined || school === undefined) return false;
  for (const link of subject.facts.children)
    if (
      hasLegalAuthority(link) &&
      link.schools.includes(school) &&
      link.divisions.includes(division) &&
      isCurrent(link, subject)
    )
      return true;
  return false;
}

function isGuardianHere(subject: Subject, { school }: Resource): boolean {
  if (school === undefined) return false;
  for (const link of subject.facts.children)
    if (hasLegalAuthority(link) && link.schools.includes(school) && isCurrent(link, subject)) return true;
  return false;
}

function isAuthorityRemoved(subject: Subject, { pupil }: Resource): boolean {
  if (pupil === undefined) return false;
  for (const link of subject.facts.children)
    if (link.child === pupil && link.kind === 'legal' && !hasExercise(link) && isCurrent(link, subject))
      return true;
  return false;
}

function teaches(subject: Subject, resource: Resource): boolean {
  if (resource.subject === undefined) return false;
  for (const fact of subject.facts.teaches)
    if (
      isIn(fact, resource) &&
      (fact.subject === undefined || fact.subject === resource.subject) &&
      isCurrent(fact, subject)
    )
      return true;
  return false;
}

function reaches(facts: readonly TeachingFact[], subject: Subject, resource: Resource): boolean {
  for (const fact of facts) if (isIn(fact, resource) && isCurrent(fact, subject)) return true;
  return false;
}

function isIn(fact: TeachingFact, resource: Resource): boolean {
  return (
    resource.division !== undefined &&
    resource.school !== undefined &&
    fact.division === resource.division &&
    fact.school === resource.school
  );
}
