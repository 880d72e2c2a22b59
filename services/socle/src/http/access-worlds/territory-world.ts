import type { PersonFacts, Resource } from '@socle/authorization';
import { isUuid, type Clock, type PersonId } from '@socle/base';
import type { Database } from '@socle/db';
import { listPeopleOfPlace, loadDivisions } from '@socle/directory';
import type { Identity } from '@socle/identity';
import type { Decisions } from '../../decisions.ts';
import type { Evaluation } from '../evaluation.ts';
import type { ModuleCaller } from '../module-caller.ts';
import type { AccessWorld } from './world.ts';

export interface TerritoryOptions {
  readonly identity: Identity;
  readonly database: Database;
  readonly decisions: Decisions;
  readonly clock: Clock;
}

const TEXTS = ['school', 'division', 'subject', 'academy', 'region'] as const;
const FLAGS = ['published', 'closed'] as const;
/** Properties that name a person, by the caller's subjects. */
const PEOPLE = ['pupil', 'owner'] as const;
/** A type whose own id is a person's subject. */
const PERSON_TYPE = 'directory.person';
const SUBJECT_TYPE = 'person';

/** The real territory: the directory's people, under the pairwise subjects of the calling module. */
export function openTerritoryWorld(
  options: TerritoryOptions,
  caller: Pick<ModuleCaller, 'sector'>,
): AccessWorld {
  const { identity, database, decisions, clock } = options;
  let people: ReadonlyMap<string, PersonId> = new Map();
  const facts = new Map<PersonId, Promise<PersonFacts | undefined>>();

  // a subject that nobody has stands for nobody: no rule relates to it
  const personOf = (sub: unknown): string | undefined =>
    typeof sub === 'string' ? (people.get(sub) ?? `nobody:${sub.slice(0, 64)}`) : undefined;

  const nameAll = (ids: readonly PersonId[]) =>
    database.transaction((tx) => identity.pairwiseSubjects(tx, caller.sector, ids), { scope: 'all' });

  return {
    async prepare(evaluations, subjects) {
      const named = [...subjects, ...evaluations.flatMap(({ resource }) => namesOf(resource))];
      people = await identity.resolveSubjects(database, caller.sector, named);
    },
    async factsOf(subject, minRev) {
      const person = subject.type === SUBJECT_TYPE ? people.get(subject.id) : undefined;
      if (!person) return undefined;
      const known = facts.get(person) ?? decisions.loadFacts(person, minRev === undefined ? {} : { minRev });
      facts.set(person, known);
      const found = await known;
      if (minRev === undefined || found === undefined || found.revision >= minRev) return found;
      const later = decisions.loadFacts(person);
      facts.set(person, later);
      return later;
    },
    describe(on) {
      const properties = on.properties ?? {};
      const members: Record<string, unknown> = {};
      for (const name of TEXTS) if (typeof properties[name] === 'string') members[name] = properties[name];
      for (const name of FLAGS) if (typeof properties[name] === 'boolean') members[name] = properties[name];
      for (const name of PEOPLE) {
        const person = personOf(properties[name]);
        if (person !== undefined) members[name] = person;
      }
      const id = on.type === PERSON_TYPE ? (personOf(on.id) ?? on.id) : on.id;
      return { type: on.type, id, ...members };
    },
    async listSubjects(resource, { cursor, limit }) {
      const at = clock.now();
      const ids = await database.transaction(
        (tx) =>
          listPeopleOfPlace(tx, placeOf(resource), {
            at,
            limit,
            ...(isUuid(cursor) ? { after: cursor as PersonId } : {}),
          }),
        { scope: 'all', readOnly: true },
      );
      const factsOfAll = await decisions.loadManyFacts(ids);
      const names = await nameAll(ids);
      const last = ids.at(-1);
      return {
        candidates: ids.flatMap((id) => {
          const known = factsOfAll.get(id);
          return known ? [{ name: { type: SUBJECT_TYPE, id: names.get(id)! }, facts: known }] : [];
        }),
        ...(ids.length === limit && last ? { next: last } : {}),
      };
    },
    async listResources(type, { schools, person }, { cursor, limit }) {
      if (type === 'directory.division') return listDivisions([...schools.keys()], cursor, limit);
      if (type === PERSON_TYPE) return listPeople([...schools.keys()], person as PersonId, cursor, limit);
      return { candidates: [] };
    },
  };

  /** School by school, in the order of their ids: the cursor is the next school's. */
  async function listDivisions(schools: readonly string[], cursor: string | undefined, limit: number) {
    const rest = schools.toSorted().filter((school) => cursor === undefined || school >= cursor);
    const candidates: { name: { type: string; id: string }; resource: Resource }[] = [];
    let index = 0;
    for (; index < rest.length && candidates.length < limit; index += 1) {
      const divisions = await database.transaction((tx) => loadDivisions(tx, rest[index] as never), {
        scope: 'all',
        readOnly: true,
      });
      for (const { id, school } of divisions) {
        const type = 'directory.division';
        candidates.push({ name: { type, id }, resource: { type, id, school, division: id } });
      }
    }
    const next = rest[index];
    return { candidates, ...(next === undefined ? {} : { next }) };
  }

  /** The people of the schools that this person's facts know of: a pupil with the school and class that the rules ask for. */
  async function listPeople(
    schools: readonly string[],
    _asker: PersonId,
    cursor: string | undefined,
    limit: number,
  ) {
    const [schoolCursor, personCursor] = (cursor ?? '').split('/');
    const rest = schools.toSorted().filter((school) => !schoolCursor || school >= schoolCursor);
    const [school] = rest;
    if (school === undefined) return { candidates: [] };
    const at = clock.now();
    const after = school === schoolCursor && isUuid(personCursor) ? { after: personCursor as PersonId } : {};
    const ids = await database.transaction(
      (tx) => listPeopleOfPlace(tx, { school }, { at, limit, ...after }),
      { scope: 'all', readOnly: true },
    );
    const factsOfAll = await decisions.loadManyFacts(ids);
    const names = await nameAll(ids);
    const last = ids.at(-1);
    const next = ids.length === limit && last ? `${school}/${last}` : rest[1];
    return {
      candidates: ids.flatMap((id) => {
        const divisions = (factsOfAll.get(id)?.memberOf ?? []).filter((each) => each.school === school);
        const name = { type: PERSON_TYPE, id: names.get(id)! };
        const resource = { type: PERSON_TYPE, id, pupil: id, school };
        const inClasses = divisions.map(({ division }) => ({ name, resource: { ...resource, division } }));
        return inClasses.length > 0 ? inClasses : [{ name, resource }];
      }),
      ...(next === undefined ? {} : { next }),
    };
  }
}

/** Names of people in a resource, in the caller's subjects. */
function namesOf(on: Evaluation['resource']): string[] {
  const properties = PEOPLE.map((name) => on.properties?.[name]).filter((value) => typeof value === 'string');
  return [...properties, ...(on.type === PERSON_TYPE ? [on.id] : [])];
}

function placeOf(resource: Resource) {
  const uuid = (value: string | undefined) => (isUuid(value) ? value : undefined);
  const [school, academy, region] = [uuid(resource.school), uuid(resource.academy), uuid(resource.region)];
  return {
    ...(school === undefined ? {} : { school }),
    ...(academy === undefined ? {} : { academy }),
    ...(region === undefined ? {} : { region }),
  };
}
