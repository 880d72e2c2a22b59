import type { PersonFacts, Resource } from './facts.ts';
import type { Fixtures } from './fixtures.ts';
import type { Policies } from './load-policies.ts';

/** Variants of every person of the fixtures: the worlds in which invariants are tried. */
export function buildPeopleVariants(fixtures: Fixtures, policies: Policies): readonly PersonFacts[] {
  const past = { to: new Date(fixtures.now.getTime() - 1) };
  const everyRole = [...policies.vocabulary.roles].filter((role) => role !== 'anyone');
  return [...fixtures.people.values()].flatMap((person) => [
    person,
    { ...person, suspended: true },
    { ...person, roles: person.roles.map((role) => ({ ...role, ...past })) },
    {
      ...person,
      teaches: person.teaches.map((fact) => ({ ...fact, ...past })),
      headTeacherOf: person.headTeacherOf.map((fact) => ({ ...fact, ...past })),
    },
    { ...person, children: person.children.map((link) => ({ ...link, exercise: 'withdrawn' as const })) },
    { ...person, children: person.children.map((link) => ({ ...link, kind: 'contact' as const })) },
    // Whoever has a role in a school has them all: only relations, conditions and denials hold them back.
    {
      ...person,
      roles: person.roles.flatMap((held) =>
        held.scope === 'school' ? everyRole.map((role) => ({ ...held, role })) : [held],
      ),
    },
  ]);
}

/** Every resource of the fixtures; where it can be published or closed, with each state, said and unsaid. */
export function buildResourceVariants(fixtures: Fixtures): readonly Resource[] {
  const states = [true, false, undefined];
  const publication = (resource: Resource): boolean =>
    resource.published !== undefined || resource.closed !== undefined;
  return [...fixtures.resources.values()].flatMap((resource) =>
    (publication(resource) ? states : [undefined]).flatMap((published) =>
      (publication(resource) ? states : [undefined]).map((closed) => {
        const { published: _published, closed: _closed, ...rest } = resource;
        return {
          ...rest,
          ...(published === undefined ? {} : { published }),
          ...(closed === undefined ? {} : { closed }),
        };
      }),
    ),
  );
}
