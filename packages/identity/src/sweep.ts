import type { Database } from '@socle/db';
import { ANSWER_KEPT_SECONDS } from './refresh-answers.ts';
import { takeSessions } from './session-store.ts';

/**
 * Deletes what is past its time; gives the number of rows. A used code or refresh token stays until its own end, so
 * that a second use in that time still burns the family; after it, the provider refuses it as expired anyway.
 */
export async function sweepExpired(database: Database, now: Date): Promise<number> {
  // First, with their notices: the services of a session that nobody visits any more are told too.
  const idle = await takeSessions(database, { idleAt: now }, now);
  const [row] = await database.query<{ swept: number }>(
    `WITH
       rows AS (DELETE FROM identity.provider_rows WHERE expires_at < $1 RETURNING 1),
       answers AS (DELETE FROM identity.refresh_answers WHERE given_at < $2 RETURNING 1),
       seen AS (DELETE FROM identity.seen_ids WHERE expires_at < $1 RETURNING 1),
       attempts AS (DELETE FROM identity.throttles WHERE window_ends_at < $1 RETURNING 1),
       spent AS (DELETE FROM identity.spent_work WHERE expires_at < $1 RETURNING 1),
       stages AS (DELETE FROM identity.sign_in_stages WHERE expires_at < $1 RETURNING 1),
       vouched AS (DELETE FROM identity.colleague_requests WHERE expires_at < $1 RETURNING 1),
       codes AS (DELETE FROM identity.one_time_codes WHERE expires_at < $1 RETURNING 1),
       unused AS (DELETE FROM identity.registration_tokens WHERE expires_at < $1 RETURNING 1),
       graph AS (DELETE FROM identity.sessions WHERE idle_expires_at < $1 RETURNING 1),
       notices AS (DELETE FROM identity.session_notices
                    WHERE ended_at < $1::timestamptz - interval '7 days' RETURNING 1)
     SELECT (SELECT count(*) FROM rows) + (SELECT count(*) FROM seen) + (SELECT count(*) FROM attempts)
          + (SELECT count(*) FROM stages) + (SELECT count(*) FROM unused) + (SELECT count(*) FROM codes)
          + (SELECT count(*) FROM answers) + (SELECT count(*) FROM graph) + (SELECT count(*) FROM notices) AS swept`,
    [now, new Date(now.getTime() - ANSWER_KEPT_SECONDS * 1000)],
  );
  return idle.length + (row?.swept ?? 0);
}
