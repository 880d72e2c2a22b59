import type { FactsReplica } from '@socle/authorization';
import type { Clock, PersonId } from '@socle/base';
import type { Database, Tx } from '@socle/db';
import { loadAuthorizationChanges } from '../people/load-authorization-changes.ts';
import { loadPeopleRows, loadSchoolPlaces } from './load-people-rows.ts';

/** How a replica stands after it was brought up to date: `gap` means that it must be loaded again. */
export type FollowedFacts = 'current' | 'moved' | 'gap';

/**
 * Brings a replica to the revision in force: reads again those whose facts changed since its own, of one instant of the
 * database. A revision that is missing, or that changed more people than are named, is a gap: nothing is changed then.
 */
export async function followFacts(
  database: Database,
  replica: FactsReplica,
  clock: Clock,
): Promise<FollowedFacts> {
  const since = replica.revision;
  const read = await database.transaction(
    async (tx) => {
      const { revision, people } = await loadAuthorizationChanges(tx, since);
      if (people === 'everybody') return 'gap';
      if (revision === since) return 'current';
      const at = clock.now();
      const changed = await loadPeopleRows(tx, [...people], at);
      const known = new Set<string>(changed.map(({ person }) => person));
      return {
        since,
        revision,
        at,
        changed,
        removed: [...people].filter((person: PersonId) => !known.has(person)),
        ...(await readSchools(tx, replica)),
      };
    },
    { scope: 'all', readOnly: true, isolation: 'repeatable read' },
  );
  if (typeof read === 'string') return read;
  return replica.apply(read) ? 'moved' : 'gap';
}

/** Every school, when there are more or fewer: a school that is opened moves the revision and names nobody. */
async function readSchools(
  tx: Tx,
  { schools }: FactsReplica,
): Promise<Pick<FactsReplica, 'schools'> | object> {
  const [counted] = await tx.query<{ schools: number }>(
    'SELECT count(*)::int AS schools FROM directory.schools',
  );
  return counted!.schools === schools.size ? {} : { schools: await loadSchoolPlaces(tx) };
}
