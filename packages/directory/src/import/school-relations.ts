import type { Relation } from './build-diff.ts';

/** Roles of a school: its pupils', its staff's, and its pupils' guardians'. */
export const ROLES: Relation = {
  table: 'roles',
  desired: `
    SELECT k.person_id, g.role, $1::uuid AS school_id, min(g.function_code) AS function_code FROM (
      SELECT key, 'pupil' AS category, 'pupil' AS role, NULL AS function_code
      FROM directory.staged_people WHERE school_key = $2 AND category = 'pupil'
      UNION ALL
      SELECT key, 'staff', role, function_code FROM directory.staged_roles WHERE school_key = $2
      UNION ALL
      SELECT l.adult_key, 'relative', 'guardian', NULL
      FROM directory.staged_people p JOIN directory.staged_links l ON l.child_key = p.key
      WHERE p.school_key = $2 AND p.category = 'pupil' AND l.kind IN ('legal', 'in_charge')
    ) g JOIN directory.known_people k ON k.key = g.key AND k.category = g.category AND k.state <> 'gone'
    GROUP BY k.person_id, g.role`,
  keys: ['$t.person_id', '$t.role', '$t.school_id'],
  ofSchool: 't.school_id = $1',
  columns: ['person_id', 'role', 'school_id', 'function_code'],
  constants: { id: 'directory.next_id($3, $6)', scope: `'school'` },
  label: 't.role',
};

/** Classes and groups of the school's pupils. */
export const MEMBERS: Relation = {
  table: 'division_members',
  desired: `
    SELECT DISTINCT d.id AS division_id, k.person_id
    FROM directory.staged_members m
    JOIN directory.known_people k ON k.key = m.key AND k.category = 'pupil'
    JOIN directory.divisions d ON d.school_id = $1 AND d.kind = m.kind AND d.code = m.code
    WHERE m.school_key = $2`,
  keys: ['$t.division_id', '$t.person_id'],
  ofSchool: 't.division_id IN (SELECT id FROM directory.divisions WHERE school_id = $1)',
  columns: ['division_id', 'person_id'],
  constants: {},
  label: `NULL::text`,
};

/** Who teaches what to which class or group of the school. */
export const TEACHING: Relation = {
  table: 'teaching_assignments',
  desired: `
    SELECT DISTINCT d.id AS division_id, k.person_id, s.id AS subject_id
    FROM directory.staged_teaching t
    JOIN directory.known_people k ON k.key = t.key AND k.category = 'staff'
    JOIN directory.divisions d ON d.school_id = $1 AND d.kind = t.kind AND d.code = t.code
    LEFT JOIN directory.subjects s ON s.academy_id = $6 AND s.code = t.subject_code
    WHERE t.school_key = $2`,
  keys: [
    '$t.division_id',
    '$t.person_id',
    `coalesce($t.subject_id, '00000000-0000-0000-0000-000000000000'::uuid)`,
  ],
  ofSchool: 't.division_id IN (SELECT id FROM directory.divisions WHERE school_id = $1)',
  columns: ['division_id', 'person_id', 'subject_id'],
  constants: {},
  label: `NULL::text`,
};

/** Head teachers (professeurs principaux) of the school's classes. */
export const HEADS: Relation = {
  table: 'head_teachers',
  desired: `
    SELECT DISTINCT d.id AS division_id, k.person_id
    FROM directory.staged_heads h
    JOIN directory.known_people k ON k.key = h.key AND k.category = 'staff'
    JOIN directory.divisions d ON d.school_id = $1 AND d.kind = 'class' AND d.code = h.code
    WHERE h.school_key = $2`,
  keys: ['$t.division_id', '$t.person_id'],
  ofSchool: 't.division_id IN (SELECT id FROM directory.divisions WHERE school_id = $1)',
  columns: ['division_id', 'person_id'],
  constants: {},
  label: `NULL::text`,
};
