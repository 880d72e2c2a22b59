import type { Database } from '@socle/db';

// A used code or refresh token is kept this long past its end, so that a late second use still burns its family.
const GRACE = '1 day';

/** Deletes what is past its time; gives the number of rows. */
export async function sweepExpired(database: Database, now: Date): Promise<number> {
  const [row] = await database.query<{ swept: number }>(
    `WITH
       rows AS (DELETE FROM identity.provider_rows WHERE expires_at < $1::timestamptz - interval '${GRACE}' RETURNING 1),
       seen AS (DELETE FROM identity.seen_ids WHERE expires_at < $1 RETURNING 1),
       attempts AS (DELETE FROM identity.throttles WHERE window_ends_at < $1 RETURNING 1),
       idle AS (DELETE FROM identity.sessions WHERE idle_expires_at < $1 RETURNING 1)
     SELECT (SELECT count(*) FROM rows) + (SELECT count(*) FROM seen) + (SELECT count(*) FROM attempts)
          + (SELECT count(*) FROM idle) AS swept`,
    [now],
  );
  return row?.swept ?? 0;
}
