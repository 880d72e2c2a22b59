import type { Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import type { PlannedFeed } from './plan.ts';

/** Share of the known people that one feed may stop naming, or take away, before a person must confirm it. */
const MAX_DEPARTURES = 0.05;

/**
 * Compares the staged feed with the people whom earlier feeds of this academy and degree, or of this source, named.
 *
 * @throws DirectoryError `feed_departures_exceed_guard` when more than 5 % of them are missing, unless forced.
 */
export async function guardDepartures(
  tx: Tx,
  run: {
    readonly keySpace: string;
    readonly feed: Pick<PlannedFeed, 'kind' | 'degree'>;
    readonly force: boolean;
  },
): Promise<void> {
  const delta = run.feed.kind === 'delta';
  const [row] = await tx.query<{ known: number; missing: number }>(
    `SELECT count(*)::int AS known, (count(*) FILTER (WHERE ${delta ? 'g.key IS NOT NULL' : 'p.key IS NULL'}))::int AS missing
     FROM directory.join_keys j
     LEFT JOIN (SELECT DISTINCT key FROM directory.staged_people) p ON p.key = substr(j.value, length($1) + 2)
     LEFT JOIN (SELECT DISTINCT category, key FROM directory.staged_departures) g
       ON g.key = substr(j.value, length($1) + 2) AND g.category = j.category
     WHERE j.kind = directory.import_keys() AND starts_with(j.value, $1 || '-') AND j.degree = $2 AND j.missing_since IS NULL`,
    [run.keySpace, run.feed.degree],
  );
  const { known, missing } = row!;
  if (run.force || missing <= known * MAX_DEPARTURES) return;
  throw refuse(
    'feed_departures_exceed_guard',
    409,
    `This feed no longer names ${missing} of the ${known} people known here, more than 5 %. If that is right, import it again with --force.`,
    { known, missing },
  );
}
