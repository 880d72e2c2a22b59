import type { Tx } from '@socle/db';
import type { Pass } from '../import/pass.ts';
import type { Rollover } from './plan-year.ts';

/**
 * Puts what a feed says of one school into the plan of its next year, in place of what an earlier feed said; what was
 * planned by hand of a person stays. Of a delta, only people who are staged whole are planned anew.
 */
export async function planFeed(tx: Tx, pass: Pass, plan: Rollover): Promise<void> {
  const values = [plan.id, pass.school!.key, pass.controller];
  const stale = pass.partial
    ? `AND person_id IN (SELECT person_id FROM directory.known_people WHERE state <> 'context')`
    : '';
  for (const table of ['planned_roles', 'planned_places']) {
    await tx.query(`DELETE FROM directory.${table} WHERE rollover_id = $1 AND source = 'feed' ${stale}`, [
      plan.id,
    ]);
  }
  await tx.query(PLAN_ROLES, values);
  await tx.query(PLAN_PLACES, [...values, pass.academy]);
}

const BY_HAND = `(SELECT h.person_id FROM directory.planned_roles h WHERE h.rollover_id = $1 AND h.source = 'manual')`;

const PLAN_ROLES = `
  INSERT INTO directory.planned_roles (rollover_id, person_id, controller_id, role, function_code, source)
  SELECT $1, k.person_id, $3, g.role, min(g.function_code), 'feed' FROM (
    SELECT key, 'pupil' AS category, 'pupil' AS role, NULL AS function_code
    FROM directory.staged_people WHERE school_key = $2 AND category = 'pupil'
    UNION ALL SELECT key, 'staff', role, function_code FROM directory.staged_roles WHERE school_key = $2
    UNION ALL
    SELECT l.adult_key, 'relative', 'guardian', NULL
    FROM directory.staged_people p JOIN directory.staged_links l ON l.child_key = p.key
    WHERE p.school_key = $2 AND p.category = 'pupil' AND l.kind IN ('legal', 'in_charge')
  ) g JOIN directory.known_people k ON k.key = g.key AND k.category = g.category AND k.state <> 'gone'
  WHERE k.person_id NOT IN ${BY_HAND}
  GROUP BY k.person_id, g.role
  ON CONFLICT DO NOTHING`;

const PLAN_PLACES = `
  INSERT INTO directory.planned_places (rollover_id, person_id, controller_id, relation, kind, code, name, subject_id, source)
  SELECT DISTINCT $1::uuid, k.person_id, $3::uuid, g.relation, g.kind, g.code, n.name, u.id, 'feed' FROM (
    SELECT key, 'pupil' AS category, 'member' AS relation, kind, code, NULL AS subject_code
    FROM directory.staged_members WHERE school_key = $2
    UNION ALL SELECT key, 'staff', 'teaching', kind, code, subject_code FROM directory.staged_teaching WHERE school_key = $2
    UNION ALL SELECT key, 'staff', 'head', 'class', code, NULL FROM directory.staged_heads WHERE school_key = $2
  ) g JOIN directory.known_people k ON k.key = g.key AND k.category = g.category AND k.state <> 'gone'
  LEFT JOIN (SELECT kind, code, max(name) AS name FROM directory.staged_divisions WHERE school_key = $2 GROUP BY kind, code) n
    ON n.kind = g.kind AND n.code = g.code
  LEFT JOIN directory.subjects u ON u.academy_id = $4 AND u.code = g.subject_code
  WHERE k.person_id NOT IN ${BY_HAND}
  ON CONFLICT DO NOTHING`;
