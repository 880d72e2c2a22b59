import type { Selectable } from 'kysely';
import { sha256, uuidv7 } from '@socle/base';
import { advisoryLockKey, type Queryable } from '@socle/db';
import { SESSIONS_ENDED_CHANNEL } from './session-notices.ts';
import { tables, type SessionRow } from './tables.ts';

/** A place in the session graph as it is stored. */
export type StoredSession = Selectable<SessionRow>;

/** What the provider saves of a session. */
export interface SavedSession {
  /** The cookie's value; only its hash is stored. */
  readonly id: string;
  readonly uid: string;
  readonly payload: Record<string, unknown>;
  /** The absolute end; the idle limit lives in the graph. */
  readonly expiresAt: Date;
  /** Missing while nobody has signed in. */
  readonly signIn?: {
    readonly accountId: string;
    readonly acr: string;
    readonly amr: readonly string[];
    readonly shared: boolean;
    readonly authenticatedAt: Date;
    readonly idleExpiresAt: Date;
    readonly deviceLabel: string;
  };
}

/**
 * Saves a session under its present id, in one statement with its place in the session graph: an earlier id of the
 * same session stops working at the same instant, whatever crashes.
 */
export async function saveSession(db: Queryable, session: SavedSession, now: Date): Promise<void> {
  const { signIn } = session;
  const row = [
    sha256(session.id),
    session.uid,
    JSON.stringify(session.payload),
    signIn?.accountId ?? null,
    session.expiresAt,
  ];
  const saveRow = `
    INSERT INTO identity.provider_rows (model, key, uid, payload, account_id, expires_at)
    VALUES ('Session', $1, $2, $3, $4, $5)
    ON CONFLICT (uid) WHERE model = 'Session' DO UPDATE
      SET key = excluded.key, payload = excluded.payload, account_id = excluded.account_id,
          expires_at = excluded.expires_at`;
  if (!signIn) {
    await db.query(saveRow, row);
    return;
  }
  await db.query(
    `WITH saved AS (${saveRow} RETURNING 1)
     INSERT INTO identity.sessions AS s (id, provider_uid, account_id, acr, amr, shared_computer, device_label,
       authenticated_at, created_at, last_seen_at, idle_expires_at, absolute_expires_at)
     SELECT $6, $2, $4::uuid, $7, $8, $9, $10, $11, $12, $12, least($13::timestamptz, $5), $5 FROM saved
     ON CONFLICT (provider_uid) DO UPDATE
       SET account_id = excluded.account_id, acr = excluded.acr, amr = excluded.amr,
           shared_computer = excluded.shared_computer, authenticated_at = excluded.authenticated_at,
           last_seen_at = excluded.last_seen_at, idle_expires_at = excluded.idle_expires_at,
           absolute_expires_at = excluded.absolute_expires_at`,
    [
      ...row,
      uuidv7(now),
      signIn.acr,
      signIn.amr,
      signIn.shared,
      signIn.deviceLabel,
      signIn.authenticatedAt,
      now,
      signIn.idleExpiresAt,
    ],
  );
}

/** The graph's entry of a provider session that is still alive. */
export async function findSession(
  db: Queryable,
  by: { readonly uid: string } | { readonly id: string },
  now: Date,
): Promise<StoredSession | undefined> {
  const query = tables.selectFrom('sessions').selectAll().where('idle_expires_at', '>', now);
  const [row] = await db.run(
    'uid' in by ? query.where('provider_uid', '=', by.uid) : query.where('id', '=', by.id),
  );
  return row;
}

/** Sessions of an account that are alive, latest first. */
export function listSessions(db: Queryable, accountId: string, now: Date): Promise<StoredSession[]> {
  return db.run(
    tables
      .selectFrom('sessions')
      .selectAll()
      .where('account_id', '=', accountId)
      .where('idle_expires_at', '>', now)
      .orderBy('last_seen_at', 'desc'),
  );
}

