import { sha256 } from '@socle/base';
import type { Queryable } from '@socle/db';
import type { SignInNote } from './step.ts';

/** What is kept of an attempt between two pages. */
export interface SignInStage {
  readonly accountId: string;
  readonly shared: boolean;
  readonly amr: readonly string[];
  readonly notes: readonly SignInNote[];
  readonly answered: readonly string[];
}

/** Seconds that a person may take for what is asked after the first proof, from one answer to the next. */
export const STAGE_SECONDS = 600;

/** Keeps the stage after a first proof; an earlier one of the same sign-in ends. */
export async function startStage(
  db: Queryable,
  at: { readonly uid: string; readonly token: string; readonly expiresAt: Date },
  stage: SignInStage,
): Promise<void> {
  const { accountId, ...state } = stage;
  await db.query(
    `INSERT INTO identity.sign_in_stages (sign_in_key, token_hash, account_id, state, expires_at)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (sign_in_key) DO UPDATE SET token_hash = excluded.token_hash,
       account_id = excluded.account_id, state = excluded.state, expires_at = excluded.expires_at`,
    [sha256(at.uid), sha256(at.token), accountId, JSON.stringify(state), at.expiresAt],
  );
}

/** The stage of this sign-in, for the browser that holds its token. */
export async function findStage(
  db: Queryable,
  at: { readonly uid: string; readonly token: string; readonly now: Date },
): Promise<SignInStage | undefined> {
  const [row] = await db.query<{ account_id: string; state: Omit<SignInStage, 'accountId'> }>(
    `SELECT account_id, state FROM identity.sign_in_stages
      WHERE sign_in_key = $1 AND token_hash = $2 AND expires_at > $3`,
    [sha256(at.uid), sha256(at.token), at.now],
  );
  return row && { accountId: row.account_id, ...row.state };
}

/** Takes the stage away; false when another request did, or it had ended: of two answers, one goes on. */
export async function takeStage(
  db: Queryable,
  at: { readonly uid: string; readonly token: string; readonly now: Date },
): Promise<boolean> {
  const rows = await db.query(
    `DELETE FROM identity.sign_in_stages
      WHERE sign_in_key = $1 AND token_hash = $2 AND expires_at > $3 RETURNING 1`,
    [sha256(at.uid), sha256(at.token), at.now],
  );
  return rows.length === 1;
}
