import type { Queryable } from '@socle/db';

/** Seconds in which a level fades to 1/e. */
export const FADING_SECONDS = 600;

/** Refused and successful sign-ins of the whole service, fading. */
export interface PressureLevels {
  readonly refused: number;
  readonly succeeded: number;
}

/** Lets the levels fade to `now`, adds what one instance counted, and gives them. One statement on one row. */
export async function addPressure(
  db: Queryable,
  counted: PressureLevels,
  now: Date,
): Promise<PressureLevels> {
  const [row] = await db.query<PressureLevels>(
    `INSERT INTO identity.sign_in_pressure AS p (one, refused, succeeded, at) VALUES (true, $1, $2, $3)
     ON CONFLICT (one) DO UPDATE SET
       refused = p.refused * exp(-greatest(0, extract(epoch FROM $3::timestamptz - p.at)) / $4::float8) + $1,
       succeeded = p.succeeded * exp(-greatest(0, extract(epoch FROM $3::timestamptz - p.at)) / $4::float8) + $2,
       at = greatest(p.at, $3)
     RETURNING refused, succeeded`,
    [counted.refused, counted.succeeded, now, FADING_SECONDS],
  );
  return row ?? counted;
}

/** Keeps the difficulty that was last told to the log; true for the one instance that changes it. */
export async function changeToldBits(db: Queryable, bits: number): Promise<boolean> {
  const rows = await db.query(
    'UPDATE identity.sign_in_pressure SET told_bits = $1 WHERE told_bits <> $1 RETURNING one',
    [bits],
  );
  return rows.length === 1;
}

/** Uses a challenge up; false when it was used before: of many that come at once, one gets through. */
export async function spendChallenge(db: Queryable, nonce: string, expiresAt: Date): Promise<boolean> {
  const rows = await db.query(
    `INSERT INTO identity.spent_work (nonce, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING nonce`,
    [nonce, expiresAt],
  );
  return rows.length === 1;
}
