import {
  loadDivisions,
  searchDirectory,
  type DirectorySearch,
  type Division,
  type FoundPeople,
} from '@socle/directory';
import type { Visit } from '../../visit.ts';
import { listSearchPlaces } from './search-places.ts';

/** Roles by which people of a school are looked for. */
const SEARCHED_ROLES = [
  'pupil',
  'guardian',
  'teacher',
  'head_teacher',
  'cpe',
  'aed',
  'librarian',
  'staff',
  'head',
] as const;

const PAGE_SIZE = 25;
const LONGEST_NAME = 100;

/** What can be chosen in the form of the search. */
export interface SearchChoices {
  /** Classes and groups, by school and name. */
  readonly divisions: readonly Division[];
  readonly roles: readonly string[];
}

/**
 * Classes in which this person may look somebody up.
 *
 * @throws ServiceError `access_denied` (403) for those who may search nowhere; it is logged.
 */
export async function loadChoices(visit: Visit): Promise<SearchChoices> {
  const { context, socle } = visit;
  const places = listSearchPlaces(visit);
  const [school] = context.schools;
  await visit.requireMay(
    'directory.person.search',
    places[0] ?? { type: 'directory.person', ...(school ? { school: school.id } : {}) },
  );
  const whole = context.schools.filter(({ id }) =>
    places.some((place) => place.school === id && place.division === undefined),
  );
  const all = await socle.database.transaction(
    async (tx) => {
      const found: Division[] = [];
      for (const { id } of whole) found.push(...(await loadDivisions(tx, id)));
      return found;
    },
    { scope: context.schools.map(({ controller }) => controller), readOnly: true },
  );
  const taught = context.teaches.map(({ division }) => division);
  const divisions = [...new Map([...taught, ...all].map((each) => [each.id, each])).values()];
  return {
    divisions: divisions.toSorted(
      (a, b) => a.school.localeCompare(b.school) || a.name.localeCompare(b.name, 'fr', { numeric: true }),
    ),
    // who sees the pupils of their classes only has no use for the other roles
    roles: whole.length > 0 ? SEARCHED_ROLES : ['pupil'],
  };
}

/** Reads the form; what was not offered counts as not chosen. */
export function readSearch(
  fields: Readonly<Record<string, string>>,
  { divisions, roles }: SearchChoices,
): DirectorySearch {
  const text = (fields['name'] ?? '').trim().slice(0, LONGEST_NAME);
  const division = divisions.find(({ id }) => id === fields['division'])?.id;
  const role = roles.find((each) => each === fields['role']);
  if (text === '' && division === undefined && role === undefined) return {};
  return {
    ...(text === '' ? {} : { text }),
    ...(division === undefined ? {} : { division }),
    ...(role === undefined ? {} : { roles: [role] }),
    ...(fields['after'] === undefined ? {} : { after: fields['after'] }),
  };
}

/** Whom the rules show to this person, within the controllers of their own schools. */
export async function findPeople(
  { socle, facts, session, context, now }: Visit,
  search: DirectorySearch,
): Promise<FoundPeople> {
  const asker = {
    policies: socle.decisions.policies(),
    facts,
    environment: { now, acr: session.acr },
  } as const;
  return socle.database.transaction((tx) => searchDirectory(tx, asker, { ...search, limit: PAGE_SIZE }), {
    scope: [...new Set(context.schools.map(({ controller }) => controller))],
    readOnly: true,
  });
}
