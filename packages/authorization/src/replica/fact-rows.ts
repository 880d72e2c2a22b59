import { invariant } from '@socle/base';
import type { ChildFact, RoleFact, TeachingFact } from '../facts.ts';
import type { Window } from '../subject.ts';
import {
  openDivisionInterner,
  openTextInterner,
  openWindowInterner,
  type DivisionInterner,
  type TextInterner,
  type WindowInterner,
} from './interners.ts';
import {
  ACTIVE,
  birthDateOf,
  countOf,
  COUNTS,
  detailOf,
  EXERCISES,
  isMerged,
  isSuspended,
  isThere,
  kindOf,
  KINDS,
  linkDetail,
  LINKS,
  MERGED,
  packBirth,
  packFact,
  packHead,
  roleDetail,
  SCOPES,
  SUSPENDED,
  windowOf,
} from './fact-words.ts';
import { openPeopleTable, type PeopleTable } from './people-table.ts';

/** An entry joined to one that was joined to another, and so on: never so many. */
const MOST_MERGES = 16;

/** What is known of one person, as the directory writes it. A child's schools and classes are those of the child. */
export interface PersonRows {
  /** UUID, as every person's id here. */
  readonly person: string;
  readonly suspended: boolean;
  readonly birthDate?: string;
  readonly roles: readonly RoleFact[];
  readonly teaches: readonly TeachingFact[];
  readonly headTeacherOf: readonly TeachingFact[];
  readonly memberOf: readonly TeachingFact[];
  readonly children: readonly Omit<ChildFact, 'schools' | 'divisions'>[];
  /** The person that this entry was joined to: asked for either, the facts are those of that one. */
  readonly mergedInto?: string;
}

/** The numbers by which facts name things, and the table of people. */
export interface FactNames {
  readonly table: PeopleTable;
  readonly roles: TextInterner;
  /** Schools, academies and regions. */
  readonly domains: TextInterner;
  readonly subjects: TextInterner;
  /** Names of classes and groups. */
  readonly names: TextInterner;
  readonly divisions: DivisionInterner;
  readonly windows: WindowInterner;
}

/** The facts of everybody in two words each, those of one person side by side, and the numbers of all that they name. */
export interface FactRows extends FactNames {
  /** Two words a fact: what it is about; its kind, detail and window. Taken anew after each write. */
  readonly words: () => Uint32Array;
  readonly people: number;
  readonly bytes: number;
  /** Adds people, or puts them in a new state: all of them or, when one is refused, none. @throws InvariantViolation */
  write(people: readonly PersonRows[]): void;
  remove(person: string): void;
  has(person: string): boolean;
  /** The rows of a person, or of the one that they were joined to. */
  read(person: string): PersonRows | undefined;
  /** The number of who a number stands for: the one that they were joined to, else themselves. */
  follow(number: number): number;
  /** Has the facts of these numbers (-1 for none) near when they are read next; see `PeopleTable.findAll`. */
  touch(numbers: Int32Array, count: number): void;
  /** Calls with the number of each person who is there, but for those who were joined to another. */
  forEach(visit: (number: number) => void): void;
}

/** Opens the names of no facts yet. */
export function openFactNames(people: number): FactNames {
  return {
    table: openPeopleTable(people),
    roles: openTextInterner(),
    domains: openTextInterner(),
    subjects: openTextInterner(),
    names: openTextInterner(),
    divisions: openDivisionInterner(),
    windows: openWindowInterner(),
  };
}

/** Facts that were put side by side already. */
export interface PackedFacts {
  readonly known: FactNames;
  readonly words: Uint32Array;
  /** Words that are taken. */
  readonly length: number;
  readonly people: number;
}

/** Opens empty rows. `expected` sizes their arrays; more is taken, at the cost of copies. */
export function openFactRows(expected: { readonly people: number; readonly facts: number }): FactRows {
  const words = new Uint32Array(Math.max(16, expected.facts) * 2);
  return openPackedRows({ known: openFactNames(expected.people), words, length: 0, people: 0 });
}

