import type { PersonId } from '@socle/base';
import type { Tx } from '@socle/db';
import type { RolloverId } from '../ids.ts';

/** The next year of a school in detail. */
export interface YearDetails {
  /** Classes and groups of the next year, by kind and code. */
  readonly divisions: readonly PlannedDivisionCount[];
  /** Who loses a role, or teaches or leads a class that they have no more next year; by name. */
  readonly losses: readonly YearLoss[];
}

interface PlannedDivisionCount {
  readonly kind: 'class' | 'group';
  readonly code: string;
  readonly name: string;
  readonly pupils: number;
  readonly teachers: number;
  /** Is there a class or group of this code this year? */
  readonly isKnown: boolean;
}

interface YearLoss {
  readonly person: PersonId;
  readonly roles: readonly string[];
  /** Codes of the classes and groups that they taught or led. */
  readonly divisions: readonly string[];
}

/** Reads the details while the steps of a switch are written down: within a preview, before it is rolled back. */
export async function loadYearDetails(tx: Tx, id: RolloverId): Promise<YearDetails> {
  const divisions = await tx.query<PlannedDivisionCount>(
    `SELECT p.kind, p.code, coalesce(max(p.name), p.code) AS name,
       (count(DISTINCT p.person_id) FILTER (WHERE p.relation = 'member'))::int AS pupils,
       (count(DISTINCT p.person_id) FILTER (WHERE p.relation IN ('teaching', 'head')))::int AS teachers,
       EXISTS (SELECT FROM directory.rollover_steps s JOIN directory.divisions d ON d.id::text = s.row_key
         WHERE s.rollover_id = $1 AND s.relation = 'divisions' AND s.change = 'retired' AND s.before = p.code
           AND d.kind = p.kind) AS "isKnown"
     FROM directory.planned_places p WHERE p.rollover_id = $1
     GROUP BY p.kind, p.code ORDER BY p.kind, p.code`,
    [id],
  );
  const losses = await tx.query<YearLoss>(
    `WITH ended AS (
       SELECT s.person_id, r.role, NULL AS code FROM directory.rollover_steps s
       JOIN directory.roles r ON s.relation = 'roles' AND r.id::text = s.row_key
       WHERE s.rollover_id = $1 AND s.change = 'ended' AND r.role <> 'guardian'
       UNION
       SELECT t.person_id, NULL, t.code FROM (
         SELECT s.person_id, a.division_id, s.relation, d.before AS code, v.kind
         FROM directory.rollover_steps s
         LEFT JOIN directory.teaching_assignments a ON s.relation = 'teaching_assignments' AND a.id::text = s.row_key
         LEFT JOIN directory.head_teachers h ON s.relation = 'head_teachers' AND h.id::text = s.row_key
         JOIN directory.divisions v ON v.id = coalesce(a.division_id, h.division_id)
         JOIN directory.rollover_steps d ON d.rollover_id = $1 AND d.relation = 'divisions' AND d.change = 'retired'
           AND d.row_key = v.id::text
         WHERE s.rollover_id = $1 AND s.change = 'ended' AND s.relation IN ('teaching_assignments', 'head_teachers')
       ) t
       WHERE NOT EXISTS (SELECT FROM directory.planned_places p WHERE p.rollover_id = $1 AND p.person_id = t.person_id
         AND p.relation = CASE t.relation WHEN 'head_teachers' THEN 'head' ELSE 'teaching' END
         AND p.kind = t.kind AND p.code = t.code)
     )
     SELECT e.person_id AS person, coalesce(array_agg(DISTINCT e.role) FILTER (WHERE e.role IS NOT NULL), '{}') AS roles,
       coalesce(array_agg(DISTINCT e.code) FILTER (WHERE e.code IS NOT NULL), '{}') AS divisions
     FROM ended e JOIN directory.people p ON p.id = e.person_id
     GROUP BY e.person_id, p.sort_name ORDER BY p.sort_name, e.person_id`,
    [id],
  );
  return { divisions, losses };
}
