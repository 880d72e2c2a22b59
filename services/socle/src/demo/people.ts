import { invariant, type ControllerId, type PersonId, type SchoolId } from '@socle/base';
import type { Tx } from '@socle/db';
import {
  createGuest,
  createPerson,
  findPersonByJoinKey,
  grantRole,
  loadAcademies,
  loadSchools,
  setGuardianAuthority,
  type Academy,
  type School,
  type WriteContext,
} from '@socle/directory';
import type { Socle } from '../compose.ts';
import type { DemoAccount, DemoAct } from './accounts.ts';
import { DEMO_ACADEMY } from './territory.ts';

const DAY_MS = 86_400_000;

/** What the demo's acts refer to. */
interface Places {
  readonly academy: Academy;
  school(uai: string): School;
}

/** Usernames that already have an account, with the person behind. */
export type KnownPeople = ReadonlyMap<string, PersonId>;

/** Finds or makes the person of one demo account, and applies what is to be done for them, in one transaction. */
export async function preparePerson(
  socle: Socle,
  account: DemoAccount,
  known: KnownPeople,
): Promise<PersonId> {
  return socle.database.transaction(
    async (tx) => {
      const context: WriteContext = {
        audit: socle.audit,
        author: { kind: 'system', id: 'demo' },
        at: socle.clock.now(),
      };
      const places = await loadPlaces(tx);
      const person = await findOrCreate(tx, account, places, known, context);
      for (const act of account.acts) await apply(tx, act, person, places, known, context);
      return person;
    },
    { scope: 'all' },
  );
}

async function loadPlaces(tx: Tx): Promise<Places> {
  const academy = (await loadAcademies(tx)).find(({ code }) => code === DEMO_ACADEMY);
  invariant(academy, 'the demo academy has been imported');
  const schools = await loadSchools(tx);
  return {
    academy,
    school(uai) {
      const school = schools.find((candidate) => candidate.uai === uai);
      invariant(school, `the demo school ${uai} has been imported`);
      return school;
    },
  };
}

async function findOrCreate(
  tx: Tx,
  { origin }: DemoAccount,
  places: Places,
  known: KnownPeople,
  context: WriteContext,
): Promise<PersonId> {
  if (origin.kind === 'feed') return requireFromFeed(tx, origin.joinKey);
  if (origin.kind === 'created') {
    const controller: ControllerId = origin.school
      ? places.school(origin.school).controller
      : places.academy.controller;
    return createPerson(tx, { ...origin, controller }, context);
  }
  const until = new Date(context.at.getTime() + origin.stayDays * DAY_MS);
  return createGuest(
    tx,
    {
      givenName: origin.givenName,
      familyName: origin.familyName,
      school: places.school(origin.school).id,
      sponsor: requireKnown(known, origin.sponsor),
      until,
      reason: origin.reason,
    },
    context,
  );
}

async function apply(
  tx: Tx,
  act: DemoAct,
  person: PersonId,
  places: Places,
  known: KnownPeople,
  context: WriteContext,
): Promise<void> {
  if (act.kind === 'grant-role') {
    const domain: { school: SchoolId } | { academy: Academy['id'] } = act.school
      ? { school: places.school(act.school).id }
      : { academy: places.academy.id };
    await grantRole(tx, { person, role: act.role, domain, reason: act.reason }, context);
    return;
  }
  await setGuardianAuthority(
    tx,
    {
      adult: person,
      child: await requireFromFeed(tx, act.child),
      exercise: act.exercise,
      validFrom: context.at,
      recordedBy: requireKnown(known, act.recordedBy),
      confirmedBy: requireKnown(known, act.confirmedBy),
      evidenceReference: act.evidenceReference,
    },
    context,
  );
}

async function requireFromFeed(tx: Tx, joinKey: string): Promise<PersonId> {
  const person = await findPersonByJoinKey(tx, { kind: 'aaf', value: `${DEMO_ACADEMY}-${joinKey}` });
  invariant(person, `the demo feed has the person ${joinKey}`);
  return person.id;
}

function requireKnown(known: KnownPeople, username: string): PersonId {
  const person = known.get(username);
  invariant(person, `the demo account ${username} comes before those that name it`);
  return person;
}
