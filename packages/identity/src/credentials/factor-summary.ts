import type { Queryable } from '@socle/db';
import { nameCell } from './printed-codes.ts';

/** What a person has besides a password. */
export interface FactorList {
  readonly totp?: { readonly addedAt: Date; readonly lastUsedAt?: Date };
  /** Recovery codes that are left. */
  readonly recovery?: { readonly left: number; readonly madeAt: Date };
  /** Passkeys: they answer where a second factor is wanted, but having one does not make it asked for. */
  readonly passkeys?: number;
  /** Cells of the printed grid that are left, and the one that is asked for next. */
  readonly grid?: { readonly left: number; readonly madeAt: Date; readonly nextCell?: string };
}

interface Row {
  totp_added_at: Date | null;
  totp_used_at: Date | null;
  recovery_left: number;
  recovery_at: Date | null;
  grid_left: number;
  grid_at: Date | null;
  grid_next: number | null;
  passkeys: number;
}

/** One statement, since every sign-in asks. */
export async function loadFactorList(db: Queryable, accountId: string): Promise<FactorList> {
  const [row] = await db.query<Row>(
    `SELECT t.added_at AS totp_added_at, t.last_used_at AS totp_used_at, p.*,
            (SELECT count(*)::int FROM identity.passkeys WHERE account_id = $1) AS passkeys
       FROM (SELECT count(*) FILTER (WHERE kind = 'recovery' AND used_at IS NULL)::int AS recovery_left,
                    max(made_at) FILTER (WHERE kind = 'recovery') AS recovery_at,
                    count(*) FILTER (WHERE kind = 'grid' AND used_at IS NULL)::int AS grid_left,
                    max(made_at) FILTER (WHERE kind = 'grid') AS grid_at,
                    min(place) FILTER (WHERE kind = 'grid' AND used_at IS NULL) AS grid_next
               FROM identity.printed_codes WHERE account_id = $1) AS p
       LEFT JOIN identity.totp_factors AS t ON t.account_id = $1`,
    [accountId],
  );
  if (!row) return {};
  return {
    ...(row.totp_added_at && {
      totp: { addedAt: row.totp_added_at, ...(row.totp_used_at && { lastUsedAt: row.totp_used_at }) },
    }),
    ...(row.recovery_at && { recovery: { left: row.recovery_left, madeAt: row.recovery_at } }),
    ...(row.passkeys > 0 && { passkeys: row.passkeys }),
    ...(row.grid_at && {
      grid: {
        left: row.grid_left,
        madeAt: row.grid_at,
        ...(row.grid_next !== null && { nextCell: nameCell(row.grid_next) }),
      },
    }),
  };
}
