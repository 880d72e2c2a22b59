import type { Clock, Log } from '@socle/base';
import type { Database, Queryable } from '@socle/db';
import type { ProviderGate } from './provider-gate.ts';

/** NOTIFY channel: something was appended to the notices of ended sessions. A hint; polling is the truth. */
export const SESSIONS_ENDED_CHANNEL = 'socle_sessions_ended';

/** A session of one service that ended. */
export interface EndedSession {
  readonly clientId: string;
  /** The `sid` of the service's ID tokens (OpenID Connect Back-Channel Logout §2.1). */
  readonly sid: string;
  readonly endedAt: Date;
}

/** Sessions that ended after a cursor, oldest first. */
export interface EndedSessions {
  /** Where to go on from. */
  readonly cursor: string;
  readonly ended: readonly EndedSession[];
}

/** How one service was told that a session ended. */
export interface SignOutResult {
  readonly clientId: string;
  /** `silent`: it has no address for that and learns by asking. `waiting`: it will be called again. */
  readonly status: 'silent' | 'waiting' | 'delivered' | 'given_up';
  readonly attempts: number;
  readonly answeredAt?: Date;
}

const MAX_ENDED = 1_000;
const MAX_DELIVERIES = 100;
// After the first call, which follows the end at once: 30 s, 2 min, 10 min, 30 min, 2 h, 6 h, 12 h, then never.
const RETRY_SECONDS = [30, 120, 600, 1_800, 7_200, 21_600, 43_200] as const;

/**
 * Sessions of services that ended after `cursor`, in the order of their commits, a thousand at most: what a stream
 * carries to the modules. Without a cursor: none, and the cursor of now.
 */
export async function sessionsEndedSince(db: Queryable, cursor?: string): Promise<EndedSessions> {
  if (cursor === undefined) {
    const [row] = await db.query<{ head: string | null }>(
      'SELECT max(position)::text AS head FROM identity.session_notices',
    );
    return { cursor: row?.head ?? '0', ended: [] };
  }
  const rows = await db.query<{ position: string; client_id: string; sid: string | null; ended_at: Date }>(
    `SELECT position::text, client_id, sid, ended_at FROM identity.session_notices
      WHERE position > $1::bigint ORDER BY position LIMIT ${MAX_ENDED}`,
    [cursor],
  );
  return {
    cursor: rows.at(-1)?.position ?? cursor,
    ended: rows.flatMap((row) =>
      row.sid === null ? [] : [{ clientId: row.client_id, sid: row.sid, endedAt: row.ended_at }],
    ),
  };
}

/** How each service of a session was told that it ended; kept for a week. */
export async function loadSignOutResults(
  db: Queryable,
  sessionId: string,
): Promise<readonly SignOutResult[]> {
  const rows = await db.query<{
    client_id: string;
    status: SignOutResult['status'];
    attempts: number;
    answered_at: Date | null;
  }>(
    `SELECT client_id, status, attempts, answered_at FROM identity.session_notices
      WHERE session_id = $1 ORDER BY position`,
    [sessionId],
  );
  return rows.map((row) => ({
    clientId: row.client_id,
    status: row.status,
    attempts: row.attempts,
    ...(row.answered_at && { answeredAt: row.answered_at }),
  }));
}

/** What delivers back-channel logout. */
export interface NoticeDelivery {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly gate: () => Pick<ProviderGate, 'sendLogout'>;
}

/**
 * Calls the services that wait to be told (OpenID Connect Back-Channel Logout §2.5): those of one session, or all
 * whose time has come. A service that does not answer is called again, later and later, for a day.
 */
export async function deliverNotices(
  { database, clock, log, gate }: NoticeDelivery,
  only?: { readonly sessionId: string },
): Promise<{ notified: number; unreachable: number }> {
  const now = clock.now();
  // Claimed by moving the next attempt: another instance leaves them alone, and a crash only delays them.
  const due = await database.query<{
    position: string;
    account_id: string;
    client_id: string;
    sid: string | null;
    attempts: number;
  }>(
    `UPDATE identity.session_notices SET attempts = attempts + 1,
            next_attempt_at = $1::timestamptz
              + make_interval(secs => ($2::int[])[least(attempts + 1, cardinality($2::int[]))])
      WHERE position IN (
        SELECT position FROM identity.session_notices
         WHERE status = 'waiting' AND next_attempt_at <= $1 AND ($3::uuid IS NULL OR session_id = $3)
         ORDER BY next_attempt_at LIMIT ${MAX_DELIVERIES} FOR UPDATE SKIP LOCKED)
     RETURNING position::text, account_id, client_id, sid, attempts`,
    [now, RETRY_SECONDS, only?.sessionId ?? null],
  );
  const results = await Promise.all(
    due.map(async (notice) => {
      const delivered = await gate()
        .sendLogout(notice.client_id, notice.account_id, notice.sid ?? undefined)
        .then(
          () => true,
          () => false,
        );
      const status = delivered
        ? 'delivered'
        : notice.attempts > RETRY_SECONDS.length
          ? 'given_up'
          : 'waiting';
      await database.query(
        'UPDATE identity.session_notices SET status = $2, answered_at = $3 WHERE position = $1::bigint',
        [notice.position, status, delivered ? clock.now() : null],
      );
      if (!delivered) log.warn({ client: notice.client_id, status }, 'a service did not answer a sign-out');
      return delivered;
    }),
  );
  const notified = results.filter(Boolean).length;
  return { notified, unreachable: results.length - notified };
}
