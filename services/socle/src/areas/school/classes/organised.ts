import type { Resource } from '@socle/authorization';
import { isUuid, type PersonId, type SchoolId } from '@socle/base';
import {
  findDivision,
  loadDivisions,
  loadLocalChanges,
  loadMembers,
  loadPastLocalChanges,
  loadPersonCards,
  loadSchools,
  loadTeachersOf,
  searchPeople,
  type Division,
  type DivisionId,
  type DivisionTeacher,
  type LocalChange,
  type PastLocalChange,
  type Person,
  type PersonCard,
  type School,
} from '@socle/directory';
import { ServiceError } from '../../../errors.ts';
import type { Visit, Visitor } from '../../visit.ts';

const MOST_TEACHERS = 200;
const LISTED_PAST = 50;

/** May the visitor change this school's classes over its feed? */
export function mayOrganise(visitor: Pick<Visitor, 'may'>, school: SchoolId): boolean {
  return visitor.may('directory.school.organise', schoolResource(school));
}

/** The schools in which the visitor may list the pupils of some class. */
export function listClassSchools({ context, may }: Pick<Visitor, 'context' | 'may'>): readonly School[] {
  const own = [...context.teaches.map(({ division }) => division), ...context.headTeacherOf];
  return context.schools.filter(
    ({ id }) =>
      may('directory.division.members', anyDivisionOf(id)) ||
      own.some(
        (division) => division.school === id && may('directory.division.members', divisionResource(division)),
      ),
  );
}

/** A school's classes as the visitor sees them, and what it decided over its feed for those who organise it. */
export interface ShownSchool {
  readonly school: School;
  readonly divisions: readonly Division[];
  /** Undefined for those who may only look. */
  readonly decided?: Decided;
}

/** What a school decided over its feed. */
export interface Decided {
  readonly changes: readonly LocalChange[];
  readonly past: readonly PastLocalChange[];
  readonly teachers: readonly Person[];
  /** Every class and group of the school, whatever the year. */
  readonly names: ReadonlyMap<DivisionId, string>;
  /** Everybody whom the changes speak of. */
  readonly cards: ReadonlyMap<PersonId, PersonCard>;
}

/** Loads a school within its controller. */
export async function loadShownSchool(visit: Visit, school: School): Promise<ShownSchool> {
  const all = await visit.socle.database.transaction((tx) => loadDivisions(tx, school.id), {
    scope: [school.controller],
    readOnly: true,
  });
  const divisions = all.filter((division) =>
    visit.may('directory.division.members', divisionResource(division)),
  );
  const byName = divisions.toSorted((a, b) => a.name.localeCompare(b.name, 'fr', { numeric: true }));
  if (!mayOrganise(visit, school.id)) return { school, divisions: byName };
  return { school, divisions: byName, decided: await loadDecided(visit, school) };
}

/** Loads what a school decided. The names of people of other schools, in its projects, are read in the scope of all. */
export async function loadDecided({ socle, now }: Visit, school: School): Promise<Decided> {
  return socle.database.transaction(
    async (tx) => {
      const changes = await loadLocalChanges(tx, school.id, now);
      const past = await loadPastLocalChanges(tx, school.id, now, LISTED_PAST);
      const people = [...changes, ...past].flatMap(({ person, replaced, decidedBy }) => [
        person,
        replaced,
        decidedBy,
      ]);
      people.push(...past.map(({ undoneBy }) => undoneBy));
      const divisions = new Set(
        [...changes, ...past].flatMap(({ division, leftDivision }) => [division, leftDivision]),
      );
      const names = new Map<DivisionId, string>();
      for (const id of divisions) {
        const found = id && (await findDivision(tx, id));
        if (found) names.set(found.id, found.name);
      }
      const teachers = await searchPeople(tx, {
        school: school.id,
        text: '',
        roles: ['teacher', 'head_teacher', 'librarian'],
        at: now,
        limit: MOST_TEACHERS,
      });
      return {
        changes,
        past,
        names,
        teachers: teachers.filter(({ status }) => status === 'active'),
        cards: await loadPersonCards(tx, [...new Set(people.filter((each) => each !== undefined))], now),
      };
    },
    { scope: 'all', readOnly: true },
  );
}

/** One class or group, with its people. */
export interface ShownDivision {
  readonly division: Division;
  readonly school: School;
  readonly members: readonly Person[];
  readonly teachers: readonly DivisionTeacher[];
  readonly isOrganised: boolean;
}

/**
 * The class or group that the address names.
 *
 * @throws ServiceError `access_denied` (403), logged, for those who may not list its pupils; also for one that is not there.
 */
export async function loadShownDivision(visit: Visit): Promise<ShownDivision> {
  const { socle, now } = visit;
  const given = visit.params['division'];
  const found = isUuid(given)
    ? await socle.database.transaction(
        async (tx) => {
          const division = await findDivision(tx, given as string as DivisionId);
          const [school] = division ? await loadSchools(tx, { ids: [division.school] }) : [];
          return division && school ? { division, school } : undefined;
        },
        { scope: 'all', readOnly: true },
      )
    : undefined;
  await visit.requireMay(
    'directory.division.members',
    found ? divisionResource(found.division) : { type: 'directory.division' },
  );
  if (!found) throw notFound();
  // members of a project may be of schools of other controllers, whose names the school of the group sees
  return socle.database.transaction(
    async (tx) => ({
      ...found,
      members: await loadMembers(tx, found.division.id, now),
      teachers: await loadTeachersOf(tx, found.division.id, now),
      isOrganised: mayOrganise(visit, found.school.id),
    }),
    { scope: [found.school.controller], readOnly: true },
  );
}

/** As loadShownDivision, for those who may change it. @throws ServiceError `access_denied` (403), logged. */
export async function loadOrganisedDivision(visit: Visit): Promise<ShownDivision> {
  const shown = await loadShownDivision(visit);
  await visit.requireMay('directory.school.organise', schoolResource(shown.school.id));
  return shown;
}

/** Those who are in the class by a decision in force: taking it back is how they leave. */
export function listLent({ changes }: Decided, { id }: Division): ReadonlySet<PersonId> {
  const lends = changes.filter(({ division, kind }) => division === id && kind !== 'leave');
  return new Set(lends.map(({ person }) => person));
}

/** The school that the address names, when the visitor may organise it. @throws ServiceError `access_denied` (403), logged. */
export async function requireOrganisedSchool(visit: Visit): Promise<School> {
  const given = visit.params['school'];
  const school = visit.context.schools.find(({ id }) => id === given);
  await visit.requireMay(
    'directory.school.organise',
    isUuid(given) ? schoolResource(given as SchoolId) : { type: 'directory.school' },
  );
  if (!school) throw notFound();
  return school;
}

function schoolResource(school: SchoolId): Resource {
  return { type: 'directory.school', school };
}

/** The rule for all classes of a school: nobody teaches this one. */
function anyDivisionOf(school: SchoolId): Resource {
  return { type: 'directory.division', school, division: NO_DIVISION, id: NO_DIVISION };
}

const NO_DIVISION = '00000000-0000-0000-0000-000000000000';

function divisionResource({ id, school }: Division): Resource {
  return { type: 'directory.division', id, division: id, school };
}

function notFound(): ServiceError {
  return new ServiceError('not_found', { status: 404, publicMessage: 'There is no such class or group.' });
}
