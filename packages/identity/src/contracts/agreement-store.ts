import type { Queryable } from '@socle/db';

/** What a person agreed that this service receives, or undefined when they were never asked. */
export async function findAgreement(
  db: Queryable,
  accountId: string,
  clientId: string,
): Promise<{ readonly attributes: readonly string[]; readonly agreedAt: Date } | undefined> {
  const [row] = await db.query<{ attributes: string[]; agreed_at: Date }>(
    'SELECT attributes, agreed_at FROM identity.attribute_agreements WHERE account_id = $1 AND client_id = $2',
    [accountId, clientId],
  );
  return row && { attributes: row.attributes, agreedAt: row.agreed_at };
}

export async function saveAgreement(
  db: Queryable,
  agreement: { accountId: string; clientId: string; attributes: readonly string[]; now: Date },
): Promise<void> {
  await db.query(
    `INSERT INTO identity.attribute_agreements (account_id, client_id, attributes, agreed_at)
     VALUES ($1, $2, $3, $4)
     ON CONFLICT (account_id, client_id) DO UPDATE
       SET attributes = excluded.attributes, agreed_at = excluded.agreed_at`,
    [agreement.accountId, agreement.clientId, agreement.attributes, agreement.now],
  );
}

/** Takes an agreement back: the person is asked again at the next visit. False when there was none. */
export async function deleteAgreement(db: Queryable, accountId: string, clientId: string): Promise<boolean> {
  const rows = await db.query(
    'DELETE FROM identity.attribute_agreements WHERE account_id = $1 AND client_id = $2 RETURNING 1',
    [accountId, clientId],
  );
  return rows.length === 1;
}

/** Services that hold a live grant of this account or its agreement, with the latest grant's start. */
export function loadServicesOf(
  db: Queryable,
  accountId: string,
): Promise<
  {
    client_id: string;
    metadata: Record<string, unknown>;
    agreed_at: Date | null;
  }[]
> {
  return db.query(
    `SELECT c.id AS client_id, c.metadata, a.agreed_at
       FROM identity.clients AS c
       LEFT JOIN identity.attribute_agreements AS a ON a.client_id = c.id AND a.account_id = $1
      WHERE a.account_id IS NOT NULL
         OR c.id IN (SELECT r.client_id FROM identity.provider_rows AS r
                      WHERE r.account_id = $1 AND r.model = 'Grant')
      ORDER BY c.id`,
    [accountId],
  );
}
