import { invariant } from '@socle/base';
import type { ChildFact, PersonFacts } from '../facts.ts';
import { isCurrent } from '../subject.ts';
import { openFactRows, type FactRows, type PersonRows } from './fact-rows.ts';

/** Everybody's facts in memory: typed arrays, integers for ids. */
export interface FactsReplica {
  /** The authorization revision that it has reached. */
  readonly revision: number;
  readonly people: number;
  /** Bytes of its arrays. */
  readonly bytes: number;
  /** Its arrays, for deciding on them. */
  readonly rows: FactRows;
  /** Academy, region and controller of every school. */
  readonly schools: PersonFacts['schools'];
  /**
   * The facts of a person, as the directory would give them at that instant: windows that are over are left out.
   * Undefined for who is not known.
   */
  readFacts(person: string, at: Date): PersonFacts | undefined;
  /**
   * Puts people in the state of the next revision: all of them or, when it throws, none.
   *
   * @returns false, with nothing changed, when a revision was missed: the replica must then be loaded again.
   */
  apply(change: {
    readonly revision: number;
    readonly changed: readonly PersonRows[];
    readonly removed: readonly string[];
    /** Every school, when one of them changed. */
    readonly schools?: PersonFacts['schools'];
  }): boolean;
}

/** What a replica is built from. `expected` sizes its arrays; more is taken, at the cost of copies. */
interface ReplicaSource<People> {
  readonly revision: number;
  readonly schools: PersonFacts['schools'];
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

function buildReplica(
  rows: FactRows,
  source: { readonly revision: number; readonly schools: PersonFacts['schools'] },
): FactsReplica {
  let { revision, schools } = source;

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
      return {
        ...found,
        revision,
        roles: found.roles.filter(isOpen),
        teaches: found.teaches.filter(isOpen),
        headTeacherOf: found.headTeacherOf.filter(isOpen),
        memberOf: found.memberOf.filter(isOpen),
        children: found.children.filter(isOpen).map((link) => completeChild(link, at)),
        schools,
      };
    },
    apply(change) {
      if (change.revision !== revision + 1) return false;
      rows.write(change.changed);
      for (const person of change.removed) rows.remove(person);
      schools = change.schools ?? schools;
      ({ revision } = change);
      return true;
    },
  };
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
