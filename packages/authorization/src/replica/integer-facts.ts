import type { DecisionRequest, Resource } from '../facts.ts';
import type { FactRows } from './fact-rows.ts';
import { countOf } from './fact-words.ts';
import type { FactsReplica } from './facts-replica.ts';

/** What a request names and the replica does not know: equal to nothing that it holds. */
export const UNKNOWN = -1;

/**
 * A question with its person and resource as numbers of a replica. One object serves every question of an engine, one
 * after the other: deciding is synchronous, and nothing is left for the collector.
 */
export interface IntegerSubject {
  readonly replica: FactsReplica;
  rows: FactRows;
  words: Uint32Array;
  /** The id asked for, as text. */
  person: string;
  head: number;
  /** First word of the person's facts, and the one after their last. */
  start: number;
  end: number;
  /** The request's instant, in milliseconds. */
  at: number;
  school: number;
  academy: number;
  region: number;
  /** The number of the pupil that the resource is about, once a rule asked for it; {@link UNREAD} before. */
  pupil: number;
}

const UNREAD = -2;

/** An empty question over a replica. */
export function openIntegerSubject(replica: FactsReplica): IntegerSubject {
  const { rows } = replica;
  const places = { school: UNKNOWN, academy: UNKNOWN, region: UNKNOWN };
  const facts = { words: rows.words(), person: '', head: 0, start: 0, end: 0, at: 0 };
  return { replica, rows, ...facts, ...places, pupil: UNREAD };
}

/** Where each school is, as numbers: what makes academy and region roles reach it. */
export interface IntegerPlaces {
  /** Puts the place of a resource into a question. What the module says of the academy of a school counts for nothing. */
  find(subject: IntegerSubject, resource: Resource): void;
}

/** Reads the schools of a replica as numbers, again when they change. */
export function openIntegerPlaces(replica: FactsReplica): IntegerPlaces {
  const { domains } = replica.rows;
  let read: FactsReplica['schools'] | undefined;
  let academies: number[] = [];
  let regions: number[] = [];
  const readSchools = (): void => {
    read = replica.schools;
    academies = [];
    regions = [];
    for (const [school, { academy, region }] of read) {
      const number = domains.number(school);
      academies[number] = domains.number(academy);
      regions[number] = domains.number(region);
    }
  };
  return {
    find(subject, resource) {
      if (read !== replica.schools) readSchools();
      const { school } = resource;
      if (school === undefined) {
        subject.school = UNKNOWN;
        subject.academy = resource.academy === undefined ? UNKNOWN : domains.find(resource.academy);
        subject.region = resource.region === undefined ? UNKNOWN : domains.find(resource.region);
        return;
      }
      const number = domains.find(school);
      subject.school = number;
      subject.academy = academies[number] ?? UNKNOWN;
      subject.region = regions[number] ?? UNKNOWN;
    },
  };
}

/** Puts a request into a question. @returns false when the person is not known. */
export function readQuestion(
  subject: IntegerSubject,
  places: IntegerPlaces,
  request: DecisionRequest,
  resource: Resource,
): boolean {
  const number = subject.rows.table.find(request.subject);
  return readNumbered(subject, places, request, resource, number, UNREAD);
}

/** {@link readQuestion} for a person and a pupil whose numbers were found already; {@link UNKNOWN} for none. */
export function readNumbered(
  subject: IntegerSubject,
  places: IntegerPlaces,
  request: DecisionRequest,
  resource: Resource,
  person: number,
  pupil: number,
): boolean {
  const { rows } = subject;
  const number = person === UNKNOWN ? UNKNOWN : rows.follow(person);
  const head = number === UNKNOWN ? 0 : rows.table.head(number);
  if (head === 0) return false;
  subject.words = rows.words();
  subject.person = number === person ? request.subject : rows.table.read(number);
  subject.head = head;
  subject.start = rows.table.start(number);
  subject.end = subject.start + countOf(head) * 2;
  subject.at = request.environment.now.getTime();
  places.find(subject, resource);
  subject.pupil = pupil;
  return true;
}

/** The number of the class or group of the resource, in its school. Read when a rule asks: most people teach nothing. */
export function divisionOf({ rows, school }: IntegerSubject, { division }: Resource): number {
  if (division === undefined || school === UNKNOWN) return UNKNOWN;
  const name = rows.names.find(division);
  return name === UNKNOWN ? UNKNOWN : rows.divisions.find(school, name);
}

/** The number of the pupil of the resource. */
export function pupilOf(subject: IntegerSubject, { pupil }: Resource): number {
  if (subject.pupil === UNREAD)
    subject.pupil = pupil === undefined ? UNKNOWN : subject.rows.table.find(pupil);
  return subject.pupil;
}
