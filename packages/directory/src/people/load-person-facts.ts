import type { ChildFact, PersonFacts, RoleFact, TeachingFact } from '@socle/authorization';
import type { PersonId } from '@socle/base';
import type { Tx } from '@socle/db';
import { refuse } from '../errors.ts';

interface Row {
  readonly revision: number;
  readonly status: string;
  readonly birth_date: string | null;
  readonly roles: readonly (Window & Omit<RoleFact, 'from' | 'to'>)[];
  readonly teaches: readonly JsonDivision[];
  readonly heads: readonly JsonDivision[];
  readonly members: readonly JsonDivision[];
  readonly children: readonly (Window & Omit<ChildFact, 'from' | 'to'>)[];
  readonly schools: readonly { id: string; academy: string; region: string; controller: string }[];
}

interface Window {
  readonly from: string | null;
  readonly to: string | null;
}

interface JsonDivision extends Window {
  readonly school: string;
  readonly division: string;
  readonly subject?: string | null;
}

/**
 * Everything that decides what a person may do, in one statement, so of one instant of the database.
 * Windows that are over at `at` are left out; those to come are in, with their start.
 * A decision recorded by the school about parental authority hides what the feed says of that pair;
 * a link ends when the child comes of age (code civil, art. 371-1), at midnight where the school stands.
 *
 * @throws DirectoryError `person_unknown` when there is none, or none that the transaction's scope shows.
 */
export async function loadPersonFacts(tx: Tx, personId: PersonId, at: Date): Promise<PersonFacts> {
  const [row] = await tx.query<Row>(FACTS, [personId, at]);
  if (!row) throw refuse('person_unknown', 404, 'This person is not known here.');
  return {
    person: personId,
    revision: row.revision,
    suspended: row.status !== 'active',
    ...(row.birth_date ? { birthDate: row.birth_date } : {}),
    roles: row.roles.map((role) => ({
      role: role.role,
      scope: role.scope,
      domain: role.domain,
      ...readWindow(role),
    })),
    teaches: row.teaches.map(readDivision),
    headTeacherOf: row.heads.map(readDivision),
    memberOf: row.members.map(readDivision),
    children: row.children.map((link) => ({
      child: link.child,
      kind: link.kind,
      exercise: link.exercise,
      schools: link.schools,
      divisions: link.divisions,
      ...readWindow(link),
    })),
    schools: new Map(
      row.schools.map(({ id, academy, region, controller }) => [id, { academy, region, controller }]),
    ),
  };
}

function readWindow(window: Window): { from?: Date; to?: Date } {
  return {
    ...(window.from ? { from: new Date(window.from) } : {}),
    ...(window.to ? { to: new Date(window.to) } : {}),
  };
}

function readDivision(row: JsonDivision): TeachingFact {
  return {
    school: row.school,
    division: row.division,
    ...(row.subject ? { subject: row.subject } : {}),
    ...readWindow(row),
  };
}

const FACTS = `
  WITH r AS (
    SELECT role, scope, domain_id, school_id, academy_id, region_id, valid_from, valid_to
    FROM directory.roles WHERE person_id = $1 AND (valid_to IS NULL OR valid_to > $2)
  ), t AS (
    SELECT d.school_id, a.division_id, a.subject_id, a.valid_from, a.valid_to
    FROM directory.teaching_assignments a JOIN directory.divisions d ON d.id = a.division_id
    WHERE a.person_id = $1 AND (a.valid_to IS NULL OR a.valid_to > $2)
  ), h AS (
    SELECT d.school_id, a.division_id, a.valid_from, a.valid_to
    FROM directory.head_teachers a JOIN directory.divisions d ON d.id = a.division_id
    WHERE a.person_id = $1 AND (a.valid_to IS NULL OR a.valid_to > $2)
  ), m AS (
    SELECT d.school_id, a.division_id, a.valid_from, a.valid_to
    FROM directory.division_members a JOIN directory.divisions d ON d.id = a.division_id
    WHERE a.person_id = $1 AND (a.valid_to IS NULL OR a.valid_to > $2)
  ), c AS (
    SELECT l.child_id, l.kind, l.exercise, l.valid_from, l.valid_to,
      ARRAY(SELECT s.school_id FROM directory.roles s WHERE s.person_id = l.child_id AND s.role = 'pupil'
        AND s.school_id IS NOT NULL AND s.valid_from <= $2 AND (s.valid_to IS NULL OR s.valid_to > $2)) AS schools,
      ARRAY(SELECT x.division_id FROM directory.division_members x WHERE x.person_id = l.child_id
        AND x.valid_from <= $2 AND (x.valid_to IS NULL OR x.valid_to > $2)) AS divisions
    FROM directory.links_in_force(NULL, $1, $2, NULL) l
  ), mentioned AS (
    SELECT school_id FROM r WHERE school_id IS NOT NULL
    UNION SELECT school_id FROM t UNION SELECT school_id FROM h UNION SELECT school_id FROM m
    UNION SELECT unnest(schools) FROM c
  )
  SELECT p.status, p.birth_date::text AS birth_date,
    (SELECT revision FROM directory.authorization_revisions) AS revision,
    (SELECT coalesce(json_agg(json_build_object('role', role, 'scope', scope, 'domain', domain_id,
      'from', valid_from, 'to', valid_to)), '[]') FROM r) AS roles,
    (SELECT coalesce(json_agg(json_build_object('school', school_id, 'division', division_id, 'subject', subject_id,
      'from', valid_from, 'to', valid_to)), '[]') FROM t) AS teaches,
    (SELECT coalesce(json_agg(json_build_object('school', school_id, 'division', division_id,
      'from', valid_from, 'to', valid_to)), '[]') FROM h) AS heads,
    (SELECT coalesce(json_agg(json_build_object('school', school_id, 'division', division_id,
      'from', valid_from, 'to', valid_to)), '[]') FROM m) AS members,
    (SELECT coalesce(json_agg(json_build_object('child', child_id, 'kind', kind, 'exercise', exercise,
      'schools', schools, 'divisions', divisions, 'from', valid_from, 'to', valid_to)), '[]') FROM c) AS children,
    (SELECT coalesce(json_agg(json_build_object('id', s.id, 'academy', s.academy_id, 'region', a.region_id,
      'controller', s.controller_id)), '[]')
     FROM directory.schools s JOIN directory.academies a ON a.id = s.academy_id
     WHERE s.id IN (SELECT school_id FROM mentioned)
       OR s.academy_id IN (SELECT academy_id FROM r WHERE academy_id IS NOT NULL)
       OR a.region_id IN (SELECT region_id FROM r WHERE region_id IS NOT NULL)) AS schools
  FROM directory.people p WHERE p.id = $1`;
