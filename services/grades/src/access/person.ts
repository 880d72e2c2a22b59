import type { DirectoryPerson, Division, Subject } from '@socle/client';

/** A class or group and a subject that a teacher has. */
export interface TeachingPlace {
  readonly division: Division;
  readonly subject: Subject;
}

/** True when one of the person's present roles has this name. */
export function hasRole(person: DirectoryPerson, role: string): boolean {
  return person.roles.some((held) => held.role === role);
}

/** Schools that the person heads now, by name. */
export function listHeadSchools(person: DirectoryPerson): { readonly id: string; readonly name: string }[] {
  const headed = new Set(person.roles.filter(({ role }) => role === 'head').map(({ school }) => school));
  return person.schools
    .filter(({ id }) => headed.has(id))
    .toSorted((one, other) => one.name.localeCompare(other.name, 'fr'));
}

/** What the person teaches, by class then subject, in the order people read. */
export function listTeachingPlaces(person: DirectoryPerson): TeachingPlace[] {
  return person.teaches.toSorted(
    (one, other) =>
      one.division.name.localeCompare(other.division.name, 'fr', { numeric: true }) ||
      one.subject.name.localeCompare(other.subject.name, 'fr'),
  );
}

/** The key of a place in forms and maps. Ids hold no bar. */
export function placeKey(division: string, subject: string): string {
  return `${division}|${subject}`;
}

/** The place of a key, when the person teaches it. */
export function findTeachingPlace(person: DirectoryPerson, key: string): TeachingPlace | undefined {
  return person.teaches.find(({ division, subject }) => placeKey(division.id, subject.id) === key);
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** True for a lower-case UUID: what ids of assessments, schools and divisions are. */
export function isId(text: unknown): text is string {
  return typeof text === 'string' && UUID.test(text);
}

/**
 * Schools whose rows this person's transactions may see: where they have a role, teach, learn, or have a child.
 * The database shows no other row, whatever a page asks.
 */
export function listSchools(person: DirectoryPerson): string[] {
  const ids = [
    ...person.schools.map((school) => school.id),
    ...person.roles.map((role) => role.school),
    ...person.teaches.map(({ division }) => division.school),
    ...person.memberOf.map((division) => division.school),
    ...person.headTeacherOf.map((division) => division.school),
    ...person.children.map((child) => child.school),
  ];
  return [...new Set(ids.filter(isId))];
}
