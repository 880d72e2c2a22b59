import { invariant } from '@socle/base';
import type { ChildFact, RoleFact } from '../facts.ts';

/** What a fact is, in the order in which those of one person stand. */
export const KINDS = ['roles', 'teaches', 'headTeacherOf', 'memberOf', 'children'] as const;
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
/** A person has fewer facts than this. */
export const COUNTS = 2 ** 14;
/** States of a head; 0 is nobody's. */
export const [ACTIVE, SUSPENDED, MERGED] = [1, 2, 3];
const DAY_MS = 86_400_000;
/** Birth dates are days from here, in 16 bits; 0 is unknown. */
const FIRST_BIRTH = Date.UTC(1880, 0, 1) / DAY_MS - 1;

/** Kinds of facts as numbers, in the order in which those of one person stand. */
export const FACT_KINDS = { role: 0, teaches: 1, headTeacher: 2, member: 3, child: 4 } as const;

/** The kind of a fact: 0 role, 1 teaches, 2 head teacher, 3 member, 4 child. */
export const kindOf = (word: number): number => word >>> 29;
export const detailOf = (word: number): number => (word >>> 17) & (DETAILS - 1);
export const windowOf = (word: number): number => word & (WINDOWS - 1);
export const countOf = (head: number): number => head & (COUNTS - 1);
/** False for who is not there, or no longer. */
export const isThere = (head: number): boolean => ((head >>> 14) & 3) !== 0;
/** True for an entry that was joined to another, whose number then stands where its facts would start. */
export const isMerged = (head: number): boolean => ((head >>> 14) & 3) === MERGED;
export const isSuspended = (head: number): boolean => ((head >>> 14) & 3) === SUSPENDED;

/** `YYYY-MM-DD` of a head; undefined when the birth date is unknown. */
export function birthDateOf(head: number): string | undefined {
  const day = head >>> 16;
  return day === 0 ? undefined : new Date((day + FIRST_BIRTH) * DAY_MS).toISOString().slice(0, 10);
}

/** The birth date of a head in days since 1970, as it is kept; undefined when unknown. */
export function birthDayOf(head: number): number | undefined {
  return head >>> 16 === 0 ? undefined : (head >>> 16) + FIRST_BIRTH;
}

/** The second word of a fact. @throws InvariantViolation when a number has no place in it. */
export function packFact(kind: number, detail: number, window: number): number {
  invariant(
    detail < DETAILS && window < WINDOWS,
    'more distinct roles, subjects or windows than have their place',
  );
  return ((kind << 29) | (detail << 17) | window) >>> 0;
}

export const roleDetail = (role: number, scope: RoleFact['scope']): number =>
  role * 3 + SCOPES.indexOf(scope);
export const linkDetail = ({ exercise, kind }: Pick<ChildFact, 'exercise' | 'kind'>): number =>
  EXERCISES.indexOf(exercise) * LINKS.length + LINKS.indexOf(kind);

/** What stands beside where a person's facts start. */
export function packHead(birth: number, state: number, count: number): number {
  return (birth << 16) | (state << 14) | count;
}

/** A birth date as a day of a head; 0 for none. @throws InvariantViolation before 1880 and after 2059. */
export function packBirth(birthDate: string | undefined): number {
  if (birthDate === undefined) return 0;
  const day = Date.parse(`${birthDate}T00:00:00Z`) / DAY_MS - FIRST_BIRTH;
  invariant(Number.isInteger(day) && day > 0 && day < 2 ** 16, 'a birth date is not a day from 1880 on');
  return day;
}

/** The same of days since 1970. A day out of bounds is the nearest within: as old, or as young, as one can be. */
export function packBirthDay(days: number): number {
  return Math.min(2 ** 16 - 1, Math.max(1, days - FIRST_BIRTH));
}
