import type { Resource } from '@socle/authorization';
import { isUuid, type PersonId, type SchoolId } from '@socle/base';
import {
  findCurrentPerson,
  loadChildren,
  loadClassesTaught,
  loadFamily,
  loadHeadTeacherOf,
  loadMemberships,
  loadPersonCards,
  loadPersonFacts,
  loadSchools,
  type Child,
  type ClassTaught,
  type Division,
  type FamilyMember,
  type Person,
  type PersonCard,
  type School,
} from '@socle/directory';
import type { Visit } from '../../visit.ts';

/** The entry of one person, as far as the rules show it to who looks. */
export interface Entry {
  readonly person: Person;
  /** Schools in which the rules open the entry, with what is held there. */
  readonly places: readonly { readonly school: School; readonly roles: readonly string[] }[];
  readonly memberOf: readonly Division[];
  readonly teaches: readonly ClassTaught[];
  readonly headTeacherOf: readonly Division[];
  /** Of a pupil: undefined when the rules do not let this visitor know who exercises authority. */
  readonly family?: readonly (FamilyMember & { readonly card: PersonCard | undefined })[];
  readonly isPupil: boolean;
  /** Of a parent: the children whose entry this visitor may open. */
  readonly children: readonly Child[];
}

/**
 * Opens the entry that the address names, and writes in the log that it was read.
 *
 * @throws ServiceError `access_denied` (403), logged, for those who may not, and for an address that names nobody.
 */
export async function loadEntry(visit: Visit): Promise<Entry> {
  const { socle, now, session } = visit;
  const given = visit.params['person'];
  const found = isUuid(given) ? await loadAll(visit, given as PersonId) : undefined;
  if (!found) {
    await visit.requireMay('directory.person.read', { type: 'directory.person' });
    throw new Error('a resource without a school is nobody’s');
  }
  const { person, facts, schools } = found;
  const resources = placesOf(person.id, facts);
  const open = resources.filter((resource) => visit.may('directory.person.read', resource));
  const decision = await visit.requireMay(
    'directory.person.read',
    open[0] ?? resources[0] ?? { type: 'directory.person', id: person.id },
  );
  const openSchools = new Set(open.map(({ school }) => school));
  const isHere = ({ school }: { readonly school: string }) => openSchools.has(school);
  const places = schools
    .filter(({ id }) => openSchools.has(id))
    .map((school) => ({
      school,
      roles: [...new Set(found.roles.filter(({ domain }) => domain === school.id).map(({ role }) => role))],
    }));
  const isPupil = found.roles.some(({ role }) => role === 'pupil');
  const mayReadFamily =
    isPupil &&
    places.some(
      ({ school, roles }) => roles.includes('pupil') && mayReadAuthority(visit, school.id, person.id),
    );
  const entry = await socle.database.transaction(
    async (tx) => {
      const family = mayReadFamily ? await loadFamily(tx, person.id, now) : [];
      const cards = await loadPersonCards(
        tx,
        family.map(({ adult }) => adult),
        now,
      );
      const children = await loadChildren(tx, person.id, now);
      await socle.audit.append(tx, {
        controller: places[0]?.school.controller ?? person.controller,
        actor: { kind: 'person', id: session.personId },
        action: 'directory.person.read',
        target: { kind: 'person', id: person.id },
        outcome: 'success',
        session: session.id,
        ...(decision.rule === undefined ? {} : { reason: decision.rule }),
      });
      return {
        ...(mayReadFamily
          ? { family: family.map((each) => ({ ...each, card: cards.get(each.adult) })) }
          : {}),
        children: children.filter((child) => mayOpenChild(visit, child)),
      };
    },
    { scope: 'all' },
  );
  return {
    ...entry,
    person,
    places,
    isPupil,
    memberOf: found.memberOf.filter(isHere),
    teaches: found.teaches.filter(({ division }) => isHere(division)),
    headTeacherOf: found.headTeacherOf.filter(isHere),
  };
}

/** May the visitor know who exercises authority over this pupil of this school? */
function mayReadAuthority(visit: Visit, school: SchoolId, pupil: PersonId): boolean {
  return visit.may('directory.authority.read', { type: 'directory.authority', school, pupil });
}

/** Everything about a person, whatever the controller: what is shown is decided on it. */
async function loadAll({ socle, now }: Visit, id: PersonId) {
  return socle.database.transaction(
    async (tx) => {
      const person = await findCurrentPerson(tx, id);
      if (!person) return undefined;
      const facts = await loadPersonFacts(tx, person.id, now);
      const roles = facts.roles.filter(
        ({ scope, from }) => scope === 'school' && (from === undefined || from <= now),
      );
      const ids = [...new Set(roles.map(({ domain }) => domain as SchoolId))];
      return {
        person,
        facts,
        roles,
        schools: ids.length === 0 ? [] : await loadSchools(tx, { ids }),
        memberOf: await loadMemberships(tx, person.id, now),
        teaches: await loadClassesTaught(tx, person.id, now),
        headTeacherOf: await loadHeadTeacherOf(tx, person.id, now),
      };
    },
    { scope: 'all', readOnly: true },
  );
}

type Facts = NonNullable<Awaited<ReturnType<typeof loadAll>>>['facts'];

/** The entry as the rules judge it: once in each school, and of pupils once in each class too. */
function placesOf(id: PersonId, facts: Facts): readonly Resource[] {
  const base = { type: 'directory.person', id, pupil: id };
  const schools = facts.roles.filter(({ scope }) => scope === 'school').map(({ domain }) => domain);
  return [
    ...[...new Set(schools)].map((school): Resource => ({ ...base, school })),
    ...facts.memberOf.map(({ school, division }): Resource => ({ ...base, school, division })),
  ];
}

function mayOpenChild(visit: Visit, { child, schools, divisions }: Child): boolean {
  const base = { type: 'directory.person', id: child.id, pupil: child.id };
  const places = [
    ...schools.map((school): Resource => ({ ...base, school })),
    ...divisions.map(({ id, school }): Resource => ({ ...base, school, division: id })),
  ];
  return places.some((place) => visit.may('directory.person.read', place));
}
