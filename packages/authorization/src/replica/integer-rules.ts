import type { Resource } from '../facts.ts';
import type { FactsForm } from '../compile-closures.ts';
import { conditions } from '../conditions.ts';
import type { RoleBits } from '../roles.ts';
import {
  birthDateOf,
  countOf,
  detailOf,
  EXERCISES,
  isSuspended,
  kindOf,
  LINKS,
  SCOPES,
  windowOf,
} from './fact-words.ts';
import type { FactRows } from './fact-rows.ts';
import { divisionOf, pupilOf, UNKNOWN, type IntegerSubject } from './integer-facts.ts';

type IntegerRelation = (subject: IntegerSubject, resource: Resource) => boolean;
type IntegerCondition = NonNullable<ReturnType<FactsForm<IntegerSubject>['conditions']['get']>>;

const [ROLE, TEACHES, HEADS, MEMBER, CHILD] = [0, 1, 2, 3, 4];
const SCHOOL_SCOPE = SCOPES.indexOf('school');
/** Details of links by which a parent exercises authority, and by which a parent was left without it. */
const WITH_AUTHORITY = new Uint8Array(EXERCISES.length * LINKS.length);
const WITHOUT_AUTHORITY = new Uint8Array(WITH_AUTHORITY.length);
for (const [number, exercise] of EXERCISES.entries()) {
  const exercised = exercise === 'joint' || exercise === 'sole';
  (exercised ? WITH_AUTHORITY : WITHOUT_AUTHORITY)[number * LINKS.length + LINKS.indexOf('legal')] = 1;
}

/** The integer twins of `relations.ts`. A relation without its twin here is decided on plain facts. */
export const integerRelations: ReadonlyMap<string, IntegerRelation> = new Map<string, IntegerRelation>([
  ['any', () => true],
  ['self', (subject, resource) => resource.pupil === subject.person],
  [
    'own_entry',
    (subject, resource) => resource.type === 'directory.person' && resource.id === subject.person,
  ],
  ['own_child_legal', isOwnChildLegal],
  ['child_member_legal', isClassOfChildLegal],
  ['guardian_here', isGuardianHere],
  ['child_authority_removed', isAuthorityRemoved],
  ['teaches', teaches],
  ['teaches_own', (subject, resource) => isOwner(subject, resource) && teaches(subject, resource)],
  ['teaches_division', (subject, resource) => reaches(TEACHES, subject, resource)],
  ['head_teacher_of', (subject, resource) => reaches(HEADS, subject, resource)],
  ['member_of', (subject, resource) => reaches(MEMBER, subject, resource)],
  ['same_school', isOfSchool],
  ['owner', isOwner],
  ['own_here', (subject, resource) => isOwner(subject, resource) && isOfSchool(subject)],
]);

/** The integer twins of `conditions.ts`; those that ask nothing of the person are the same functions. */
export const integerConditions: ReadonlyMap<string, IntegerCondition> = new Map<string, IntegerCondition>([
  ['always', () => true],
  ['published', (_subject, resource) => resource.published === true],
  ['not_closed', (_subject, resource) => resource.closed === false],
  ['suspended', (subject) => isSuspended(subject.head)],
  ['adult', isAdult],
  [
    'acr_factor',
    (_subject, _resource, environment) => environment.acr === 'factor' || environment.acr === 'passkey',
  ],
]);

/** The rules of a bucket on the integers of a replica. */
export function buildIntegerForm(rows: FactRows): FactsForm<IntegerSubject> {
  return {
    relations: integerRelations,
    conditions: integerConditions,
    prepareRoles(bits) {
      const byDetail = numberRoleBits(rows, bits);
      return (subject) => readRoles(subject, byDetail);
    },
    hasRole(subject, _resource, role, scope) {
      const detail = rows.roles.number(role) * 3 + SCOPES.findIndex((known) => known === scope);
      return readRoles(subject, Object.assign(new Int32Array(detail + 1), { [detail]: 1 })) !== 0;
    },
  };
}

/** The bit of each role and scope, at the number by which facts name the two. */
function numberRoleBits(rows: FactRows, bits: RoleBits): Int32Array {
  const pairs = SCOPES.flatMap((scope, index) =>
    [...bits[scope]].map(([role, bit]) => [rows.roles.number(role) * 3 + index, bit] as const),
  );
  const byDetail = new Int32Array(1 + pairs.reduce((most, [detail]) => Math.max(most, detail), 0));
  for (const [detail, bit] of pairs) byDetail[detail] = bit;
  return byDetail;
}

function readRoles(subject: IntegerSubject, byDetail: Int32Array): number {
  const { words, end, at, rows } = subject;
  let mask = 0;
  for (let fact = subject.start; fact < end; fact += 2) {
    const word = words[fact + 1]!;
    if (kindOf(word) !== ROLE) break;
    const detail = detailOf(word);
    const bit = detail < byDetail.length ? byDetail[detail]! : 0;
    if (bit === 0 || (mask & bit) !== 0) continue;
    const scope = detail % 3;
    const domain = scope === 0 ? subject.school : scope === 1 ? subject.academy : subject.region;
    if (words[fact] === domain && isOpen(rows, word, at)) mask |= bit;
  }
  return mask;
}

function isOpen(rows: FactRows, word: number, at: number): boolean {
  const window = windowOf(word);
  return window === 0 || rows.windows.isCurrent(window, at);
}

