import { InvariantViolation, sha256 } from '@socle/base';
import type { PreparedStatement, Queryable } from '@socle/db';
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

const COLUMNS = [
  'model',
  'key',
  'payload',
  'account_id',
  'client_id',
  'grant_key',
  'uid',
  'user_code',
  'expires_at',
] as const;
const REPLACED = COLUMNS.slice(2).map((column) => `${column} = excluded.${column}`);

/** The rows of one request are few; a statement for each number of them is planned once a connection. */
const MOST_ROWS = 4;

function rowsFrom(first: number, count: number): string {
  const row = (index: number) =>
    COLUMNS.map((column, at) => `$${first + index * COLUMNS.length + at}${CAST[column] ?? ''}`).join(', ');
  return Array.from({ length: count }, (_, index) => `(${row(index)})`).join(', ');
}

// A list of values has no column to take its types from.
const CAST: Partial<Record<(typeof COLUMNS)[number], string>> = {
  key: '::bytea',
  payload: '::json',
  account_id: '::uuid',
  grant_key: '::bytea',
  expires_at: '::timestamptz',
};

const WRITE: readonly PreparedStatement[] = Array.from({ length: MOST_ROWS + 1 }, (_, count) => ({
  name: `identity.write_rows_${count}`,
  text: `INSERT INTO identity.provider_rows (${COLUMNS.join(', ')}) VALUES ${rowsFrom(1, count)}
         ON CONFLICT (model, key) DO UPDATE SET ${REPLACED.join(', ')}`,
}));

/** Writes rows, or replaces those of the same ids. */
export async function writeRows(db: Queryable, rows: readonly NewRow[]): Promise<void> {
  for (let from = 0; from < rows.length; from += MOST_ROWS) {
    const some = rows.slice(from, from + MOST_ROWS);
    await db.prepared(WRITE[some.length]!, some.flatMap(valuesOf));
  }
}

const USE_AND_WRITE: readonly PreparedStatement[] = Array.from({ length: MOST_ROWS + 1 }, (_, count) => ({
  name: `identity.use_and_write_${count}`,
  text: `WITH used AS (
           UPDATE identity.provider_rows SET consumed_at = $3
            WHERE model = $1 AND key = $2 AND consumed_at IS NULL RETURNING grant_key),
         answered AS (
           INSERT INTO identity.refresh_answers (used_key, grant_key, successor_key, answer, given_at)
           SELECT $2, grant_key, $4, $5, $3 FROM used WHERE $5::bytea IS NOT NULL)
         ${count === 0 ? '' : writtenFrom(6, count)}
         SELECT FROM used`,
}));

function writtenFrom(first: number, count: number): string {
  return `, written AS (
           INSERT INTO identity.provider_rows (${COLUMNS.join(', ')})
           SELECT n.* FROM used CROSS JOIN (VALUES ${rowsFrom(first, count)}) AS n (${COLUMNS.join(', ')}))`;
}

/** What was answered to a refresh, sealed under the token that was used (refresh-answers.ts). */
export interface KeptAnswer {
  readonly successorId: string;
  readonly sealed: Buffer;
}

/**
 * Marks a row as used and writes what was issued for it, in one statement: both or neither, whatever crashes. False, and
 * nothing is written, when the row was used already or is gone. The database alone decides who was first.
 */
export async function useAndWriteRows(
  db: Queryable,
  use: { readonly model: string; readonly id: string; readonly answer?: KeptAnswer | undefined },
  rows: readonly NewRow[],
  now: Date,
): Promise<boolean> {
  if (rows.length > MOST_ROWS) throw new InvariantViolation('what one redemption issues is a few rows');
  const { answer } = use;
  const kept = [answer ? sha256(answer.successorId) : null, answer?.sealed ?? null];
  const values = [use.model, keyOf(use.id), now, ...kept, ...rows.flatMap(valuesOf)];
  return (await db.prepared(USE_AND_WRITE[rows.length]!, values)).length === 1;
}

const FIND_ANSWER: PreparedStatement = {
  name: 'identity.find_refresh_answer',
  text: `SELECT answer FROM identity.refresh_answers AS a
          WHERE used_key = $1 AND given_at > $2
            AND EXISTS (SELECT FROM identity.provider_rows AS g WHERE g.model = 'Grant' AND g.key = a.grant_key)
            AND EXISTS (SELECT FROM identity.provider_rows AS s
                         WHERE s.model = 'RefreshToken' AND s.key = a.successor_key AND s.consumed_at IS NULL)`,
};

/** The sealed answer to the use of this refresh token, when it was given after `since` and its successor is unused. */
export async function findAnswer(db: Queryable, usedId: string, since: Date): Promise<Buffer | undefined> {
  const [row] = await db.prepared<{ answer: Buffer }>(FIND_ANSWER, [sha256(usedId), since]);
  return row?.answer;
}

function valuesOf(row: NewRow): unknown[] {
  return [
    row.model,
    keyOf(row.id),
    JSON.stringify(row.payload),
    row.accountId ?? null,
    row.clientId ?? null,
    row.grantId === undefined ? null : sha256(row.grantId),
    row.uid ?? null,
    row.userCode === undefined ? null : userCodeKey(row.userCode),
    row.expiresAt ?? null,
  ];
}

const FIND: PreparedStatement = {
  name: 'identity.find_row',
  text: `SELECT payload, expires_at, consumed_at FROM identity.provider_rows AS r
          WHERE model = $1 AND key = $2 AND (grant_key IS NULL OR EXISTS (
            SELECT FROM identity.provider_rows AS g WHERE g.model = 'Grant' AND g.key = r.grant_key))`,
};

/**
 * The row of an id. A token whose grant is gone is gone too: the check is part of the read, so that a token
 * written a moment after its family was revoked never lives.
 */
export async function findRow(db: Queryable, model: string, id: string): Promise<StoredRow | undefined> {
  const [row] = await db.prepared<StoredRow>(FIND, [model, keyOf(id)]);
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

const NOTE_SEEN: PreparedStatement = {
  name: 'identity.note_seen_id',
  text: 'INSERT INTO identity.seen_ids (key, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1',
};

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
  const rows = await db.prepared(NOTE_SEEN, [sha256(`${scope.length}:${scope}${id}`), expiresAt]);
  return rows.length === 1;
}
