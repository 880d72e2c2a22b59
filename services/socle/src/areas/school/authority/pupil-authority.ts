import { isUuid, type PersonId } from '@socle/base';
import {
  findCurrentPerson,
  loadAuthorityHistory,
  loadFamily,
  loadPersonCards,
  loadPersonFacts,
  type AuthorityRecord,
  type FamilyMember,
  type Person,
  type PersonCard,
  type School,
} from '@socle/directory';
import type { Visit } from '../../visit.ts';
import { mayAbout, pupilPlaces, type OpenAuthority } from './open-authority.ts';

/** A pupil and what is known of the authority over them. */
export interface PupilAuthority {
  readonly pupil: Person;
  /** The school in whose name the visitor acts. */
  readonly school: School;
  readonly family: readonly FamilyMember[];
  readonly history: readonly AuthorityRecord[];
  readonly cards: ReadonlyMap<PersonId, PersonCard>;
}

/** @throws ServiceError `access_denied` (403), logged, for those who may read about no pupil of any school of theirs. */
export async function requireReading(visit: Visit): Promise<void> {
  const { schools } = visit.context;
  const places = schools.map(({ id }) => ({ type: 'directory.authority', school: id }));
  const open = places.find((place) => visit.may('directory.authority.read', place));
  await visit.requireMay('directory.authority.read', open ?? places[0] ?? { type: 'directory.authority' });
}

/**
 * The pupil whom the address names, and writes in the log that their entry was read.
 *
 * @throws ServiceError `access_denied` (403), logged; also for an address that names no pupil.
 */
export async function loadPupil(visit: Visit, action: string): Promise<PupilAuthority> {
  const { socle, now, context, session } = visit;
  const given = visit.params['pupil'];
  const found = isUuid(given)
    ? await socle.database.transaction(
        async (tx) => {
          const pupil = await findCurrentPerson(tx, given as string as PersonId);
          return pupil && { pupil, places: pupilPlaces(await loadPersonFacts(tx, pupil.id, now)) };
        },
        { scope: 'all', readOnly: true },
      )
    : undefined;
  const school =
    found &&
    context.schools.find(
      ({ id }) => found.places.includes(id) && mayAbout(visit, action, found.pupil.id, [id]),
    );
  const decision = await visit.requireMay(action, {
    type: 'directory.authority',
    ...(school && { school: school.id, pupil: found.pupil.id }),
    ...(!school && found?.places[0] && { school: found.places[0], pupil: found.pupil.id }),
  });
  if (!found || !school) throw new Error('the rules allowed what is nowhere');
  const { pupil } = found;
  return socle.database.transaction(
    async (tx) => {
      const family = await loadFamily(tx, pupil.id, now);
      const history = await loadAuthorityHistory(tx, pupil.id);
      const people = [
        ...family.map(({ adult }) => adult),
        ...history.flatMap(({ adult, recordedBy, confirmedBy }) => [adult, recordedBy, confirmedBy]),
      ].filter((each) => each !== undefined);
      await socle.audit.append(tx, {
        controller: school.controller,
        actor: { kind: 'person', id: session.personId },
        action: 'directory.person.read',
        target: { kind: 'person', id: pupil.id },
        outcome: 'success',
        session: session.id,
        ...(decision.rule === undefined ? {} : { reason: decision.rule }),
      });
      return { pupil, school, family, history, cards: await loadPersonCards(tx, people, now) };
    },
    { scope: 'all' },
  );
}

/** The names of everybody whom open decisions and reviews speak of. */
export async function loadNames(
  { socle, now }: Visit,
  { requests, reviews }: OpenAuthority,
): Promise<ReadonlyMap<PersonId, PersonCard>> {
  const people = [
    ...requests.flatMap(({ decision, enteredBy }) => [decision.child, decision.adult, enteredBy]),
    ...reviews.flatMap(({ child, adult }) => [child, adult]),
  ];
  return socle.database.transaction((tx) => loadPersonCards(tx, [...new Set(people)], now), {
    scope: 'all',
    readOnly: true,
  });
}
