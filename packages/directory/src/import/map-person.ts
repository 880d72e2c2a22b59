import type { Degree } from '../aaf/file-name.ts';
import type { FeedRecord } from '../aaf/read-file.ts';
import { parseFeedDay } from '../aaf/values.ts';
import type { Findings } from './findings.ts';
import type { Staging } from './staging.ts';

/** What mapping a record needs: where rows and findings go, and which feed this is. */
export interface Mapping {
  readonly degree: Degree;
  readonly staging: Staging;
  readonly findings: Findings;
  /** Academy codes that school records name. */
  readonly academies: Set<string>;
  /** Records so far, which orders them. */
  number: number;
}

/** The first value of an attribute. */
export const first = (record: FeedRecord, name: string): string | undefined =>
  record.attributes.get(name)?.[0];

/** All values of an attribute. */
export const all = (record: FeedRecord, name: string): readonly string[] => record.attributes.get(name) ?? [];

const MAX_NAME = 100;

/** Stages what every person has; false when the record is refused, and then nothing else of it is staged. */
export function mapPerson(
  record: FeedRecord,
  person: {
    readonly category: 'pupil' | 'relative' | 'staff';
    readonly school?: string;
    readonly mail?: string;
    readonly teaches?: boolean;
    /** Keys of the schools that they direct, with spaces between. */
    readonly directs?: string;
  },
  mapping: Mapping,
): boolean {
  const { findings, staging } = mapping;
  const { id } = record;
  if ((first(record, 'ENTPersonJointure') ?? id) !== id) {
    findings.refuse('key_mismatch', id);
    return false;
  }
  const family =
    first(record, 'sn') ?? first(record, 'ENTPersonNom') ?? first(record, 'ENTPersonNomPatro') ?? '';
  const given = first(record, 'givenName') ?? first(record, 'ENTPersonPrenom') ?? '';
  if (family === '') {
    findings.refuse('name_missing', id);
    return false;
  }
  if (family.length > MAX_NAME || given.length > MAX_NAME) {
    findings.refuse('name_too_long', id);
    return false;
  }
  const birth = first(record, 'ENTPersonDateNaissance');
  const birthDate = birth === undefined ? undefined : parseFeedDay(birth);
  if (birth !== undefined && !birthDate) findings.add('birth_date_malformed', id);
  staging.add(
    'people',
    mapping.number,
    person.category,
    id,
    person.school,
    given,
    family,
    birthDate,
    person.mail,
    person.teaches === undefined ? undefined : String(person.teaches),
    person.directs,
  );
  return true;
}
