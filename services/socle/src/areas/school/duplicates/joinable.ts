import type { PersonId } from '@socle/base';
import {
  loadMemberships,
  loadMerges,
  loadPersonFacts,
  proposeDuplicates,
  type MergeRecord,
  type ProposedDuplicate,
  type School,
} from '@socle/directory';
import type { Tx } from '@socle/db';
import type { Visit } from '../../visit.ts';

/** Where an entry stands now, for those who compare two. */
export interface EntryPlaces {
  /** Those over more than a school have no school. */
  readonly roles: readonly { readonly role: string; readonly school?: string }[];
  readonly classes: readonly string[];
}

/** One pair to look at. */
export interface Pair extends ProposedDuplicate {
  readonly places: readonly [EntryPlaces, EntryPlaces];
}

/** The schools in which this person may say that two entries are one person. */
export function listJoiningSchools(visit: Pick<Visit, 'context' | 'may'>): readonly School[] {
  return visit.context.schools.filter(({ id }) =>
    visit.may('directory.school.join_entries', { type: 'directory.school', school: id }),
  );
}

/** Pairs of these schools that this person may decide on, likeliest first. Needs the scope of all. */
export async function loadPairs(tx: Tx, visit: Visit): Promise<readonly Pair[]> {
  const pairs = new Map<string, Pair>();
  for (const { id } of listJoiningSchools(visit)) {
    for (const found of await proposeDuplicates(tx, { school: id, at: visit.now })) {
      const places = [
        await loadPlaces(tx, visit, found.one.id),
        await loadPlaces(tx, visit, found.other.id),
      ] as const;
      if (isOwnPair(visit, places)) pairs.set(`${found.one.id} ${found.other.id}`, { ...found, places });
    }
  }
  return [...pairs.values()].toSorted((a, b) => b.score - a.score);
}

/** Joins made among the people of these schools, latest first. */
export async function loadMade(tx: Tx, visit: Visit): Promise<readonly MergeRecord[]> {
  const made: MergeRecord[] = [];
  for (const merge of await loadMerges(tx)) {
    const place = await loadPlaces(tx, visit, merge.survivor);
    if (isOwnPair(visit, [place, place])) made.push(merge);
  }
  return made;
}

/**
 * Both entries are of this person's schools, or of none any more: whoever also acts elsewhere, or over an academy, would
 * bring rights that are not the school's to give.
 */
function isOwnPair(visit: Visit, places: readonly [EntryPlaces, EntryPlaces]): boolean {
  const own = new Set<string>(listJoiningSchools(visit).map(({ id }) => id));
  const roles = places.flatMap((place) => place.roles);
  return roles.length > 0 && roles.every(({ school }) => school !== undefined && own.has(school));
}

async function loadPlaces(tx: Tx, { now }: Visit, person: PersonId): Promise<EntryPlaces> {
  const facts = await loadPersonFacts(tx, person, now);
  return {
    roles: facts.roles
      .filter(({ from }) => from === undefined || from <= now)
      .map(({ role, scope, domain }) => ({ role, ...(scope === 'school' ? { school: domain } : {}) })),
    classes: (await loadMemberships(tx, person, now)).map(({ name }) => name),
  };
}
