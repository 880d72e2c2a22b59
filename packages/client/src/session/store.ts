import { sha256 } from '@socle/base';
import { buildTables, type Tx } from '@socle/db';
import type { IdentityClaims } from '../oidc/id-token.ts';
import type { LogoutOrder } from '../oidc/logout-token.ts';

interface Tables {
  readonly sessions: {
    id_hash: Buffer;
    sub: string;
    sid: string | null;
    acr: string | null;
    authenticated_at: Date;
    started_at: Date;
    last_seen_at: Date;
    expires_at: Date;
    sealed_id_token: Buffer;
  };
  readonly sign_outs: {
    jti_hash: Buffer;
    sub: string | null;
    sid: string | null;
    issued_at: Date;
    received_at: Date;
    expires_at: Date;
  };
}

const tables = buildTables<Tables>('client');

/** A row of `client.sessions`. */
export interface SessionRow {
  readonly sub: string;
  readonly sid: string | null;
  readonly acr: string | null;
  readonly authenticated_at: Date;
  readonly started_at: Date;
  readonly last_seen_at: Date;
  readonly expires_at: Date;
  readonly sealed_id_token: Buffer;
}

/**
 * Stores a new session, unless the socle has ended it while the browser was on its way back.
 *
 * @returns false when it was ended: nothing is stored.
 */
export async function insertSession(
  tx: Tx,
  session: {
    readonly id: string;
    readonly claims: IdentityClaims;
    /** When the browser was sent to the socle. */
    readonly begunAt: Date;
    readonly sealedIdToken: Buffer;
    readonly now: Date;
    readonly expiresAt: Date;
  },
): Promise<boolean> {
  const { claims, now } = session;
  await lockSignOuts(tx, claims);
  const ended = await tx.run(
    tables
      .selectFrom('sign_outs')
      .select('issued_at')
      .where((where) =>
        where.or([
          where('sid', '=', claims.sid ?? ''),
          where.and([
            // Where one of the two names no sign-in, the person is all there is to go by.
            where.or([where('sid', 'is', null), where.val(claims.sid === undefined)]),
            where('sub', '=', claims.sub),
            where('issued_at', '>=', claims.issuedAt),
            // ID tokens count in seconds: who signs in again right after signing out is not refused.
            where('received_at', '>', session.begunAt),
          ]),
        ]),
      )
      .limit(1),
  );
  if (ended.length > 0) return false;
  await tx.run(
    tables.insertInto('sessions').values({
      id_hash: sha256(session.id),
      sub: claims.sub,
      sid: claims.sid ?? null,
      acr: claims.acr ?? null,
      authenticated_at: claims.authenticatedAt,
      started_at: now,
      last_seen_at: now,
      expires_at: session.expiresAt,
      sealed_id_token: session.sealedIdToken,
    }),
  );
  return true;
}

/** The session of this id, when it is neither over nor idle since before `idleSince`. */
export async function loadSessionRow(
  tx: Pick<Tx, 'run'>,
  id: string,
  now: Date,
  idleSince: Date,
): Promise<SessionRow | undefined> {
  const [row] = await tx.run(
    tables
      .selectFrom('sessions')
      .select([
        'sub',
        'sid',
        'acr',
        'authenticated_at',
        'started_at',
        'last_seen_at',
        'expires_at',
        'sealed_id_token',
      ])
      .where('id_hash', '=', sha256(id))
      .where('expires_at', '>', now)
      .where('last_seen_at', '>', idleSince),
  );
  return row;
}

/** Notes that the session is in use. */
export async function touchSession(tx: Pick<Tx, 'run'>, id: string, now: Date): Promise<void> {
  await tx.run(tables.updateTable('sessions').set({ last_seen_at: now }).where('id_hash', '=', sha256(id)));
}

/** Ends the session of this id. */
export async function deleteSession(tx: Pick<Tx, 'run'>, id: string): Promise<void> {
  await tx.run(tables.deleteFrom('sessions').where('id_hash', '=', sha256(id)));
}

/**
 * Obeys a logout token once: ends the sessions of its `sid`, or of its `sub` when it names no `sid`.
 *
 * @returns how many sessions were ended, or undefined when this token was obeyed before.
 */
export async function endSessions(
  tx: Tx,
  order: LogoutOrder,
  now: Date,
  rememberUntil: Date,
): Promise<number | undefined> {
  await lockSignOuts(tx, order);
  await tx.run(tables.deleteFrom('sign_outs').where('expires_at', '<=', now));
  const noted = await tx.run(
    tables
      .insertInto('sign_outs')
      .values({
        jti_hash: sha256(order.jti),
        sub: order.sub ?? null,
        sid: order.sid ?? null,
        issued_at: order.issuedAt,
        received_at: now,
        expires_at: rememberUntil,
      })
      .onConflict((conflict) => conflict.column('jti_hash').doNothing())
      .returning('jti_hash'),
  );
  if (noted.length === 0) return undefined;
  let statement = tables.deleteFrom('sessions').returning('id_hash');
  const { sub, sid } = order;
  if (sub !== undefined) statement = statement.where('sub', '=', sub);
  if (sid !== undefined) {
    // A session that never learned its `sid` ends with the person's.
    statement = statement.where((where) =>
      where.or([
        where('sid', '=', sid),
        ...(sub === undefined ? [] : [where.and([where('sid', 'is', null), where('sub', '=', sub)])]),
      ]),
    );
  }
  return (await tx.run(statement)).length;
}

/** Ends the sessions that the socle says are over. A session that is being stored meanwhile ends by its logout token. */
export async function deleteSessionsOf(tx: Pick<Tx, 'query'>, sids: readonly string[]): Promise<void> {
  await tx.query('DELETE FROM client.sessions WHERE sid = ANY($1)', [sids]);
}

/** Removes sessions that are over, a bounded number at once. */
export async function deleteDeadSessions(tx: Pick<Tx, 'run'>, now: Date, idleSince: Date): Promise<number> {
  const dead = tables
    .selectFrom('sessions')
    .select('id_hash')
    .where((where) => where.or([where('expires_at', '<=', now), where('last_seen_at', '<=', idleSince)]))
    .limit(1_000);
  return (await tx.run(tables.deleteFrom('sessions').where('id_hash', 'in', dead).returning('id_hash')))
    .length;
}

// A session that is being stored and a logout that is being obeyed wait for one another, or one would miss the other.
async function lockSignOuts(tx: Tx, who: { readonly sub?: string; readonly sid?: string }): Promise<void> {
  const keys = [who.sid && `sid ${who.sid}`, who.sub && `sub ${who.sub}`].filter(Boolean);
  for (const key of keys)
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 5073746))', [key]);
}
