import { sha256 } from '@socle/base';
import type { Queryable } from '@socle/db';
import type { RegistrationTerms } from './terms.ts';

/** An initial access token as it is stored. */
export interface StoredToken {
  readonly id: string;
  readonly label: string;
  readonly terms: RegistrationTerms;
  readonly uses_left: number;
  readonly expires_at: Date | null;
}

export async function insertToken(
  db: Queryable,
  token: {
    id: string;
    value: string;
    kind: 'initial' | 'client';
    clientId?: string;
    label: string;
    terms: RegistrationTerms;
    uses: number;
    expiresAt?: Date;
    now: Date;
  },
): Promise<void> {
  await db.query(
    `INSERT INTO identity.registration_tokens
       (id, hash, kind, client_id, label, terms, uses_left, expires_at, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      token.id,
      sha256(token.value),
      token.kind,
      token.clientId ?? null,
      token.label,
      JSON.stringify(token.terms),
      token.uses,
      token.expiresAt ?? null,
      token.now,
    ],
  );
}

/** Takes one use of an initial token; undefined when it is unknown, used up or past its time. The update decides. */
export async function useInitialToken(
  db: Queryable,
  value: string,
  now: Date,
): Promise<StoredToken | undefined> {
  const [row] = await db.query<StoredToken>(
    `UPDATE identity.registration_tokens SET uses_left = uses_left - 1
      WHERE hash = $1 AND kind = 'initial' AND uses_left > 0 AND expires_at > $2
     RETURNING id, label, terms, uses_left, expires_at`,
    [sha256(value), now],
  );
  return row;
}

/** The management token of a client, when the value is the present one. */
export async function findClientToken(
  db: Queryable,
  value: string,
  clientId: string,
): Promise<StoredToken | undefined> {
  const [row] = await db.query<StoredToken>(
    `SELECT id, label, terms, uses_left, expires_at FROM identity.registration_tokens
      WHERE hash = $1 AND kind = 'client' AND client_id = $2`,
    [sha256(value), clientId],
  );
  return row;
}

/** Puts a new management token in the place of the present one; false when another request was first. */
export async function replaceClientToken(
  db: Queryable,
  change: { readonly clientId: string; readonly from: string; readonly to: string },
): Promise<boolean> {
  const rows = await db.query(
    `UPDATE identity.registration_tokens SET hash = $3
      WHERE kind = 'client' AND client_id = $1 AND hash = $2 RETURNING 1`,
    [change.clientId, sha256(change.from), sha256(change.to)],
  );
  return rows.length === 1;
}
