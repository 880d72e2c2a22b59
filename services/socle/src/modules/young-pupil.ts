import type { PersonContext } from './person-context.ts';

/** Is this a pupil of a primary school, and nothing else? Pages say "tu" to them, and offer what a child can use alone. */
export function isYoungPupil({ roles, schools }: Pick<PersonContext, 'roles' | 'schools'>): boolean {
  const kinds = new Map(schools.map(({ id, kind }) => [id as string, kind]));
  return (
    roles.length > 0 && roles.every(({ role, school }) => role === 'pupil' && kinds.get(school) === 'primary')
  );
}
