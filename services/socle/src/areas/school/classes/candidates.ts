import { isUuid, type PersonId } from '@socle/base';
import {
  loadMemberships,
  loadPersonFacts,
  searchDirectory,
  type Division,
  type FoundPerson,
} from '@socle/directory';
import type { Visit } from '../../visit.ts';
import type { Candidate } from './change-pages.ts';
import type { ShownDivision } from './organised.ts';

const FOUND = 10;
const NOBODY = '00000000-0000-0000-0000-000000000000';
const TEACHING = ['teacher', 'head_teacher', 'librarian', 'cpe', 'guest'];

/** Pupils of the school, for a class; for a group, pupils and teachers of every school where the visitor may search. */
export async function findCandidates(
  visit: Visit,
  { division, school, members }: ShownDivision,
  text: string,
): Promise<readonly Candidate[]> {
  const { socle, facts, session, now } = visit;
  const asker = {
    policies: socle.decisions.policies(),
    facts,
    environment: { now, acr: session.acr },
  } as const;
  return socle.database.transaction(
    async (tx) => {
      const { people } = await searchDirectory(tx, asker, {
        text,
        ...(division.kind === 'class' ? { school: school.id } : {}),
        roles: division.kind === 'class' ? ['pupil'] : ['pupil', ...TEACHING],
        limit: FOUND,
      });
      const candidates: Candidate[] = [];
      const absent = people.filter(({ person }) => !members.some(({ id }) => id === person.id));
      for (const found of absent) candidates.push(await describe(found));
      return candidates;

      async function describe(found: FoundPerson): Promise<Candidate> {
        const leaves = leftFor(division, await loadMemberships(tx, found.person.id, now));
        return { found, ...(leaves ? { leaves } : {}) };
      }
    },
    { scope: ownScope(visit), readOnly: true },
  );
}

/** Somebody whom the form names. */
export interface Chosen {
  readonly person: PersonId;
  /** How they take part in a group. */
  readonly as: 'pupil' | 'teacher';
  /** The class that they leave for this one. */
  readonly leaves?: Division;
}

/**
 * The person of a form, whom the visitor may search somewhere; undefined when nobody was chosen.
 *
 * @throws ServiceError `access_denied` (403), logged, for somebody whom they may not even search.
 */
export async function requireCandidate(
  visit: Visit,
  { division }: ShownDivision,
  given: string | undefined,
): Promise<Chosen | undefined> {
  if (given === undefined || given === '') return undefined;
  const person = (isUuid(given) ? given : NOBODY) as string as PersonId;
  const { facts, memberships } = await visit.socle.database.transaction(
    async (tx) => ({
      facts: await loadPersonFacts(tx, person, visit.now),
      memberships: await loadMemberships(tx, person, visit.now),
    }),
    { scope: 'all', readOnly: true },
  );
  const places = facts.roles
    .filter(({ scope }) => scope === 'school')
    .map(({ domain }) => ({ type: 'directory.person', id: person, pupil: person, school: domain }));
  const open = places.find((place) => visit.may('directory.person.search', place));
  await visit.requireMay('directory.person.search', open ?? places[0] ?? { type: 'directory.person' });
  const leaves = leftFor(division, memberships);
  const isPupil = facts.roles.some(({ role }) => role === 'pupil');
  return { person, as: isPupil ? 'pupil' : 'teacher', ...(leaves ? { leaves } : {}) };
}

/** The controllers of the visitor's schools. */
export function ownScope({ context }: Visit) {
  return [...new Set(context.schools.map(({ controller }) => controller))];
}

/** A pupil has one class in a school: whoever joins another leaves it. */
function leftFor(division: Division, memberships: readonly Division[]): Division | undefined {
  if (division.kind !== 'class') return undefined;
  return memberships.find(
    ({ id, kind, school }) => kind === 'class' && school === division.school && id !== division.id,
  );
}
