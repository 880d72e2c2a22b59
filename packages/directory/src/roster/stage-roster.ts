import type { Tx } from '@socle/db';
import { openStaging, type Staging } from '../import/staging.ts';
import type { Roster, RosterDivision, RosterPerson, RosterSchool } from './roster-record.ts';

const DRAIN_EVERY = 500;

/** Writes a roster into the staging tables, where everything after is the same as for AAF. */
export async function stageRoster(tx: Tx, roster: Roster): Promise<void> {
  const staging = openStaging(tx);
  for (const school of roster.schools) stageSchool(staging, school);
  for (const division of roster.divisions) stageDivision(staging, division);
  const subjects = new Map<string, string>();
  let number = 0;
  for (const person of roster.people) {
    number += 1;
    stagePerson(staging, person, number);
    for (const { subject } of person.teaches) if (subject) subjects.set(subject.code, subject.name);
    if (number % DRAIN_EVERY === 0) await staging.drain();
  }
  for (const [code, name] of subjects) staging.add('subjects', code, name);
  await staging.flush();
}

function stageSchool(staging: Staging, school: RosterSchool): void {
  staging.add('schools', school.key, school.uai, school.name ?? school.uai, school.kind ?? 'other');
}

function stageDivision(staging: Staging, { school, kind, code, name }: RosterDivision): void {
  staging.add('divisions', school, kind, code, name);
}

function stagePerson(staging: Staging, person: RosterPerson, number: number): void {
  const { key, category } = person;
  const roles = new Map<string, string>();
  const give = (school: string, role: string) => roles.set(`${school}\t${role}`, role);
  for (const { school, role } of person.roles) give(school, role);
  for (const { division } of person.teaches) give(division.school, 'teacher');
  for (const division of person.headOf) give(division.school, 'head_teacher');
  const teaches = category === 'staff' ? String([...roles.values()].includes('teacher')) : undefined;
  // No mailbox: a key of that kind would let an academy's portal sign somebody in as this person.
  staging.add(
    'people',
    number,
    category,
    key,
    person.school,
    person.givenName,
    person.familyName,
    person.birthDate,
    undefined,
    teaches,
    undefined,
  );
  for (const { school, kind, code } of person.memberOf) staging.add('members', key, school, kind, code);
  for (const [place, role] of roles) staging.add('roles', key, place.split('\t')[0], role, undefined);
  for (const { division, subject } of person.teaches) {
    staging.add('teaching', key, division.school, division.kind, division.code, subject?.code);
  }
  for (const { school, code } of person.headOf) staging.add('heads', key, school, code);
  for (const { child, kind, relation } of person.children) staging.add('links', child, key, kind, relation);
}
