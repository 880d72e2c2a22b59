-- Everything that decides what a person may do, of one instant of the database. In PL/pgSQL because it keeps the plan for the
-- session: planning this statement costs more than running it. Runs with the caller's rights, so under row-level security.
CREATE FUNCTION directory.person_facts(of_person uuid, at timestamptz)
RETURNS TABLE (status text, birth_date text, revision bigint, roles json, teaches json, heads json, members json,
  children json, schools json)
LANGUAGE plpgsql STABLE
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    WITH r AS (
      SELECT role, scope, domain_id, school_id, academy_id, region_id, valid_from, valid_to
      FROM directory.roles WHERE person_id = of_person AND (valid_to IS NULL OR valid_to > at)
    ), t AS (
      SELECT d.school_id, a.division_id, a.subject_id, a.valid_from, a.valid_to
      FROM directory.teaching_assignments a JOIN directory.divisions d ON d.id = a.division_id
      WHERE a.person_id = of_person AND (a.valid_to IS NULL OR a.valid_to > at)
    ), h AS (
      SELECT d.school_id, a.division_id, a.valid_from, a.valid_to
      FROM directory.head_teachers a JOIN directory.divisions d ON d.id = a.division_id
      WHERE a.person_id = of_person AND (a.valid_to IS NULL OR a.valid_to > at)
    ), m AS (
      SELECT d.school_id, a.division_id, a.valid_from, a.valid_to
      FROM directory.division_members a JOIN directory.divisions d ON d.id = a.division_id
      WHERE a.person_id = of_person AND (a.valid_to IS NULL OR a.valid_to > at)
    ), c AS (
      SELECT l.child_id, l.kind, l.exercise, l.valid_from, l.valid_to,
        ARRAY(SELECT s.school_id FROM directory.roles s WHERE s.person_id = l.child_id AND s.role = 'pupil'
          AND s.school_id IS NOT NULL AND s.valid_from <= at AND (s.valid_to IS NULL OR s.valid_to > at)) AS schools,
        ARRAY(SELECT x.division_id FROM directory.division_members x WHERE x.person_id = l.child_id
          AND x.valid_from <= at AND (x.valid_to IS NULL OR x.valid_to > at)) AS divisions
      FROM directory.links_in_force(NULL, of_person, at, NULL) l
    ), mentioned AS (
      SELECT school_id FROM r WHERE school_id IS NOT NULL
      UNION SELECT school_id FROM t UNION SELECT school_id FROM h UNION SELECT school_id FROM m
      UNION SELECT unnest(schools) FROM c
    )
    SELECT p.status, p.birth_date::text,
      (SELECT revision FROM directory.authorization_revisions),
      (SELECT coalesce(json_agg(json_build_object('role', role, 'scope', scope, 'domain', domain_id,
        'from', valid_from, 'to', valid_to)), '[]') FROM r),
      (SELECT coalesce(json_agg(json_build_object('school', school_id, 'division', division_id, 'subject', subject_id,
        'from', valid_from, 'to', valid_to)), '[]') FROM t),
      (SELECT coalesce(json_agg(json_build_object('school', school_id, 'division', division_id,
        'from', valid_from, 'to', valid_to)), '[]') FROM h),
      (SELECT coalesce(json_agg(json_build_object('school', school_id, 'division', division_id,
        'from', valid_from, 'to', valid_to)), '[]') FROM m),
      (SELECT coalesce(json_agg(json_build_object('child', child_id, 'kind', kind, 'exercise', exercise,
        'schools', schools, 'divisions', divisions, 'from', valid_from, 'to', valid_to)), '[]') FROM c),
      (SELECT coalesce(json_agg(json_build_object('id', s.id, 'academy', s.academy_id, 'region', a.region_id,
        'controller', s.controller_id)), '[]')
       FROM directory.schools s JOIN directory.academies a ON a.id = s.academy_id
       WHERE s.id IN (SELECT school_id FROM mentioned)
         OR s.academy_id IN (SELECT academy_id FROM r WHERE academy_id IS NOT NULL)
         OR a.region_id IN (SELECT region_id FROM r WHERE region_id IS NOT NULL))
    FROM directory.people p WHERE p.id = of_person;
END $$;
