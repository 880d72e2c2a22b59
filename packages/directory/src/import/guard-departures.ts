import type { Tx } from '@socle/db';
import type { Degree } from '../aaf/file-name.ts';
import { refuse } from '../errors.ts';

/** Share of the known people that one complete feed may stop naming before a person must confirm it. */
export const MAX_DEPARTURES = 0.05;

/**
 * Compares the staged feed with the people whom earlier feeds of this academy and degree named.
 *
 * @throws DirectoryError `feed_departures_exceed_guard` when more than 5 % of them are missing, unless forced.
 */
export async function guardDepartures(
  tx: Tx,
  feed: { readonly academyCode: string; readonly degree: Degree; readonly force: boolean },
): Promise<void> {
  const [row] = await tx.query<{ known: number; missing: number }>(
    `SELECT count(*)::int AS known, (count(*) FILTER (WHERE p.key IS NULL))::int AS missing
     FROM directory.join_keys j JOIN directory.academies a ON a.id = j.academy_id AND a.code = $1
     LEFT JOIN (SELECT DISTINCT key FROM directory.staged_people) p ON p.key = substr(j.value, length($1) + 2)
     WHERE j.kind = 'aaf' AND j.degree = $2 AND j.missing_since IS NULL`,
    [feed.academyCode, feed.degree],
  );
  const { known, missing } = row!;
  if (feed.force || missing <= known * MAX_DEPARTURES) return;
  throw refuse(
    'feed_departures_exceed_guard',
    409,
    `This feed no longer names ${missing} of the ${known} people known here, more than 5 %. If that is right, import it again with --force.`,
    { known, missing },
  );
}
