import { sha256 } from '@socle/base';
import type { Queryable } from '@socle/db';
import { tables } from './tables.ts';

/** What the provider keeps for one id, as the store gives it back. */
export interface StoredRow {
  readonly payload: Record<string, unknown>;
  readonly expires_at: Date | null;
  readonly consumed_at: Date | null;
}

/** A row to write. `id` and `grantId` are hashed here; they never reach the table. */
export interface NewRow {
  readonly model: string;
  readonly id: string;
  readonly payload: Record<string, unknown>;
  readonly accountId?: string | undefined;
  readonly clientId?: string | undefined;
  readonly grantId?: string | undefined;
  readonly uid?: string | undefined;
  readonly userCode?: string | undefined;
  readonly expiresAt?: Date | undefined;
}

/**
 * Begins a name that stands for the row's key itself, where the id is not known to the caller. No token of the
 * provider begins with it.
 */
export const ROW_NAME = '#';

function keyOf(id: string): Buffer {
  return id.startsWith(ROW_NAME) ? Buffer.from(id.slice(ROW_NAME.length), 'base64url') : sha256(id);
}

/** User codes are short: what is kept of one is a digest, and only while its device waits. */
function userCodeKey(userCode: string): string {
  return sha256(`user code ${userCode}`).toString('base64url');
}

/** Writes a row, or replaces the one of the same id. */
export async function upsertRow(db: Queryable, row: NewRow): Promise<void> {
  const values = {
    payload: JSON.stringify(row.payload),
    account_id: row.accountId ?? null,
    client_id: row.clientId ?? null,
    grant_key: row.grantId === undefined ? null : sha256(row.grantId),
    uid: row.uid ?? null,
    user_code: row.userCode === undefined ? null : userCodeKey(row.userCode),
    expires_at: row.expiresAt ?? null,
  };
  await db.run(
    tables
      .insertInto('provider_rows')
      .values({ model: row.model, key: keyOf(row.id), ...values })
      .onConflict((conflict) => conflict.columns(['model', 'key']).doUpdateSet(values)),
  );
}

/**
 * The row of an id. A token whose grant is gone is gone too: the check is part of the read, so that a token
 * written a moment after its family was revoked never lives.
 */
export async function findRow(db: Queryable, model: string, id: string): Promise<StoredRow | undefined> {
  const [row] = await db.query<StoredRow>(
    `SELECT payload, expires_at, consumed_at FROM identity.provider_rows AS r
      WHERE model = $1 AND key = $2 AND (grant_key IS NULL OR EXISTS (
        SELECT FROM identity.provider_rows AS g WHERE g.model = 'Grant' AND g.key = r.grant_key))`,
    [model, keyOf(id)],
  );
  return row;
}

/** The device code with this user code (unique index). */
export async function findUserCodeRow(
  db: Queryable,
  userCode: string,
): Promise<(StoredRow & { readonly key: Buffer }) | undefined> {
  const [row] = await db.run(
    tables
      .selectFrom('provider_rows')
      .select(['key', 'payload', 'expires_at', 'consumed_at'])
      .where('model', '=', 'DeviceCode')
      .where('user_code', '=', userCodeKey(userCode)),
  );
  return row;
}

/** Marks a row as used; false when it was used already or is gone. The database alone decides who was first. */
export async function consumeRow(db: Queryable, model: string, id: string, now: Date): Promise<boolean> {
  const rows = await db.run(
    tables
      .updateTable('provider_rows')
      .set({ consumed_at: now })
      .where('model', '=', model)
      .where('key', '=', sha256(id))
      .where('consumed_at', 'is', null)
      .returning('model'),
  );
  return rows.length === 1;
}

/**
 * Deletes the grant that the row belongs to, and all that was issued under it, in one statement.
 * @returns the client of the family, or undefined when another request had burnt it already.
 */
export async function burnFamily(db: Queryable, model: string, id: string): Promise<string | undefined> {
  const rows = await db.query<{ model: string; client_id: string | null }>(
    `WITH family AS (SELECT grant_key FROM identity.provider_rows WHERE model = $1 AND key = $2)
     DELETE FROM identity.provider_rows USING family
      WHERE provider_rows.grant_key = family.grant_key
         OR (provider_rows.model = 'Grant' AND provider_rows.key = family.grant_key)
     RETURNING provider_rows.model, provider_rows.client_id`,
    [model, sha256(id)],
  );
  return rows.find((row) => row.model === 'Grant')?.client_id ?? undefined;
}

/** Deletes all that was issued under a grant (the grant itself stays). */
export async function deleteByGrant(db: Queryable, grantId: string): Promise<void> {
  await db.run(tables.deleteFrom('provider_rows').where('grant_key', '=', sha256(grantId)));
}

/** Deletes the grant and all that was issued under it. */
export async function deleteGrants(db: Queryable, grantIds: readonly string[]): Promise<void> {
  const keys = grantIds.map((id) => sha256(id));
  await db.query(
    `DELETE FROM identity.provider_rows
      WHERE grant_key = ANY($1) OR (model = 'Grant' AND key = ANY($1))`,
    [keys],
  );
}

export async function deleteRow(db: Queryable, model: string, id: string): Promise<void> {
  await db.run(tables.deleteFrom('provider_rows').where('model', '=', model).where('key', '=', sha256(id)));
}

/**
 * Notes an id that may be used once; false when it was seen before.
 * `scope` keeps ids of different issuers apart.
 */
export async function noteSeenId(
  db: Queryable,
  scope: string,
  id: string,
  expiresAt: Date,
): Promise<boolean> {
  const rows = await db.query(
    `INSERT INTO identity.seen_ids (key, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1`,
    [sha256(`${scope.length}:${scope}${id}`), expiresAt],
  );
  return rows.length === 1;
}