/** Notes that the person was here: pushes the idle limit, never beyond the absolute one. */
export async function touchSession(
  db: Queryable,
  uid: string,
  now: Date,
  idleSeconds: number,
): Promise<void> {
  await db.query(
    `UPDATE identity.sessions SET last_seen_at = $2,
            idle_expires_at = least($2::timestamptz + make_interval(secs => $3), absolute_expires_at)
      WHERE provider_uid = $1`,
    [uid, now, idleSeconds],
  );
}

/**
 * What the provider stored of a live session, by the cookie's value or by its uid. A session that someone signed in
 * to is alive while its place in the graph is: one table says so, for every protocol.
 */
export async function findStoredSession(
  db: Queryable,
  by: { readonly id: string } | { readonly uid: string },
  now: Date,
): Promise<{ payload: Record<string, unknown>; expires_at: Date | null } | undefined> {
  const [condition, value] = 'id' in by ? ['r.key = $1', sha256(by.id)] : ['r.uid = $1', by.uid];
  const [row] = await db.query<{ payload: Record<string, unknown>; expires_at: Date | null }>(
    `SELECT r.payload, r.expires_at FROM identity.provider_rows AS r
      WHERE r.model = 'Session' AND ${condition} AND r.expires_at > $2
        AND (r.account_id IS NULL OR EXISTS (
          SELECT FROM identity.sessions AS s WHERE s.provider_uid = r.uid AND s.idle_expires_at > $2))`,
    [value, now],
  );
  return row;
}

/** A session that was just ended. */
export interface TakenSession {
  /** The graph's public id; missing while nobody had signed in. */
  readonly id: string | null;
  readonly payload: Record<string, unknown>;
}

/**
 * Ends sessions in one statement: the provider's row, the place in the graph, and one notice for each service the
 * session had opened (session-notices.ts). Whatever crashes, a session that is gone has its notices.
 * `by.id` is the cookie's value; `by.idleAt` ends all whose idle limit has passed,
 * `by.accounts` all of these accounts.
 */
export function takeSessions(
  db: Queryable,
  by:
    | { readonly id: string }
    | { readonly uid: string }
    | { readonly idleAt: Date }
    | { readonly accounts: readonly string[] },
  now: Date,
): Promise<TakenSession[]> {
  const [condition, value] =
    'id' in by
      ? ['key = $1', sha256(by.id)]
      : 'uid' in by
        ? ['uid = $1', by.uid]
        : 'accounts' in by
          ? [
              'uid IN (SELECT provider_uid FROM identity.sessions WHERE account_id = ANY ($1::uuid[]))',
              by.accounts,
            ]
          : ['uid IN (SELECT provider_uid FROM identity.sessions WHERE idle_expires_at < $1)', by.idleAt];
  return db.query<{ id: string | null; payload: Record<string, unknown> }>(
    `WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock($2)),
       gone AS (DELETE FROM identity.provider_rows WHERE model = 'Session' AND ${condition}
                RETURNING uid, payload),
       graph AS (DELETE FROM identity.sessions AS s USING gone WHERE s.provider_uid = gone.uid
                 RETURNING s.id, s.account_id, s.provider_uid),
       notices AS (
         INSERT INTO identity.session_notices
           (session_id, account_id, client_id, sid, ended_at, status, next_attempt_at)
         SELECT graph.id, graph.account_id, service.key, service.value ->> 'sid', $3,
                CASE WHEN client.metadata ? 'backchannel_logout_uri' THEN 'waiting' ELSE 'silent' END, $3
           FROM turn CROSS JOIN graph JOIN gone ON gone.uid = graph.provider_uid
          CROSS JOIN LATERAL json_each(coalesce(gone.payload -> 'authorizations', '{}')) AS service
           LEFT JOIN identity.clients AS client ON client.id = service.key
         RETURNING pg_notify('${SESSIONS_ENDED_CHANNEL}', ''))
     SELECT graph.id, gone.payload, (SELECT count(*) FROM notices) AS told
       FROM gone LEFT JOIN graph ON graph.provider_uid = gone.uid`,
    [value, advisoryLockKey('identity.session-notices'), now],
  );
}
