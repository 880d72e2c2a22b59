import { invariant } from '@socle/base';
import type { ChildFact, PersonFacts } from './facts.ts';
import { openFactRows, type FactRows, type PersonRows } from './fact-rows.ts';
import { openIdTable } from './id-table.ts';
import { isCurrent } from './subject.ts';

/** Everybody's facts in memory: typed arrays, integers for ids. */
export interface FactsReplica {
  /** The authorization revision that it has reached. */
  readonly revision: number;
  readonly people: number;
  /** Bytes of its arrays. */
  readonly bytes: number;
  /**
   * The facts of a person, as the directory would give them at that instant: windows that are over are left out.
   * Undefined for who is not known.
   */
  readFacts(person: string, at: Date): PersonFacts | undefined;
  /**
   * Puts people in the state of the next revision.
   *
   * @returns false, with nothing changed, when a revision was missed: the replica must then be loaded again.
   */
  apply(change: {
    readonly revision: number;
    readonly changed: readonly PersonRows[];
    readonly removed: readonly string[];
  }): boolean;
}

/** Builds a replica from the rows of everybody. `expected` sizes its arrays; more is taken, at the cost of copies. */
export function openFactsReplica(source: {
  readonly revision: number;
  readonly schools: PersonFacts['schools'];
  readonly people: Iterable<PersonRows>;
  readonly expected?: { readonly people: number; readonly facts: number };
}): FactsReplica {
  const expected = source.expected ?? { people: 1024, facts: 4096 };
  const ids = openIdTable(expected.people);
  const rows: FactRows = openFactRows(ids, expected);
  for (const person of source.people) rows.write(person);
  const overlay = new Map<string, PersonRows | undefined>();
  let { revision } = source;

  const find = (person: string): PersonRows | undefined =>
    overlay.has(person) ? overlay.get(person) : rows.read(person);

  /** The schools and classes of a child at an instant. */
  const completeChild = (link: PersonRows['children'][number], at: Date): ChildFact => {
    const child = find(link.child);
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
      let count = rows.people;
      for (const [person, state] of overlay)
        count += Number(state !== undefined) - Number(rows.read(person) !== undefined);
      return count;
    },
    get bytes() {
      return ids.bytes + rows.bytes;
    },
    readFacts(person, at) {
      invariant(!Number.isNaN(at.getTime()), 'facts are read at an instant');
      const found = find(person);
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
        schools: source.schools,
      };
    },
    apply(change) {
      if (change.revision !== revision + 1) return false;
      for (const person of change.changed) overlay.set(person.person, person);
      for (const person of change.removed) overlay.set(person, undefined);
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
