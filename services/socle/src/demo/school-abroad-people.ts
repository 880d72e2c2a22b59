import { invariant, type PersonId, type SchoolId } from '@socle/base';
import type { Tx } from '@socle/db';
import {
  assignTeaching,
  createPerson,
  ensureAcademy,
  ensureController,
  ensureSubject,
  grantRole,
  joinDivision,
  loadSchools,
  openDivision,
  openSchool,
  schoolYearOf,
  searchPeople,
  setGuardianAuthority,
  type WriteContext,
} from '@socle/directory';
import type { Socle } from '../compose.ts';
import { demoSchoolAbroad } from './school-abroad.ts';

/** People of the school abroad, by username. */
export type PeopleAbroad = ReadonlyMap<string, PersonId>;

/** Finds the people of the school abroad, or makes it through the directory's writers, all in one transaction. */
export async function prepareSchoolAbroad(socle: Socle): Promise<PeopleAbroad> {
  return socle.database.transaction(
    async (tx) => {
      const context: WriteContext = {
        audit: socle.audit,
        author: { kind: 'system', id: 'demo' },
        at: socle.clock.now(),
      };
      const school = (await loadSchools(tx)).find(({ uai }) => uai === demoSchoolAbroad.school.uai);
      return school ? findPeople(tx, school.id, context.at) : makeSchool(tx, context);
    },
    { scope: 'all' },
  );
}

async function findPeople(tx: Tx, school: SchoolId, at: Date): Promise<PeopleAbroad> {
  const people = new Map<string, PersonId>();
  for (const { username, givenName, familyName } of demoSchoolAbroad.people) {
    const [person] = await searchPeople(tx, { school, text: `${givenName} ${familyName}`, at, limit: 1 });
    invariant(person, 'the school abroad was made whole');
    people.set(username, person.id);
  }
  return people;
}

async function makeSchool(tx: Tx, context: WriteContext): Promise<PeopleAbroad> {
  const { at } = context;
  const academy = await ensureAcademy(tx, { ...demoSchoolAbroad.academy, at });
  const controller = await ensureController(tx, { ...demoSchoolAbroad.controller, at });
  const school = await openSchool(
    tx,
    { ...demoSchoolAbroad.school, academy: academy.id, controller },
    context,
  );
  const division = await openDivision(tx, { ...demoSchoolAbroad.division, school }, context);
  const subject = await ensureSubject(tx, { ...demoSchoolAbroad.subject, academy: academy.id, at });
  const people = new Map<string, PersonId>();
  for (const entry of demoSchoolAbroad.people) {
    const birthDate =
      'birthYearsBefore' in entry ? `${schoolYearOf(at) - entry.birthYearsBefore}-03-15` : undefined;
    const person = await createPerson(
      tx,
      {
        givenName: entry.givenName,
        familyName: entry.familyName,
        controller,
        ...(birthDate ? { birthDate } : {}),
      },
      context,
    );
    people.set(entry.username, person);
    await grantRole(
      tx,
      { person, role: entry.role, domain: { school }, reason: 'Compte de démonstration' },
      context,
    );
    if ('teachesDivision' in entry) await assignTeaching(tx, { person, division, subject }, context);
    if ('memberOfDivision' in entry) await joinDivision(tx, { person, division }, context);
    if ('guardianOf' in entry) await declareGuardian(tx, person, entry.guardianOf, people, context);
  }
  return people;
}

async function declareGuardian(
  tx: Tx,
  adult: PersonId,
  childUsername: string,
  people: PeopleAbroad,
  context: WriteContext,
): Promise<void> {
  const [recordedBy, confirmedBy] = people.values();
  const child = people.get(childUsername);
  invariant(
    child && recordedBy && confirmedBy,
    'the school abroad lists its staff, then the child, then the guardian',
  );
  await setGuardianAuthority(
    tx,
    { adult, child, exercise: 'joint', validFrom: context.at, declaresLink: true, recordedBy, confirmedBy },
    context,
  );
}
