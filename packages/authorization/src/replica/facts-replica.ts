import { invariant } from '@socle/base';
import type { ChildFact, PersonFacts } from '../facts.ts';
import { isCurrent } from '../subject.ts';
import { openFactRows, type FactRows, type PersonRows } from './fact-rows.ts';

/** Everybody's facts in memory: typed arrays, integers for ids. */
export interface FactsReplica {
  /** The authorization revision that it has reached. */
  readonly revision: number;
  /** It knows nothing of instants before this one: what was over then was left out. Undefined when it knows of all. */
  readonly knownFrom: Date | undefined;
  readonly people: number;
  /** Bytes of its arrays. */
  readonly bytes: number;
  /** Its arrays, for deciding on them. */
  readonly rows: FactRows;
  /** Academy, region and controller of every school. */
  readonly schools: PersonFacts['schools'];
  /**
   * The facts of a person, as the directory would give them at that instant: windows that are over are left out, and
   * links to children that are to come. For an entry that was joined to another, those of that other.
   * Undefined for who is not known.
   */
  readFacts(person: string, at: Date): PersonFacts | undefined;
  /**
   * Puts people in the state of a later revision: all of them or, when it throws, none.
   *
   * @returns false, with nothing changed, when the change does not start where the replica stands: a revision was
   * missed, and the replica must be loaded again.
   */
  apply(change: {
    /** The revision after which all changes are in this one. */
    readonly since: number;
    readonly revision: number;
    /** The instant as of which `changed` was read. */
    readonly at?: Date;
    readonly changed: readonly PersonRows[];
    readonly removed: readonly string[];
    /** Every school, when one of them changed. */
    readonly schools?: PersonFacts['schools'];
  }): boolean;
}

type SchoolPlace = NonNullable<ReturnType<PersonFacts['schools']['get']>>;

/** What a replica is built from. `expected` sizes its arrays; more is taken, at the cost of copies. */
interface ReplicaSource<People> {
  readonly revision: number;
  readonly schools: PersonFacts['schools'];
  /** The instant as of which people were read, when what was over then was left out. */
  readonly knownFrom?: Date;
  readonly people: People;
  readonly expected?: { readonly people: number; readonly facts: number };
}

const SMALL = { people: 1024, facts: 4096 };

/** Builds a replica from the rows of everybody. @throws InvariantViolation for a person who is there twice. */
export function openFactsReplica(source: ReplicaSource<Iterable<PersonRows>>): FactsReplica {
  const rows = openFactRows(source.expected ?? SMALL);
  for (const person of source.people) writeOnce(rows, person);
  return buildReplica(rows, source);
}

/** Builds a replica from rows that arrive in batches, as a cursor gives them. Throws as {@link openFactsReplica} does. */
export async function loadFactsReplica(
  source: ReplicaSource<AsyncIterable<readonly PersonRows[]>>,
): Promise<FactsReplica> {
  const rows = openFactRows(source.expected ?? SMALL);
  for await (const batch of source.people) for (const person of batch) writeOnce(rows, person);
  return buildReplica(rows, source);
}

function writeOnce(rows: FactRows, person: PersonRows): void {
  invariant(!rows.has(person.person), 'a person is there twice');
  rows.write([person]);
}

/** Builds a replica of rows that were packed. It takes them over. */
export function buildReplica(
  rows: FactRows,
  source: Pick<ReplicaSource<unknown>, 'revision' | 'schools' | 'knownFrom'>,
): FactsReplica {
  let { revision, schools, knownFrom } = source;
  let placesOf = groupSchools(schools);

  /** The schools that facts name, and those of the academies and regions over which the person holds a role. */
  const listPlaces = (found: PersonRows, children: readonly ChildFact[]): PersonFacts['schools'] => {
    const places = new Map<string, SchoolPlace>();
    const add = (school: string): void => {
      const place = schools.get(school);
      if (place !== undefined) places.set(school, place);
    };
    for (const { scope, domain } of found.roles)
      if (scope === 'school') add(domain);
      else for (const school of placesOf.get(domain) ?? []) add(school);
    for (const facts of [found.teaches, found.headTeacherOf, found.memberOf])
      for (const { school } of facts) add(school);
    for (const child of children) for (const school of child.schools) add(school);
    return places;
  };

  /** The schools and classes of a child at an instant. */
  const completeChild = (link: PersonRows['children'][number], at: Date): ChildFact => {
    const child = rows.read(link.child);
    const subject = { facts: NOBODY, at: at.getTime() };
    return {
      ...link,
      schools: (child?.roles ?? [])
        .filter((role) => role.role === 'pupil' && role.scope === 'school' && isCurrent(role, subject))
        .map((role) => role.domain),
      divisions: (child?.memberOf ?? [])
        .filter((fact) => isCurrent(fact, subject))
        .map((fact) => fact.division),
    };
  };

  return {
    get revision() {
      return revision;
    },
    get knownFrom() {
      return knownFrom;
    },
    get people() {
      return rows.people;
    },
    get bytes() {
      return rows.bytes;
    },
    get schools() {
      return schools;
    },
    rows,
    readFacts(person, at) {
      invariant(!Number.isNaN(at.getTime()), 'facts are read at an instant');
      const found = rows.read(person);
      if (found === undefined) return undefined;
      const isOpen = (fact: { readonly to?: Date }): boolean => fact.to === undefined || fact.to > at;
      const held = {
        ...found,
        roles: found.roles.filter(isOpen),
        teaches: found.teaches.filter(isOpen),
        headTeacherOf: found.headTeacherOf.filter(isOpen),
        memberOf: found.memberOf.filter(isOpen),
      };
      const instant = { facts: NOBODY, at: at.getTime() };
      const children = found.children
        .filter((link) => isCurrent(link, instant))
        .map((link) => completeChild(link, at));
      return { ...held, revision, children, schools: listPlaces(held, children) };
    },
    apply(change) {
      if (change.since !== revision || change.revision < revision) return false;
      rows.write(change.changed);
      for (const person of change.removed) rows.remove(person);
      if (change.schools !== undefined) {
        ({ schools } = change);
        placesOf = groupSchools(schools);
      }
      if (change.at !== undefined && !(knownFrom !== undefined && knownFrom > change.at))
        knownFrom = change.at;
      ({ revision } = change);
      return true;
    },
  };
}

/** The schools of each academy and region. */
function groupSchools(schools: PersonFacts['schools']): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const [school, { academy, region }] of schools)
    for (const above of new Set([academy, region])) {
      const group = groups.get(above) ?? [];
      group.push(school);
      groups.set(above, group);
    }
  return groups;
}

const NOBODY: PersonFacts = Object.freeze({
  person: '',
  revision: 0,
  suspended: false,
  roles: [],
  teaches: [],
  headTeacherOf: [],
  memberOf: [],
  children: [],
  schools: new Map(),
});
