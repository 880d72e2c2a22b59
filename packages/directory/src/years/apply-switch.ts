import type { PersonId } from '@socle/base';
import type { Tx } from '@socle/db';
import type { Rollover } from './plan-year.ts';

/** One row that a switch ended or opened, or one person who left or came back. */
export interface YearStep {
  readonly relation:
    | 'roles'
    | 'division_members'
    | 'teaching_assignments'
    | 'head_teachers'
    | 'divisions'
    | 'people';
  readonly change: 'ended' | 'opened' | 'retired' | 'left' | 'returned';
  readonly row_key: string;
  readonly person_id: PersonId | null;
}

/** Why a person who held no role any more was suspended by a switch: a feed that names them again lifts it. */
const LEFT_AT_YEAR_END = 'left_at_year_end';

/**
 * Brings a school from its running year to the planned one, in the caller's transaction, and writes each step down.
 * Classes get new identities even under old codes: what was done in last year's 3A is not this year's 3A's.
 */
export async function applySwitch(tx: Tx, rollover: Rollover, at: Date): Promise<readonly YearStep[]> {
  const steps = [rollover.id, rollover.school, rollover.controller, at];
  await tx.query(END_ROLES, steps);
  for (const table of ['division_members', 'teaching_assignments', 'head_teachers']) {
    await tx.query(buildEndPlaces(table), steps);
  }
  await tx.query(RETIRE_DIVISIONS, [...steps, previousYear(rollover.schoolYear)]);
  await tx.query(OPEN_DIVISIONS, steps);
  await tx.query(OPEN_ROLES, steps);
  for (const [table, relation, subject] of [
    ['division_members', 'member', false],
    ['teaching_assignments', 'teaching', true],
    ['head_teachers', 'head', false],
  ] as const) {
    await tx.query(buildOpenPlaces(table, relation, subject), steps);
  }
  await tx.query(LEAVE, [...steps.slice(0, 1), ...steps.slice(2), LEFT_AT_YEAR_END]);
  await tx.query(RETURN, [...steps.slice(0, 1), ...steps.slice(2), LEFT_AT_YEAR_END]);
  await tx.query(END_GUESTS, steps);
  return tx.query<YearStep>(
    'SELECT relation, change, row_key, person_id FROM directory.rollover_steps WHERE rollover_id = $1',
    [rollover.id],
  );
}

function previousYear(schoolYear: string): string {
  const first = Number(schoolYear.slice(0, 4));
  return `${first - 1}-${first}`;
}

const NOTE =
  'INSERT INTO directory.rollover_steps (rollover_id, controller_id, relation, row_key, person_id, change, before)';

/** Roles from a feed that the plan has not; of those given by hand, only the ones that go with a year. */
const END_ROLES = `
  WITH old AS (
    SELECT r.id, r.person_id, r.valid_to FROM directory.roles r
    WHERE r.school_id = $2 AND (r.valid_to IS NULL OR r.valid_to > $4) AND r.valid_from <= $4
      AND (r.source = 'feed' OR r.role IN ('pupil', 'guardian', 'teacher', 'head_teacher'))
      AND NOT EXISTS (SELECT FROM directory.planned_roles p
        WHERE p.rollover_id = $1 AND p.person_id = r.person_id AND p.role = r.role)
  ), ended AS (
    UPDATE directory.roles r SET valid_to = $4 FROM old o WHERE r.id = o.id RETURNING r.id, r.person_id, o.valid_to AS before
  )
  ${NOTE} SELECT $1, $3, 'roles', id::text, person_id, 'ended', before::text FROM ended`;

const buildEndPlaces = (table: string) => `
  WITH old AS (
    SELECT t.id, t.valid_to FROM directory.${table} t JOIN directory.divisions d ON d.id = t.division_id
    WHERE d.school_id = $2 AND (t.valid_to IS NULL OR t.valid_to > $4) AND t.valid_from <= $4
  ), ended AS (
    UPDATE directory.${table} t SET valid_to = $4 FROM old o WHERE t.id = o.id
    RETURNING t.id, t.person_id, o.valid_to AS before
  )
  ${NOTE} SELECT $1, $3, '${table}', id::text, person_id, 'ended', before::text FROM ended`;

const RETIRE_DIVISIONS = `
  WITH old AS (SELECT id, code FROM directory.divisions WHERE school_id = $2 AND retired_at IS NULL),
  retired AS (
    UPDATE directory.divisions d SET retired_at = $4, code = left(o.code, 48) || '@' || $5 || CASE WHEN length(o.code) > 48
      THEN substr(md5(o.code), 1, 4) ELSE '' END
    FROM old o WHERE d.id = o.id RETURNING d.id, o.code AS before
  )
  ${NOTE} SELECT $1, $3, 'divisions', id::text, NULL, 'retired', before FROM retired`;