function isOwner(subject: IntegerSubject, resource: Resource): boolean {
  return resource.owner === subject.person;
}

function isOfSchool(subject: IntegerSubject): boolean {
  const { words, end, at, rows, school } = subject;
  if (school === UNKNOWN) return false;
  for (let fact = subject.start; fact < end; fact += 2) {
    const word = words[fact + 1]!;
    if (kindOf(word) !== ROLE) break;
    if (words[fact] === school && detailOf(word) % 3 === SCHOOL_SCOPE && isOpen(rows, word, at)) return true;
  }
  return false;
}

/** Facts of a person stand in the order of their kinds: links to children are the last. */
function isOwnChildLegal(subject: IntegerSubject, resource: Resource): boolean {
  const { words, start, at, rows } = subject;
  if (subject.school === UNKNOWN) return false;
  for (let fact = subject.end - 2; fact >= start; fact -= 2) {
    const word = words[fact + 1]!;
    if (kindOf(word) !== CHILD) break;
    const child = words[fact]!;
    if (WITH_AUTHORITY[detailOf(word)] === 0 || child !== pupilOf(subject, resource)) continue;
    if (isOpen(rows, word, at) && isPupilOf(subject, child)) return true;
  }
  return false;
}

function isClassOfChildLegal(subject: IntegerSubject, { division }: Resource): boolean {
  const name = division === undefined ? UNKNOWN : subject.rows.names.find(division);
  if (name === UNKNOWN) return false;
  return someChild(subject, (child) => isPupilOf(subject, child) && isMemberOf(subject, child, name));
}

function isGuardianHere(subject: IntegerSubject): boolean {
  return someChild(subject, (child) => isPupilOf(subject, child));
}

function someChild(subject: IntegerSubject, holds: (child: number) => boolean): boolean {
  const { words, start, at, rows, school } = subject;
  if (school === UNKNOWN) return false;
  for (let fact = subject.end - 2; fact >= start; fact -= 2) {
    const word = words[fact + 1]!;
    if (kindOf(word) !== CHILD) break;
    if (WITH_AUTHORITY[detailOf(word)] === 1 && isOpen(rows, word, at) && holds(words[fact]!)) return true;
  }
  return false;
}

function isAuthorityRemoved(subject: IntegerSubject, resource: Resource): boolean {
  const { words, start, at, rows } = subject;
  for (let fact = subject.end - 2; fact >= start; fact -= 2) {
    const word = words[fact + 1]!;
    if (kindOf(word) !== CHILD) break;
    if (WITHOUT_AUTHORITY[detailOf(word)] === 0 || !isOpen(rows, word, at)) continue;
    if (words[fact] === pupilOf(subject, resource)) return true;
  }
  return false;
}

/** Whether a child is a pupil of the school in question, now. */
function isPupilOf({ rows, words, school, at }: IntegerSubject, child: number): boolean {
  const pupil = rows.roles.find('pupil') * 3 + SCHOOL_SCOPE;
  const start = rows.table.start(child);
  const end = start + countOf(rows.table.head(child)) * 2;
  for (let fact = start; fact < end; fact += 2) {
    const word = words[fact + 1]!;
    if (kindOf(word) !== ROLE) return false;
    if (words[fact] === school && detailOf(word) === pupil && isOpen(rows, word, at)) return true;
  }
  return false;
}

/** Whether a child is in a class or group of the name in question, now. */
function isMemberOf({ rows, words, at }: IntegerSubject, child: number, name: number): boolean {
  const start = rows.table.start(child);
  const end = start + countOf(rows.table.head(child)) * 2;
  for (let fact = start; fact < end; fact += 2) {
    const word = words[fact + 1]!;
    if (kindOf(word) !== MEMBER) continue;
    if (rows.divisions.division(words[fact]!) === name && isOpen(rows, word, at)) return true;
  }
  return false;
}

function teaches(subject: IntegerSubject, resource: Resource): boolean {
  const { words, end, at, rows } = subject;
  if (resource.subject === undefined) return false;
  const division = divisionOf(subject, resource);
  if (division === UNKNOWN) return false;
  const asked = rows.subjects.find(resource.subject);
  for (let fact = subject.start; fact < end; fact += 2) {
    const word = words[fact + 1]!;
    if (kindOf(word) !== TEACHES || words[fact] !== division) continue;
    const taught = detailOf(word) - 1;
    if ((taught === UNKNOWN || taught === asked) && isOpen(rows, word, at)) return true;
  }
  return false;
}

function reaches(kind: number, subject: IntegerSubject, resource: Resource): boolean {
  const { words, start, end, at, rows } = subject;
  const division = divisionOf(subject, resource);
  if (division === UNKNOWN) return false;
  for (let fact = start; fact < end; fact += 2) {
    const word = words[fact + 1]!;
    if (kindOf(word) === kind && words[fact] === division && isOpen(rows, word, at)) return true;
  }
  return false;
}

/** Decided by the calendar of `conditions.ts`, on a day read back from its number. */
function isAdult(
  subject: IntegerSubject,
  resource: Resource,
  environment: Parameters<IntegerCondition>[2],
): boolean {
  const birthDate = birthDateOf(subject.head);
  if (birthDate === undefined) return false;
  const plain = { facts: { birthDate }, at: subject.at } as Parameters<
    NonNullable<ReturnType<typeof conditions.get>>
  >[0];
  return conditions.get('adult')!(plain, resource, environment);
}
