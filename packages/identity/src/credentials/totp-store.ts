import type { Queryable } from '@socle/db';

/** The sealed secret of an account's generator. */
export async function findTotpSecret(db: Queryable, accountId: string): Promise<Buffer | undefined> {
  const [row] = await db.query<{ sealed_secret: Buffer }>(
    'SELECT sealed_secret FROM identity.totp_factors WHERE account_id = $1',
    [accountId],
  );
  return row?.sealed_secret;
}

/** Keeps a generator in place of an earlier one. Codes of `step` and before are used already. */
export async function saveTotp(
  db: Queryable,
  accountId: string,
  totp: { readonly sealedSecret: Buffer; readonly step: number; readonly now: Date },
): Promise<void> {
  await db.query(
    `INSERT INTO identity.totp_factors (account_id, sealed_secret, last_step, added_at)
     VALUES ($1, $2, $3, $4)
     ON CONFLICT (account_id) DO UPDATE SET sealed_secret = excluded.sealed_secret,
       last_step = excluded.last_step, added_at = excluded.added_at, last_used_at = NULL`,
    [accountId, totp.sealedSecret, totp.step, totp.now],
  );
}

/** Uses the code of `step`; false when it, or a later one, was used before: of equal codes one is accepted. */
export async function useTotpStep(
  db: Queryable,
  accountId: string,
  step: number,
  now: Date,
): Promise<boolean> {
  const rows = await db.query(
    `UPDATE identity.totp_factors SET last_step = $2, last_used_at = $3
      WHERE account_id = $1 AND last_step < $2 RETURNING 1`,
    [accountId, step, now],
  );
  return rows.length === 1;
}

export async function deleteTotp(db: Queryable, accountId: string): Promise<boolean> {
  const rows = await db.query('DELETE FROM identity.totp_factors WHERE account_id = $1 RETURNING 1', [
    accountId,
  ]);
  return rows.length === 1;
}
