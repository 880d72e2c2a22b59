import type { Resource } from '@socle/authorization';
import type { Visitor } from '../../visit.ts';

/** The parts of the directory that the visitor may search: whole schools, and the classes and groups they teach. */
export function listSearchPlaces(visitor: Visitor): readonly Resource[] {
  const { context } = visitor;
  const type = 'directory.person';
  const schools = context.schools.map(({ id }): Resource => ({ type, school: id }));
  const taught = context.teaches.map(
    ({ division }): Resource => ({ type, school: division.school, division: division.id }),
  );
  return [...schools, ...taught].filter((place) => visitor.may('directory.person.search', place));
}
