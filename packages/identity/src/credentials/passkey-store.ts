import type { Queryable } from '@socle/db';

/** A passkey as it is stored. */
export interface StoredPasskey {
  readonly id: string;
  readonly credential_id: string;
  readonly account_id: string;
  readonly name: string;
  readonly public_key: Buffer;
  readonly counter: string;
  readonly transports: string[];
  readonly multi_device: boolean;
  readonly backed_up: boolean;
  readonly added_at: Date;
  readonly last_used_at: Date | null;
}

const COLUMNS = `id, credential_id, account_id, name, public_key, counter, transports, multi_device, backed_up,
  added_at, last_used_at`;

export async function findPasskey(db: Queryable, credentialId: string): Promise<StoredPasskey | undefined> {
  const [row] = await db.query<StoredPasskey>(
    `SELECT ${COLUMNS} FROM identity.passkeys WHERE credential_id = $1`,
    [credentialId],
  );
  return row;
}

/** Oldest first. */
export function listPasskeys(db: Queryable, accountId: string): Promise<StoredPasskey[]> {
  return db.query<StoredPasskey>(
    `SELECT ${COLUMNS} FROM identity.passkeys WHERE account_id = $1 ORDER BY added_at, id`,
    [accountId],
  );
}

/** False when the credential is registered already, for whomever. */
export async function insertPasskey(
  db: Queryable,
  passkey: Omit<StoredPasskey, 'counter' | 'last_used_at'> & {
    readonly counter: number;
    readonly aaguid: string;
  },
): Promise<boolean> {
  const rows = await db.query(
    `INSERT INTO identity.passkeys (id, credential_id, account_id, name, public_key, counter, transports, aaguid,
       multi_device, backed_up, added_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (credential_id) DO NOTHING RETURNING 1`,
    [
      passkey.id,
      passkey.credential_id,
      passkey.account_id,
      passkey.name,
      passkey.public_key,
      passkey.counter,
      passkey.transports,
      passkey.aaguid,
      passkey.multi_device,
      passkey.backed_up,
      passkey.added_at,
    ],
  );
  return rows.length === 1;
}

/** Notes a use; false when the counter did not grow, which a copied key gives away (WebAuthn §6.1.1). */
export async function notePasskeyUse(
  db: Queryable,
  use: { readonly id: string; readonly counter: number; readonly backedUp: boolean; readonly now: Date },
): Promise<boolean> {
  const rows = await db.query(
    `UPDATE identity.passkeys SET counter = $2, backed_up = $3, last_used_at = $4
      WHERE id = $1 AND (counter < $2 OR (counter = 0 AND $2 = 0)) RETURNING 1`,
    [use.id, use.counter, use.backedUp, use.now],
  );
  return rows.length === 1;
}

export async function deletePasskey(db: Queryable, accountId: string, id: string): Promise<boolean> {
  const rows = await db.query('DELETE FROM identity.passkeys WHERE account_id = $1 AND id = $2 RETURNING 1', [
    accountId,
    id,
  ]);
  return rows.length === 1;
}
