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
import { openPeopleTable, type PeopleTable } from './people-table.ts';

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
}

/** The facts of everybody in two words each, those of one person side by side, and the numbers of all that they name. */
export interface FactRows {
  readonly table: PeopleTable;
  readonly roles: TextInterner;
  /** Schools, academies and regions. */
  readonly domains: TextInterner;
  readonly subjects: TextInterner;
  /** Names of classes and groups. */
  readonly names: TextInterner;
  readonly divisions: DivisionInterner;
  readonly windows: WindowInterner;
  /** Two words a fact: what it is about; its kind, detail and window. Taken anew after each write. */
  readonly words: () => Uint32Array;
  readonly people: number;
  readonly bytes: number;
  /** Adds people, or puts them in a new state: all of them or, when one is refused, none. @throws InvariantViolation */
  write(people: readonly PersonRows[]): void;
  remove(person: string): void;
  has(person: string): boolean;
  read(person: string): PersonRows | undefined;
}

const KINDS = ['roles', 'teaches', 'headTeacherOf', 'memberOf', 'children'] as const;
export const EXERCISES: readonly ChildFact['exercise'][] = [
  'joint',
  'sole',
  'none',
  'suspended',
  'withdrawn',
];
export const LINKS: readonly ChildFact['kind'][] = ['legal', 'in_charge', 'contact'];
export const SCOPES: readonly RoleFact['scope'][] = ['school', 'academy', 'region'];
/** Of a word of 32 bits: 3 for the kind, 12 for the detail, 17 for the window. */
const DETAILS = 2 ** 12;
const WINDOWS = 2 ** 17;
/** Of a head: 14 bits for the count, 2 for the state, 16 for the birth date. */
const COUNTS = 2 ** 14;
const [ACTIVE, SUSPENDED] = [1, 2];
const DAY_MS = 86_400_000;
/** Birth dates are days from here, in 16 bits; 0 is unknown. */
const FIRST_BIRTH = Date.UTC(1880, 0, 1) / DAY_MS - 1;

/** The kind of a fact: 0 role, 1 teaches, 2 head teacher, 3 member, 4 child. */
export const kindOf = (word: number): number => word >>> 29;
export const detailOf = (word: number): number => (word >>> 17) & (DETAILS - 1);
export const windowOf = (word: number): number => word & (WINDOWS - 1);
export const countOf = (head: number): number => head & (COUNTS - 1);
/** False for who is not there, or no longer. */
const isThere = (head: number): boolean => ((head >>> 14) & 3) !== 0;
export const isSuspended = (head: number): boolean => ((head >>> 14) & 3) === SUSPENDED;

/** `YYYY-MM-DD` of a head; undefined when the birth date is unknown. */
export function birthDateOf(head: number): string | undefined {
  const day = head >>> 16;
  return day === 0 ? undefined : new Date((day + FIRST_BIRTH) * DAY_MS).toISOString().slice(0, 10);
}

/** Opens empty rows. `expected` sizes their arrays; more is taken, at the cost of copies. */
export function openFactRows(expected: { readonly people: number; readonly facts: number }): FactRows {
  const table = openPeopleTable(expected.people);
  const [roles, domains, subjects, names] = [
    openTextInterner(),
    openTextInterner(),
    openTextInterner(),
    openTextInterner(),
  ];
  const divisions = openDivisionInterner();
  const windows = openWindowInterner();
  let words = new Uint32Array(Math.max(16, expected.facts) * 2);
  let length = 0;
  let people = 0;
  /** Words of people who were written again since, or removed. */
  let wasted = 0;

  const append = (kind: number, about: number, detail: number, window: Window): void => {
    const number = windows.number(window);
    invariant(
      detail < DETAILS && number < WINDOWS,
      'more distinct roles, subjects or windows than have their place',
    );
    if (length === words.length) {
      const wider = new Uint32Array(Math.ceil(words.length * 0.55) * 2 + 1024);
      wider.set(words);
      words = wider;
    }
    words[length] = about;
    words[length + 1] = ((kind << 29) | (detail << 17) | number) >>> 0;
    length += 2;
  };
  const appendDivision = (kind: number, fact: TeachingFact): void => {
    const subject = fact.subject === undefined ? 0 : subjects.number(fact.subject) + 1;
    append(kind, divisions.number(domains.number(fact.school), names.number(fact.division)), subject, fact);
  };
  /** Appends the facts of a person, whose head it gives; the person's old facts stay in force. */
  const pack = (person: PersonRows): number => {
    const start = length;
    for (const fact of person.roles)
      append(0, domains.number(fact.domain), roles.number(fact.role) * 3 + SCOPES.indexOf(fact.scope), fact);
    for (const fact of person.teaches) appendDivision(1, fact);
    for (const fact of person.headTeacherOf) appendDivision(2, fact);
    for (const fact of person.memberOf) appendDivision(3, fact);
    for (const link of person.children)
      append(
        4,
        table.number(link.child),
        EXERCISES.indexOf(link.exercise) * 3 + LINKS.indexOf(link.kind),
        link,
      );
    const count = (length - start) / 2;
    invariant(count < COUNTS, 'a person has more facts than have their place');
    const state = person.suspended ? SUSPENDED : ACTIVE;
    return (packBirth(person.birthDate) << 16) | (state << 14) | count;
  };
  const point = (number: number, start: number, head: number): void => {
    const before = table.head(number);
    wasted += countOf(before) * 2;
    people += Number(isThere(head)) - Number(isThere(before));
    table.point(number, start, head);
  };
  /** Makes room for more ids; facts name people by numbers, which may change with it. */
  const reserve = (more: number): void => {
    const numbers = table.reserve(more);
    if (numbers === undefined) return;
    for (let at = 0; at < length; at += 2) if (kindOf(words[at + 1]!) === 4) words[at] = numbers[words[at]!]!;
  };
  /** Moves the facts in force side by side again. */
  const compact = (): void => {
    const kept = new Uint32Array(Math.ceil((length - wasted) * 1.04) + 32);
    let end = 0;
    for (let number = 0; number < table.capacity; number += 1) {
      const [start, head] = [table.start(number), table.head(number)];
      kept.set(words.subarray(start, start + countOf(head) * 2), end);
      table.point(number, end, head);
      end += countOf(head) * 2;
    }
    [words, length, wasted] = [kept, end, 0];
  };

  return {
    table,
    roles,
    domains,
    subjects,
    names,
    divisions,
    windows,
    words: () => words,
    get people() {
      return people;
    },
    get bytes() {
      return table.bytes + words.byteLength;
    },
    write(changed) {
      reserve(changed.reduce((ids, person) => ids + 1 + person.children.length, 0));
      const before = length;
      const packed: number[] = [];
      try {
        for (const person of changed) {
          const number = table.number(person.person);
          packed.push(number, length, pack(person));
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
    read(person) {
      const number = table.find(person);
      const head = number === -1 ? 0 : table.head(number);
      if (!isThere(head)) return undefined;
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

function packBirth(birthDate: string | undefined): number {
  if (birthDate === undefined) return 0;
  const day = Date.parse(`${birthDate}T00:00:00Z`) / DAY_MS - FIRST_BIRTH;
  invariant(Number.isInteger(day) && day > 0 && day < 2 ** 16, 'a birth date is not a day from 1880 on');
  return day;
}