/** Opens rows of packed facts, which they take over. */
export function openPackedRows(packed: PackedFacts): FactRows {
  const { table, roles, domains, subjects, names, divisions, windows } = packed.known;
  let { words, length, people } = packed;
  const sink = new Int32Array(1);
  /** Words of people who were written again since, or removed. */
  let wasted = 0;

  const append = (kind: number, about: number, detail: number, window: Window): void => {
    const word = packFact(kind, detail, windows.number(window));
    if (length === words.length) {
      const wider = new Uint32Array(Math.ceil(words.length * 0.55) * 2 + 1024);
      wider.set(words);
      words = wider;
    }
    words[length] = about;
    words[length + 1] = word;
    length += 2;
  };
  const appendDivision = (kind: number, fact: TeachingFact): void => {
    const subject = fact.subject === undefined ? 0 : subjects.number(fact.subject) + 1;
    append(kind, divisions.number(domains.number(fact.school), names.number(fact.division)), subject, fact);
  };
  /** Appends the facts of a person: where they start, and the head. The person's old facts stay in force. */
  const pack = (person: PersonRows): readonly [number, number] => {
    if (person.mergedInto !== undefined) return [table.number(person.mergedInto), MERGED << 14];
    const start = length;
    for (const fact of person.roles)
      append(0, domains.number(fact.domain), roleDetail(roles.number(fact.role), fact.scope), fact);
    for (const fact of person.teaches) appendDivision(1, fact);
    for (const fact of person.headTeacherOf) appendDivision(2, fact);
    for (const fact of person.memberOf) appendDivision(3, fact);
    for (const link of person.children) append(4, table.number(link.child), linkDetail(link), link);
    const count = (length - start) / 2;
    invariant(count < COUNTS, 'a person has more facts than have their place');
    const state = person.suspended ? SUSPENDED : ACTIVE;
    return [start, packHead(packBirth(person.birthDate), state, count)];
  };
  const point = (number: number, start: number, head: number): void => {
    const before = table.head(number);
    wasted += countOf(before) * 2;
    people += Number(isThere(head)) - Number(isThere(before));
    table.point(number, start, head);
  };
  const follow = (number: number): number => {
    let at = number;
    for (let step = 0; isMerged(table.head(at)); step += 1) {
      invariant(step < MOST_MERGES, 'people were joined in a circle');
      at = table.start(at);
    }
    return at;
  };
  /** Makes room for more ids; facts name people by numbers, which may change with it. */
  const reserve = (more: number): void => {
    const numbers = table.reserve(more);
    if (numbers === undefined) return;
    for (let at = 0; at < length; at += 2) if (kindOf(words[at + 1]!) === 4) words[at] = numbers[words[at]!]!;
    for (let number = 0; number < table.capacity; number += 1) {
      const head = table.head(number);
      if (isMerged(head)) table.point(number, numbers[table.start(number)]!, head);
    }
  };
  /** Moves the facts in force side by side again. */
  const compact = (): void => {
    const kept = new Uint32Array(Math.ceil((length - wasted) * 1.04) + 32);
    let end = 0;
    for (let number = 0; number < table.capacity; number += 1) {
      const [start, head] = [table.start(number), table.head(number)];
      if (isMerged(head)) continue;
      kept.set(words.subarray(start, start + countOf(head) * 2), end);
      table.point(number, end, head);
      end += countOf(head) * 2;
    }
    [words, length, wasted] = [kept, end, 0];
  };

  return {
    ...packed.known,
    words: () => words,
    get people() {
      return people;
    },
    get bytes() {
      return table.bytes + words.byteLength;
    },
    write(changed) {
      reserve(changed.reduce((ids, person) => ids + 2 + person.children.length, 0));
      const before = length;
      const packed: number[] = [];
      try {
        for (const person of changed) {
          const number = table.number(person.person);
          packed.push(number, ...pack(person));
        }
      } catch (error) {
        length = before;
        throw error;
      }
      for (let at = 0; at < packed.length; at += 3) point(packed[at]!, packed[at + 1]!, packed[at + 2]!);
      if (wasted > 4096 && wasted * 16 > length) compact();
    },
    remove(person) {
      const number = table.find(person);
      if (number !== -1) point(number, 0, 0);
    },
    has: (person) => isThere(headOf(table, person)),
    follow,
    touch(numbers, count) {
      let read = 0;
      for (let index = 0; index < count; index += 1) {
        const number = numbers[index]!;
        if (number === -1) continue;
        const start = table.start(number);
        if (start < length) read ^= words[start]!;
      }
      sink[0] = read;
    },
    forEach(visit) {
      for (let number = 0; number < table.capacity; number += 1) {
        const head = table.head(number);
        if (isThere(head) && !isMerged(head)) visit(number);
      }
    },
    read(asked) {
      const place = table.find(asked);
      const number = place === -1 ? -1 : follow(place);
      const head = number === -1 ? 0 : table.head(number);
      if (!isThere(head)) return undefined;
      const person = table.read(number);
      const found = { roles: [], teaches: [], headTeacherOf: [], memberOf: [], children: [] } as {
        roles: RoleFact[];
        teaches: TeachingFact[];
        headTeacherOf: TeachingFact[];
        memberOf: TeachingFact[];
        children: PersonRows['children'][number][];
      };
      const start = table.start(number);
      for (let at = start; at < start + countOf(head) * 2; at += 2) {
        const [about, word] = [words[at]!, words[at + 1]!];
        const kind = KINDS[kindOf(word)]!;
        const detail = detailOf(word);
        const window = windows.read(windowOf(word));
        if (kind === 'roles') {
          const role = roles.read(Math.floor(detail / 3));
          found.roles.push({ role, scope: SCOPES[detail % 3]!, domain: domains.read(about), ...window });
        } else if (kind === 'children') {
          const [exercise, link] = [EXERCISES[Math.floor(detail / 3)]!, LINKS[detail % 3]!];
          found.children.push({ child: table.read(about), exercise, kind: link, ...window });
        } else {
          const subject = detail === 0 ? {} : { subject: subjects.read(detail - 1) };
          const [school, division] = [
            domains.read(divisions.school(about)),
            names.read(divisions.division(about)),
          ];
          found[kind].push({ school, division, ...subject, ...window });
        }
      }
      const birthDate = birthDateOf(head);
      return { person, suspended: isSuspended(head), ...(birthDate && { birthDate }), ...found };
    },
  };
}

function headOf(table: PeopleTable, person: string): number {
  const number = table.find(person);
  return number === -1 ? 0 : table.head(number);
}
