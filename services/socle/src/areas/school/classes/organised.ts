import type { Resource } from '@socle/authorization';
import { isUuid, type PersonId } from '@socle/base';
import {
  findDivision,
  loadDivisions,
  loadLocalChanges,
  loadMembers,
  loadPersonCards,
  loadSchools,
  searchPeople,
  type Division,
  type DivisionId,
  type LocalChange,
  type Person,
  type PersonCard,
  type School,
} from '@socle/directory';
import { ServiceError } from '../../../errors.ts';
import type { Visit } from '../../visit.ts';

/** What a school decides over its feed. */
export function schoolResource(school: string): Resource {
  return { type: 'directory.school', school };
}

/** The schools whose classes this person organises. */
export function listOrganised(visit: Pick<Visit, 'context' | 'may'>): readonly School[] {
  return visit.context.schools.filter(({ id }) => visit.may('directory.school.organise', schoolResource(id)));
}

/** @throws ServiceError `access_denied` (403), logged, for those who organise no school. */
export async function requireOrganised(visit: Visit): Promise<readonly School[]> {
  const schools = listOrganised(visit);
  const [first] = [...schools, ...visit.context.schools];
  await visit.requireMay(
    'directory.school.organise',
    first ? schoolResource(first.id) : { type: 'directory.school' },
  );
  return schools;
}

/** The classes, groups and changes of a school. */
export interface OrganisedSchool {
  readonly school: School;
  readonly divisions: readonly Division[];
  readonly changes: readonly LocalChange[];
  readonly teachers: readonly Person[];
  /** Names of everybody whom the changes speak of. */
  readonly cards: ReadonlyMap<PersonId, PersonCard>;
}

const MOST_TEACHERS = 200;

/** Loads a school that this person organises, within its controller. */
export async function loadOrganised(visit: Visit, school: School): Promise<OrganisedSchool> {
  const { socle, now } = visit;
  return socle.database.transaction(
    async (tx) => {
      const changes = await loadLocalChanges(tx, school.id, now);
      const people = changes.flatMap(({ person, replaced }) => (replaced ? [person, replaced] : [person]));
      return {
        school,
        divisions: await loadDivisions(tx, school.id),
        changes,
        teachers: await searchPeople(tx, {
          school: school.id,
          text: '',
          roles: ['teacher'],
          at: now,
          limit: MOST_TEACHERS,
        }),
        cards: await loadPersonCards(tx, [...new Set(people)], now),
      };
    },
    { scope: [school.controller], readOnly: true },
  );
}

/** One class or group with its members. */
export interface OrganisedDivision extends OrganisedSchool {
  readonly division: Division;
  readonly members: readonly Person[];
}

/**
 * The class or group that the address names, when the rules let this person organise its school.
 *
 * @throws ServiceError `access_denied` (403), logged, also for one that is not there.
 */
export async function loadOrganisedDivision(visit: Visit): Promise<OrganisedDivision> {
  const { socle, now } = visit;
  const id = visit.params['division'];
  const found = isUuid(id)
    ? await socle.database.transaction(
        async (tx) => {
          const division = await findDivision(tx, id as string as DivisionId);
          const [school] = division ? await loadSchools(tx, { ids: [division.school] }) : [];
          return division && school ? { division, school } : undefined;
        },
        { scope: 'all', readOnly: true },
      )
    : undefined;
  await visit.requireMay(
    'directory.school.organise',
    found ? schoolResource(found.school.id) : { type: 'directory.school' },
  );
  if (!found) throw unknown();
  const members = await socle.database.transaction((tx) => loadMembers(tx, found.division.id, now), {
    scope: [found.school.controller],
    readOnly: true,
  });
  return { ...(await loadOrganised(visit, found.school)), division: found.division, members };
}

function unknown(): ServiceError {
  return new ServiceError('not_found', { status: 404, publicMessage: 'There is no such class or group.' });
}
