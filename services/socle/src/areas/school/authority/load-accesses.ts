import { openLogReader, type ReadEvent } from '@socle/audit';
import { loadSchools, loadPersonFacts, type AuthorityReview } from '@socle/directory';
import type { SchoolId } from '@socle/base';
import type { Visit } from '../../visit.ts';
import { historyStrings } from './history-strings.ts';
import { pupilPlaces } from './open-authority.ts';

const PAGE = 200;
const MOST_PAGES = 5;

/** What an adult read or did about a child in the time that a review is about. */
export interface Accesses {
  /** Newest first. */
  readonly events: readonly ReadEvent[];
  /** There were more events about the child than are read. */
  readonly isTruncated: boolean;
}

/** Reads the log of the controllers of the child's schools, in the visitor's name; each page read is an event of its own. */
export async function loadAccesses(visit: Visit, review: AuthorityReview): Promise<Accesses> {
  const { socle, session, now, language } = visit;
  const schools = await socle.database.transaction(
    async (tx) => {
      const ids = pupilPlaces(await loadPersonFacts(tx, review.child, now)) as SchoolId[];
      return ids.length === 0 ? [] : loadSchools(tx, { ids });
    },
    { scope: 'all', readOnly: true },
  );
  const scope = [...new Set(schools.map(({ controller }) => controller))];
  if (scope.length === 0) return { events: [], isTruncated: false };
  const reader = openLogReader(socle);
  const reading = {
    reader: { kind: 'person', id: session.personId },
    controller: scope[0]!,
    purpose: historyStrings[language].purpose,
    scope,
  } as const;
  const events: ReadEvent[] = [];
  let after: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const found = await reader.search(reading, {
      person: review.child,
      as: 'subject',
      from: review.since,
      to: review.until,
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    events.push(...found.events.filter(({ actor }) => actor.personId === review.adult));
    after = found.next;
    if (after === undefined) break;
  }
  return { events, isTruncated: after !== undefined };
}