const OPEN_DIVISIONS = `
  WITH opened AS (
    INSERT INTO directory.divisions (id, school_id, controller_id, kind, code, name, created_at)
    SELECT directory.new_id($4), $2, $3, p.kind, p.code, coalesce(max(p.name), p.code), $4
    FROM directory.planned_places p WHERE p.rollover_id = $1 GROUP BY p.kind, p.code RETURNING id
  )
  ${NOTE} SELECT $1, $3, 'divisions', id::text, NULL, 'opened', NULL FROM opened`;

const OPEN_ROLES = `
  WITH opened AS (
    INSERT INTO directory.roles (id, person_id, role, scope, school_id, controller_id, function_code, source, valid_from, reason)
    SELECT directory.new_id($4), p.person_id, p.role, 'school', $2, $3, p.function_code, p.source, $4,
      CASE WHEN p.source = 'manual' THEN 'Rentrée' END
    FROM directory.planned_roles p
    WHERE p.rollover_id = $1 AND NOT EXISTS (SELECT FROM directory.roles r WHERE r.person_id = p.person_id AND r.role = p.role
      AND r.school_id = $2 AND r.valid_from <= $4 AND (r.valid_to IS NULL OR r.valid_to > $4))
    RETURNING id, person_id
  )
  ${NOTE} SELECT $1, $3, 'roles', id::text, person_id, 'opened', NULL FROM opened`;

const buildOpenPlaces = (table: string, relation: string, subject: boolean) => `
  WITH opened AS (
    INSERT INTO directory.${table} (division_id, person_id, ${subject ? 'subject_id, ' : ''}controller_id, source, valid_from)
    SELECT d.id, p.person_id, ${subject ? 'p.subject_id, ' : ''}$3, p.source, $4
    FROM directory.planned_places p JOIN directory.divisions d
      ON d.school_id = $2 AND d.kind = p.kind AND d.code = p.code AND d.retired_at IS NULL
    WHERE p.rollover_id = $1 AND p.relation = '${relation}' RETURNING id, person_id
  )
  ${NOTE} SELECT $1, $3, '${table}', id::text, person_id, 'opened', NULL FROM opened`;

/** Who has no role left anywhere, and is planned nowhere, leaves at once; the clock of the retention starts. */
const LEAVE = `
  WITH gone AS (
    SELECT p.id, p.leaving_since FROM directory.people p
    WHERE p.status = 'active' AND p.id IN (
        SELECT s.person_id FROM directory.rollover_steps s
        WHERE s.rollover_id = $1 AND s.relation = 'roles' AND s.change = 'ended')
      AND NOT EXISTS (SELECT FROM directory.roles r WHERE r.person_id = p.id AND (r.valid_to IS NULL OR r.valid_to > $3))
      AND NOT EXISTS (SELECT FROM directory.planned_roles o JOIN directory.rollovers ro ON ro.id = o.rollover_id
        WHERE o.person_id = p.id AND ro.state = 'preparing')
  ), gone_now AS (
    UPDATE directory.people p SET status = 'suspended', status_reason = $4, updated_at = $3,
      leaving_since = coalesce(p.leaving_since, $3)
    FROM gone g WHERE p.id = g.id RETURNING p.id, g.leaving_since AS before
  )
  ${NOTE} SELECT $1, $2, 'people', id::text, id, 'left', before::text FROM gone_now`;

const RETURN = `
  WITH back AS (
    SELECT p.id, p.leaving_since FROM directory.people p JOIN directory.planned_roles r ON r.person_id = p.id
    WHERE r.rollover_id = $1 AND p.status = 'suspended' AND p.status_reason = $4 GROUP BY p.id
  ), returned AS (
    UPDATE directory.people p SET status = 'active', status_reason = NULL, leaving_since = NULL, updated_at = $3
    FROM back b WHERE p.id = b.id RETURNING p.id, b.leaving_since AS before
  )
  ${NOTE} SELECT $1, $2, 'people', id::text, id, 'returned', before::text FROM returned`;

/** Guests of sponsors who no longer work here go, and come back when the switch is taken back. */
const END_GUESTS = `
  WITH old AS (
    SELECT g.id, g.valid_to FROM directory.roles g
    WHERE g.school_id = $2 AND g.role = 'guest' AND g.valid_to > $4 AND NOT EXISTS (
      SELECT FROM directory.roles r WHERE r.person_id = g.sponsor_id AND r.school_id = $2 AND r.id <> g.id
        AND r.role IN ('teacher', 'librarian', 'cpe', 'head', 'local_admin') AND (r.valid_to IS NULL OR r.valid_to > $4))
  ), ended AS (
    UPDATE directory.roles g SET valid_to = greatest($4, g.valid_from) FROM old o WHERE g.id = o.id
    RETURNING g.id, g.person_id, o.valid_to AS before
  )
  ${NOTE} SELECT $1, $3, 'roles', id::text, person_id, 'ended', before::text FROM ended`;
