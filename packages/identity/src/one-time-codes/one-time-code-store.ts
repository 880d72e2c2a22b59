import type { PersonId } from '@socle/base';
import type { Queryable, Tx } from '@socle/db';

/** What a code is for. */
export type CodePurpose = 'activation' | 'reset' | 'link';

/** A code that was found alive. */
export interface StoredCode {
  readonly id: string;
  readonly purpose: CodePurpose;
  readonly accountId: string;
  readonly childId?: PersonId;
  readonly expiresAt: Date;
}

/** A code about to be stored. */
export interface NewCode {
  readonly id: string;
  readonly key: Buffer;
  readonly accountId: string;
  readonly childId: PersonId | null;
}

interface CodeRow {
  id: string;
  purpose: CodePurpose;
  account_id: string;
  child_id: PersonId | null;
  expires_at: Date;
}

const COLUMNS = 'id, purpose, account_id, child_id, expires_at';
/** Wrong birth dates that a parent's code bears. */
const MAX_CODE_ERRORS = 5;
const IS_LIVE = `used_at IS NULL AND revoked_at IS NULL AND expires_at > $2 AND errors < ${MAX_CODE_ERRORS}`;

/** Stores codes and takes the former ones of the same people out of use. */
export async function replaceCodes(
  tx: Tx,
  codes: readonly NewCode[],
  terms: {
    readonly purpose: CodePurpose;
    readonly issuedAt: Date;
    readonly expiresAt: Date;
    readonly issuedBy: string | null;
  },
): Promise<void> {
  const accounts = codes.map((code) => code.accountId);
  const children = codes.map((code) => code.childId);
  // One order for all: two teachers who print the same class wait for each other instead of failing.
  await tx.query(
    'SELECT id FROM identity.accounts WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE',
    [accounts],
  );
  await tx.query(
    `UPDATE identity.one_time_codes AS c SET revoked_at = $3
       FROM unnest($1::uuid[], $2::uuid[]) AS n (account_id, child_id)
      WHERE c.account_id = n.account_id AND c.child_id IS NOT DISTINCT FROM n.child_id
        AND c.used_at IS NULL AND c.revoked_at IS NULL`,
    [accounts, children, terms.issuedAt],
  );
  await tx.query(
    `INSERT INTO identity.one_time_codes (id, key, account_id, child_id, purpose, issued_at, expires_at,
       issued_by)
     SELECT id, key, account_id, child_id, $5, $6, $7, $8
       FROM unnest($1::uuid[], $2::bytea[], $3::uuid[], $4::uuid[]) AS n (id, key, account_id, child_id)`,
    [
      codes.map((code) => code.id),
      codes.map((code) => code.key),
      accounts,
      children,
      terms.purpose,
      terms.issuedAt,
      terms.expiresAt,
      terms.issuedBy,
    ],
  );
}

/** The live code with this key, without using it. */
export async function findCode(db: Queryable, key: Buffer, now: Date): Promise<StoredCode | undefined> {
  const [row] = await db.query<CodeRow>(
    `SELECT ${COLUMNS} FROM identity.one_time_codes WHERE key = $1 AND ${IS_LIVE}`,
    [key, now],
  );
  return row && present(row);
}

/** Uses the code: one conditional UPDATE, so that of all who come at once one gets it. */
export async function takeCode(tx: Tx, key: Buffer, now: Date): Promise<StoredCode | undefined> {
  const [row] = await tx.query<CodeRow>(
    `UPDATE identity.one_time_codes SET used_at = $2 WHERE key = $1 AND ${IS_LIVE} RETURNING ${COLUMNS}`,
    [key, now],
  );
  return row && present(row);
}

/** Counts a try against a parent's code before anything given with it is looked at; undefined when none is left. */
export async function countCodeTry(db: Queryable, key: Buffer, now: Date): Promise<StoredCode | undefined> {
  const [row] = await db.query<CodeRow>(
    `UPDATE identity.one_time_codes SET errors = errors + 1
      WHERE key = $1 AND purpose = 'link' AND ${IS_LIVE} RETURNING ${COLUMNS}`,
    [key, now],
  );
  return row && present(row);
}

/** Gives the try back: what came with the code was right. */
export async function giveCodeTryBack(db: Queryable, id: string): Promise<void> {
  await db.query('UPDATE identity.one_time_codes SET errors = greatest(errors - 1, 0) WHERE id = $1', [id]);
}

/** Takes the live codes of an account out of use. */
export async function revokeCodes(tx: Tx, accountId: string, now: Date): Promise<void> {
  await tx.query(
    `UPDATE identity.one_time_codes SET revoked_at = $2
      WHERE account_id = $1 AND used_at IS NULL AND revoked_at IS NULL`,
    [accountId, now],
  );
}

function present(row: CodeRow): StoredCode {
  return {
    id: row.id,
    purpose: row.purpose,
    accountId: row.account_id,
    expiresAt: row.expires_at,
    ...(row.child_id !== null && { childId: row.child_id }),
  };
}
