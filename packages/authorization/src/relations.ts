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
  [
    'own_child_legal',
    (subject, resource) =>
      resource.pupil !== undefined &&
      resource.school !== undefined &&
      subject.facts.children.some(
        (link) =>
          link.child === resource.pupil &&
          hasLegalAuthority(link) &&
          link.schools.includes(resource.school!) &&
          isCurrent(link, subject),
      ),
  ],
  [
    'child_member_legal',
    (subject, resource) =>
      resource.division !== undefined &&
      resource.school !== undefined &&
      subject.facts.children.some(
        (link) =>
          hasLegalAuthority(link) &&
          link.schools.includes(resource.school!) &&
          link.divisions.includes(resource.division!) &&
          isCurrent(link, subject),
      ),
  ],
  [
    'child_authority_removed',
    (subject, resource) =>
      resource.pupil !== undefined &&
      subject.facts.children.some(
        (link) =>
          link.child === resource.pupil &&
          link.kind === 'legal' &&
          !hasExercise(link) &&
          isCurrent(link, subject),
      ),
  ],
  ['teaches', teaches],
  ['teaches_own', (subject, resource) => isOwner(subject, resource) && teaches(subject, resource)],
  ['teaches_division', (subject, resource) => reaches(subject.facts.teaches, subject, resource)],
  ['head_teacher_of', (subject, resource) => reaches(subject.facts.headTeacherOf, subject, resource)],
  ['member_of', (subject, resource) => reaches(subject.facts.memberOf, subject, resource)],
  [
    'same_school',
    (subject, resource) =>
      resource.school !== undefined &&
      subject.facts.roles.some(
        (role) => role.scope === 'school' && role.domain === resource.school && isCurrent(role, subject),
      ),
  ],
  ['owner', isOwner],
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

function teaches(subject: Subject, resource: Resource): boolean {
  return subject.facts.teaches.some(
    (fact) =>
      isIn(fact, resource) &&
      resource.subject !== undefined &&
      (fact.subject === undefined || fact.subject === resource.subject) &&
      isCurrent(fact, subject),
  );
}

function reaches(facts: readonly TeachingFact[], subject: Subject, resource: Resource): boolean {
  return facts.some((fact) => isIn(fact, resource) && isCurrent(fact, subject));
}

function isIn(fact: TeachingFact, resource: Resource): boolean {
  return (
    resource.division !== undefined &&
    resource.school !== undefined &&
    fact.division === resource.division &&
    fact.school === resource.school
  );
}
