-- A search reads names in the order of its results and stops when a page is full: of a school of 6 000 people it looks up the
-- roles of some forty. One process does it: starting two more, as the planner would for a large school, takes ten times as long
-- as the search. One plan serves all searches: its shape is fixed below, and making it anew takes longer than most of them.
DROP FUNCTION directory.people_named(text[], uuid[], uuid[], text[], timestamptz);

-- Members whose time in a class ends; of the others there is the index of open rows.
CREATE INDEX division_members_ending ON directory.division_members (division_id, valid_to) WHERE valid_to IS NOT NULL;

-- The first `most` people of given schools whose names begin with given words, after a place in the order, with their roles
-- there: what a search starts from. `only_of` leaves out whoever is in none of these classes and groups. Runs as the owner,
-- because the planner may use no condition on names before row-level security has been checked row by row; so it checks
-- itself that each row is of a controller that the transaction sees. Who may see whom is the policies', outside.
CREATE FUNCTION directory.people_named(words text[], in_schools uuid[], in_divisions uuid[], of_roles text[], at timestamptz,
  only_of uuid[], after_rank int, after_name text, after_person uuid, most int)
RETURNS TABLE (person_id uuid, school_id uuid, role text, sort_name text, rank int)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog
  SET max_parallel_workers_per_gather = 0 SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  everything boolean := directory.sees_all();
  controllers uuid[] := directory.visible_controllers();
  w1 text := ' ' || words[1];
  w2 text := ' ' || words[2];
  w3 text := ' ' || words[3];
  w4 text := ' ' || words[4];
  members uuid[];
