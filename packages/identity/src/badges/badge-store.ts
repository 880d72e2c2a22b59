import type { Queryable, Tx } from '@socle/db';

/** A badge that may be tried. */
export interface StoredBadge {
  readonly id: string;
  readonly accountId: string;
  readonly schoolId: string;
  readonly errors: number;
}

/** Wrong picture codes that a badge bears. */
export const MAX_BADGE_ERRORS = 5;

/**
 * Counts a try on the live badge with this key, before the pictures are looked at: however many come at once, five are
 * let through. Undefined for unknown, revoked and locked badges.
 */
export async function countBadgeTry(db: Queryable, key: Buffer): Promise<StoredBadge | undefined> {
  const [row] = await db.query<{ id: string; account_id: string; school_id: string; errors: number }>(
    `UPDATE identity.badges SET errors = errors + 1
      WHERE (key = $1 OR short_key = $1) AND revoked_at IS NULL AND errors < ${MAX_BADGE_ERRORS}
      RETURNING id, account_id, school_id, errors`,
    [key],
  );
  return row && { id: row.id, accountId: row.account_id, schoolId: row.school_id, errors: row.errors };
}

/** Forgets the errors of a badge whose pictures were right. */
export async function forgiveBadge(db: Queryable, id: string): Promise<void> {
  await db.query('UPDATE identity.badges SET errors = 0 WHERE id = $1', [id]);
}

/** Takes the badges of these accounts out of use; gives the accounts that had one. */
export async function revokeBadges(tx: Tx, accounts: readonly string[], now: Date): Promise<string[]> {
  const rows = await tx.query<{ account_id: string }>(
    `UPDATE identity.badges SET revoked_at = $2 WHERE account_id = ANY ($1::uuid[]) AND revoked_at IS NULL
      RETURNING account_id`,
    [accounts, now],
  );
  return rows.map((row) => row.account_id);
}

/** Locks the accounts against another printing of the same badges. */
export async function lockAccounts(tx: Tx, accounts: readonly string[]): Promise<void> {
  await tx.query(
    'SELECT id FROM identity.accounts WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE',
    [accounts],
  );
}

export async function insertBadge(
  tx: Tx,
  badge: { id: string; key: Buffer; shortKey: Buffer; accountId: string; schoolId: string; now: Date },
): Promise<void> {
  await tx.query(
    `INSERT INTO identity.badges (id, key, short_key, account_id, school_id, issued_at) VALUES ($1, $2, $3, $4, $5, $6)`,
    [badge.id, badge.key, badge.shortKey, badge.accountId, badge.schoolId, badge.now],
  );
}

export async function findPictureKey(db: Queryable, accountId: string): Promise<Buffer | undefined> {
  const [row] = await db.query<{ key: Buffer }>(
    'SELECT key FROM identity.picture_codes WHERE account_id = $1',
    [accountId],
  );
  return row?.key;
}

export async function setPictureKey(tx: Tx, accountId: string, key: Buffer, now: Date): Promise<void> {
  await tx.query(
    `INSERT INTO identity.picture_codes (account_id, key, set_at) VALUES ($1, $2, $3)
     ON CONFLICT (account_id) DO UPDATE SET key = excluded.key, set_at = excluded.set_at`,
    [accountId, key, now],
  );
}

/** When and from where badges of a school open a session. */
export interface BadgeRule {
  /** IANA. */
  readonly timeZone: string;
  /** `HH:MM`, from `opensAt` to before `closesAt`. */
  readonly opensAt: string;
  readonly closesAt: string;
  /** ISO days, 1 is Monday. */
  readonly weekdays: readonly number[];
  /** CIDR blocks; none: from anywhere. */
  readonly networks: readonly string[];
}

/** Whether the school's rule, if it has one, opens its badges at this moment to this address. */
export async function isBadgeTime(
  db: Queryable,
  at: { readonly schoolId: string; readonly now: Date; readonly address: string },
): Promise<boolean> {
  const [row] = await db.query<{ open: boolean }>(
    `SELECT NOT EXISTS (
       SELECT FROM identity.badge_rules AS r, LATERAL (SELECT $2::timestamptz AT TIME ZONE r.time_zone AS here) AS t
        WHERE r.school_id = $1 AND NOT (
          extract(isodow FROM t.here)::int = ANY (r.weekdays) AND t.here::time >= r.opens_at AND t.here::time < r.closes_at
          AND (cardinality(r.networks) = 0 OR $3::inet <<= ANY (r.networks)))) AS open`,
    [at.schoolId, at.now, at.address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '')],
  );
  return row?.open === true;
}

export async function saveBadgeRule(tx: Tx, schoolId: string, rule: BadgeRule, now: Date): Promise<void> {
  await tx.query(
    `INSERT INTO identity.badge_rules (school_id, time_zone, opens_at, closes_at, weekdays, networks, changed_at)
     VALUES ($1, $2, $3::time, $4::time, $5::int[],
             ARRAY(SELECT network(n::inet)::cidr FROM unnest($6::text[]) AS n), $7)
     ON CONFLICT (school_id) DO UPDATE SET time_zone = excluded.time_zone, opens_at = excluded.opens_at,
       closes_at = excluded.closes_at, weekdays = excluded.weekdays, networks = excluded.networks,
       changed_at = excluded.changed_at`,
    [schoolId, rule.timeZone, rule.opensAt, rule.closesAt, rule.weekdays, rule.networks, now],
  );
}

export async function removeBadgeRule(tx: Tx, schoolId: string): Promise<void> {
  await tx.query('DELETE FROM identity.badge_rules WHERE school_id = $1', [schoolId]);
}

export async function findBadgeRule(db: Queryable, schoolId: string): Promise<BadgeRule | undefined> {
  const [row] = await db.query<{
    time_zone: string;
    opens_at: string;
    closes_at: string;
    weekdays: number[];
    networks: string[];
  }>(
    `SELECT time_zone, to_char(opens_at, 'HH24:MI') AS opens_at, to_char(closes_at, 'HH24:MI') AS closes_at, weekdays,
            networks::text[] AS networks FROM identity.badge_rules WHERE school_id = $1`,
    [schoolId],
  );
  return (
    row && {
      timeZone: row.time_zone,
      opensAt: row.opens_at,
      closesAt: row.closes_at,
      weekdays: row.weekdays,
      networks: row.networks,
    }
  );
}
