import type { ControllerId, PersonId } from '@socle/base';
import type { Tx } from '@socle/db';
import type { Pass } from './pass.ts';

/** What happened to the people whom one pass writes. */
export interface PeopleChanges {
  readonly created: number;
  /** Known people whose name or birth date changed. */
  readonly changed: readonly string[];
  /** Known people who were on their way out and are back. */
  readonly returned: readonly Returned[];
}

interface Returned {
  readonly id: PersonId;
  readonly controller: ControllerId;
}

/** Creates and updates the people whom this pass writes, and their keys. */
export async function applyPeople(tx: Tx, pass: Pass): Promise<PeopleChanges> {
  const { place, controller, at, academy, keySpace, degree } = pass;
  const [created] = await tx.query<{ total: number }>(
    `WITH made AS (
       INSERT INTO directory.people (id, controller_id, given_name, family_name, birth_date, created_at, updated_at)
       SELECT k.person_id, coalesce(s.controller_id, $2), k.given_name, k.family_name, k.birth_date, $3, $3
       FROM directory.known_people k LEFT JOIN directory.known_schools s ON s.place = k.home
       WHERE k.pass = $1 AND k.is_new RETURNING 1)
     SELECT count(*)::int AS total FROM made`,
    [place, controller, at],
  );
  const changed = await tx.query<{ id: string }>(
    `UPDATE directory.people t
     SET given_name = k.given_name, family_name = k.family_name, birth_date = k.birth_date, updated_at = $2
     FROM directory.known_people k
     WHERE k.pass = $1 AND NOT k.is_new AND k.names_person AND t.id = k.person_id
       AND (t.given_name, t.family_name, t.birth_date) IS DISTINCT FROM (k.given_name, k.family_name, k.birth_date)
     RETURNING t.id`,
    [place, at],
  );
  const returned = await tx.query<Returned>(
    `UPDATE directory.people t SET leaving_since = NULL, updated_at = $2,
       status_reason = CASE WHEN t.status_reason = 'left_at_year_end' THEN NULL ELSE t.status_reason END,
       status = CASE WHEN t.status = 'departed' OR t.status_reason = 'left_at_year_end' THEN 'active' ELSE t.status END
     FROM directory.known_people k LEFT JOIN directory.known_schools s ON s.place = k.home
     WHERE k.pass = $1 AND NOT k.is_new AND t.id = k.person_id AND t.leaving_since IS NOT NULL
     RETURNING t.id, coalesce(s.controller_id, $3) AS controller`,
    [place, at, controller],
  );
  const keys = `INSERT INTO directory.join_keys AS t (kind, value, degree, person_id, academy_id, category, attached_to, teaches,
       directs)
     SELECT directory.import_keys(), $2 || '-' || k.key, $3, k.person_id, $4, k.category, k.school_key, k.teaches, k.directs
     FROM directory.known_people k WHERE k.pass = $1`;
  // Of a new person the key is new: looking for it first would cost a third more.
  await tx.query(`${keys} AND k.is_new ORDER BY k.key`, [place, keySpace, degree, academy]);
  await tx.query(
    `${keys} AND NOT k.is_new
     ON CONFLICT (kind, value, degree) DO UPDATE SET missing_since = NULL, attached_to = EXCLUDED.attached_to,
       teaches = EXCLUDED.teaches, directs = EXCLUDED.directs
     WHERE (t.missing_since, t.attached_to, t.teaches, t.directs)
       IS DISTINCT FROM (NULL, EXCLUDED.attached_to, EXCLUDED.teaches, EXCLUDED.directs)`,
    [place, keySpace, degree, academy],
  );
  await applyMailboxes(tx, pass);
  return {
    created: created!.total,
    changed: changed.map(({ id }) => id),
    returned,
  };
}

/**
 * Keeps the mailboxes by which the academy's portal names its agents. One that the feed takes from a person leaves them
 * at once, for the academy may give it to somebody else; one that two people claim leads to nobody.
 */
async function applyMailboxes(tx: Tx, { place, degree, academy }: Pass): Promise<void> {
  await tx.query(
    `DELETE FROM directory.join_keys t USING directory.known_people k
     WHERE k.pass = $1 AND k.category = 'staff' AND NOT k.is_new AND t.person_id = k.person_id
       AND t.kind = 'agent_mail' AND t.degree = $2 AND k.mail IS DISTINCT FROM t.value`,
    [place, degree],
  );
  await tx.query(
    `INSERT INTO directory.join_keys AS t (kind, value, degree, person_id, academy_id, category)
     SELECT 'agent_mail', k.mail, $2, k.person_id, $3, 'staff'
     FROM directory.known_people k WHERE k.pass = $1 AND k.category = 'staff' AND k.mail IS NOT NULL
     ON CONFLICT (kind, value, degree) DO UPDATE SET person_id = EXCLUDED.person_id, academy_id = EXCLUDED.academy_id
       WHERE t.person_id <> EXCLUDED.person_id`,
    [place, degree, academy],
  );
}