BEGIN
  IF in_divisions IS NOT NULL THEN
    RETURN QUERY
      WITH held AS MATERIALIZED (
        SELECT m.person_id, d.school_id, p.sort_name,
          -- Words that are a whole name come before beginnings, and those of the family name before others.
          CASE WHEN w1 IS NULL THEN 0 ELSE
            2 * ((strpos(t.spaced, w1 || ' ') = 0)::int + coalesce((strpos(t.spaced, w2 || ' ') = 0)::int, 0)
              + coalesce((strpos(t.spaced, w3 || ' ') = 0)::int, 0) + coalesce((strpos(t.spaced, w4 || ' ') = 0)::int, 0))
            + 1 - (starts_with(t.spaced, w1) OR coalesce(starts_with(t.spaced, w2), false)
              OR coalesce(starts_with(t.spaced, w3), false) OR coalesce(starts_with(t.spaced, w4), false))::int END AS rank
        FROM directory.divisions d CROSS JOIN LATERAL (
          SELECT x.person_id FROM directory.division_members x
          WHERE x.division_id = d.id AND x.valid_from <= at AND x.valid_to IS NULL
          UNION ALL SELECT x.person_id FROM directory.division_members x
          WHERE x.division_id = d.id AND x.valid_from <= at AND x.valid_to > at) m
        JOIN directory.people p ON p.id = m.person_id
        CROSS JOIN LATERAL (SELECT ' ' || replace(p.sort_name, ',', '') || ' ' AS spaced) t
        WHERE d.id = ANY (in_divisions) AND d.school_id = ANY (in_schools) AND (of_roles IS NULL OR 'pupil' = ANY (of_roles))
          AND (w1 IS NULL OR strpos(' ' || p.sort_name, w1) > 0)
          AND (w2 IS NULL OR strpos(' ' || p.sort_name, w2) > 0)
          AND (w3 IS NULL OR strpos(' ' || p.sort_name, w3) > 0)
          AND (w4 IS NULL OR strpos(' ' || p.sort_name, w4) > 0)
          AND (everything OR d.controller_id = ANY (controllers))
      )
      SELECT h.person_id, h.school_id, 'pupil', h.sort_name, h.rank FROM held h
      WHERE h.person_id IN (
        SELECT f.person_id FROM (SELECT DISTINCT g.rank, g.sort_name, g.person_id FROM held g) f
        WHERE after_rank IS NULL OR (f.rank, f.sort_name, f.person_id) > (after_rank, after_name, after_person)
        ORDER BY f.rank, f.sort_name, f.person_id LIMIT most);
    RETURN;
  END IF;
  IF only_of IS NOT NULL THEN
    members := ARRAY (
      SELECT m.person_id FROM directory.division_members m
      WHERE m.division_id = ANY (only_of) AND m.valid_from <= at AND m.valid_to IS NULL
      UNION SELECT m.person_id FROM directory.division_members m
      WHERE m.division_id = ANY (only_of) AND m.valid_from <= at AND m.valid_to > at);
  END IF;
  -- Each LATERAL keeps what is inside from being joined before the page is chosen.
  RETURN QUERY
    SELECT c.person_id, r.school_id, r.role, c.sort_name, c.rank
    FROM (
      SELECT n.person_id, n.sort_name, n.rank
      FROM (
        SELECT DISTINCT k.rank, s.sort_name, s.person_id
        FROM directory.school_names s
        CROSS JOIN LATERAL (SELECT ' ' || replace(s.sort_name, ',', '') || ' ' AS spaced) t
        CROSS JOIN LATERAL (SELECT
          -- Words that are a whole name come before beginnings, and those of the family name before others.
          CASE WHEN w1 IS NULL THEN 0 ELSE
            2 * ((strpos(t.spaced, w1 || ' ') = 0)::int + coalesce((strpos(t.spaced, w2 || ' ') = 0)::int, 0)
              + coalesce((strpos(t.spaced, w3 || ' ') = 0)::int, 0) + coalesce((strpos(t.spaced, w4 || ' ') = 0)::int, 0))
            + 1 - (starts_with(t.spaced, w1) OR coalesce(starts_with(t.spaced, w2), false)
              OR coalesce(starts_with(t.spaced, w3), false) OR coalesce(starts_with(t.spaced, w4), false))::int END AS rank) k
        WHERE s.school_id = ANY (in_schools) AND (members IS NULL OR s.person_id IN (SELECT unnest(members)))
          AND (w1 IS NULL OR strpos(' ' || s.sort_name, w1) > 0)
          AND (w2 IS NULL OR strpos(' ' || s.sort_name, w2) > 0)
          AND (w3 IS NULL OR strpos(' ' || s.sort_name, w3) > 0)
          AND (w4 IS NULL OR strpos(' ' || s.sort_name, w4) > 0)
          AND (after_rank IS NULL OR (k.rank, s.sort_name, s.person_id) > (after_rank, after_name, after_person))
        ORDER BY k.rank, s.sort_name, s.person_id
        OFFSET 0
      ) n CROSS JOIN LATERAL (
        SELECT FROM directory.roles r WHERE r.person_id = n.person_id AND r.school_id = ANY (in_schools)
          AND (of_roles IS NULL OR r.role = ANY (of_roles))
          AND r.valid_from <= at AND (r.valid_to IS NULL OR r.valid_to > at)
          AND (everything OR r.controller_id = ANY (controllers))
        LIMIT 1
      ) found
      ORDER BY n.rank, n.sort_name, n.person_id LIMIT most
    ) c CROSS JOIN LATERAL (
      SELECT r.school_id, r.role FROM directory.roles r WHERE r.person_id = c.person_id AND r.school_id = ANY (in_schools)
        AND (of_roles IS NULL OR r.role = ANY (of_roles))
        AND r.valid_from <= at AND (r.valid_to IS NULL OR r.valid_to > at)
        AND (everything OR r.controller_id = ANY (controllers))
      OFFSET 0
    ) r;
END $$;
REVOKE ALL ON FUNCTION directory.people_named(text[], uuid[], uuid[], text[], timestamptz, uuid[], int, text, uuid, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION directory.people_named(text[], uuid[], uuid[], text[], timestamptz, uuid[], int, text, uuid, int) TO socle_app;
