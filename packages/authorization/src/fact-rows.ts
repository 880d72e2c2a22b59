import { invariant } from '@socle/base';
import type { ChildFact, RoleFact, TeachingFact } from './facts.ts';
import type { IdTable } from './id-table.ts';

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

/** The facts of everybody in two words each: what it is about, and its kind, detail and window packed together. */
export interface FactRows {
  readonly people: number;
  readonly bytes: number;
  /** Adds a person. @throws InvariantViolation when the person was added before. */
  write(person: PersonRows): void;
  read(person: string): PersonRows | undefined;
}

const KINDS = ['roles', 'teaches', 'headTeacherOf', 'memberOf', 'children'] as const;
const EXERCISES: readonly ChildFact['exercise'][] = ['joint', 'sole', 'none', 'suspended', 'withdrawn'];
const LINKS: readonly ChildFact['kind'][] = ['legal', 'in_charge', 'contact'];
const SCOPES: readonly RoleFact['scope'][] = ['school', 'academy', 'region'];
/** Of a word of 32 bits: 3 for the kind, 12 for the detail, 17 for the window. */
const DETAILS = 2 ** 12;
const WINDOWS = 2 ** 17;
const DAY_MS = 86_400_000;
/** Birth dates are days from here, in 16 bits; 0 is unknown. */
const FIRST_BIRTH = Date.UTC(1880, 0, 1) / DAY_MS - 1;

/** Opens empty rows over a table of ids, which people and children share. */
export function openFactRows(
  ids: IdTable,
  expected: { readonly people: number; readonly facts: number },
): FactRows {
  let about = new Uint32Array(Math.max(16, expected.facts));
  let packed = new Uint32Array(about.length);
  let starts = new Uint32Array(Math.max(16, expected.people));
  let counts = new Uint16Array(starts.length);
  let births = new Uint16Array(starts.length);
  /** 0 unknown, 1 active, 2 suspended. */
  let states = new Uint8Array(starts.length);
  // Apart, so that each stays small enough for its place in a word.
  const roles = openInterner<string>((name) => name);
  const subjects = openInterner<string>((name) => name);
  const domains = openInterner<string>((name) => name);
  const divisions = openInterner<{ readonly school: string; readonly division: string }>(
    ({ school, division }) => `${division} ${school}`,
  );
  const windows = openInterner<{ readonly from?: Date; readonly to?: Date }>(
    ({ from, to }) => `${from?.getTime() ?? ''} ${to?.getTime() ?? ''}`,
  );
  let facts = 0;
  let people = 0;

  const append = (
    kind: number,
    what: number,
    detail: number,
    fact: { readonly from?: Date; readonly to?: Date },
  ): void => {
    const window = windows.number({ ...(fact.from && { from: fact.from }), ...(fact.to && { to: fact.to }) });
    invariant(
      detail < DETAILS && window < WINDOWS,
      'more distinct roles, subjects or windows than have their place',
    );
    if (facts === about.length) [about, packed] = [widen(about), widen(packed)];
    about[facts] = what;
    packed[facts] = ((kind << 29) | (detail << 17) | window) >>> 0;
    facts += 1;
  };
  const appendDivision = (kind: number, fact: TeachingFact): void => {
    const subject = fact.subject === undefined ? 0 : subjects.number(fact.subject) + 1;
    append(kind, divisions.number({ school: fact.school, division: fact.division }), subject, fact);
  };

  return {
    get people() {
      return people;
    },
    get bytes() {
      return [about, packed, starts, counts, births, states].reduce(
        (sum, array) => sum + array.byteLength,
        0,
      );
    },
    write(person) {
      const number = ids.number(person.person);
      while (number >= starts.length)
        [starts, counts, births, states] = [widen(starts), widen(counts), widen(births), widen(states)];
      invariant(states[number] === 0, 'a person is there twice');
      states[number] = person.suspended ? 2 : 1;
      births[number] = packBirth(person.birthDate);
      starts[number] = facts;
      people += 1;
      for (const fact of person.roles)
        append(
          0,
          domains.number(fact.domain),
          roles.number(fact.role) * 3 + SCOPES.indexOf(fact.scope),
          fact,
        );
      for (const fact of person.teaches) appendDivision(1, fact);
      for (const fact of person.headTeacherOf) appendDivision(2, fact);
      for (const fact of person.memberOf) appendDivision(3, fact);
      for (const link of person.children)
        append(
          4,
          ids.number(link.child),
          EXERCISES.indexOf(link.exercise) * 3 + LINKS.indexOf(link.kind),
          link,
        );
      counts[number] = facts - starts[number]!;
    },
    read(person) {
      const number = ids.find(person);
      if (number === undefined || (states[number] ?? 0) === 0) return undefined;
      const found = { roles: [], teaches: [], headTeacherOf: [], memberOf: [], children: [] } as {
        roles: RoleFact[];
        teaches: TeachingFact[];
        headTeacherOf: TeachingFact[];
        memberOf: TeachingFact[];
        children: PersonRows['children'][number][];
      };
      const end = starts[number]! + counts[number]!;
      for (let at = starts[number]!; at < end; at += 1) {
        const word = packed[at]!;
        const kind = KINDS[word >>> 29]!;
        const detail = (word >>> 17) & (DETAILS - 1);
        const window = windows.read(word & (WINDOWS - 1));
        if (kind === 'roles') {
          const role = roles.read(Math.floor(detail / 3));
          found.roles.push({ role, scope: SCOPES[detail % 3]!, domain: domains.read(about[at]!), ...window });
        } else if (kind === 'children') {
          const [exercise, link] = [EXERCISES[Math.floor(detail / 3)]!, LINKS[detail % 3]!];
          found.children.push({ child: ids.read(about[at]!), exercise, kind: link, ...window });
        } else {
          const subject = detail === 0 ? {} : { subject: subjects.read(detail - 1) };
          found[kind].push({ ...divisions.read(about[at]!), ...subject, ...window });
        }
      }
      const birth = births[number]!;
      return {
        person,
        suspended: states[number] === 2,
        ...(birth === 0
          ? {}
          : { birthDate: new Date((birth + FIRST_BIRTH) * DAY_MS).toISOString().slice(0, 10) }),
        ...found,
      };
    },
  };
}

function packBirth(birthDate: string | undefined): number {
  if (birthDate === undefined) return 0;
  const day = Date.parse(`${birthDate}T00:00:00Z`) / DAY_MS - FIRST_BIRTH;
  invariant(Number.isInteger(day) && day > 0 && day < 2 ** 16, 'a birth date is not a day from 1880 on');
  return day;
}

/** Numbers values by a text that tells them apart. */
function openInterner<Value>(tell: (value: Value) => string) {
  const numbers = new Map<string, number>();
  const values: Value[] = [];
  return {
    number(value: Value): number {
      const key = tell(value);
      const known = numbers.get(key);
      if (known !== undefined) return known;
      numbers.set(key, values.length);
      return values.push(value) - 1;
    },
    read: (number: number): Value => values[number]!,
  };
}

function widen<Array extends Uint8Array | Uint16Array | Uint32Array>(array: Array): Array {
  const wider = new (array.constructor as new (length: number) => Array)(array.length * 2);
  wider.set(array);
  return wider;
}
