-- Names beside the schools where people are or were, so that a search in a school reads its few thousand names side by
-- side instead of fetching each person. One row a person and school; kept by triggers, read by people_named alone.
-- Personal data: names. They follow `people` at once, and go with the person.
CREATE TABLE directory.school_names (
  school_id uuid NOT NULL,
  person_id uuid NOT NULL,
  -- people.sort_name: it holds every name, each after a space but the first.
  sort_name text NOT NULL,
  PRIMARY KEY (school_id, person_id)
);
ALTER TABLE directory.school_names ENABLE ROW LEVEL SECURITY;

CREATE FUNCTION directory.keep_school_names() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
  INSERT INTO directory.school_names (school_id, person_id, sort_name)
  SELECT DISTINCT c.school_id, c.person_id, p.sort_name FROM changed c JOIN directory.people p ON p.id = c.person_id
  WHERE c.school_id IS NOT NULL
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER keeps_names AFTER INSERT ON directory.roles REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION directory.keep_school_names();

CREATE FUNCTION directory.follow_name() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
  UPDATE directory.school_names SET sort_name = NEW.sort_name
  WHERE person_id = NEW.id AND school_id IN (SELECT r.school_id FROM directory.roles r WHERE r.person_id = NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER names_follow AFTER UPDATE OF given_name, family_name ON directory.people FOR EACH ROW
  WHEN (OLD.sort_name <> NEW.sort_name) EXECUTE FUNCTION directory.follow_name();

CREATE FUNCTION directory.forget_names() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
  DELETE FROM directory.school_names WHERE person_id IN (SELECT id FROM gone);
  RETURN NULL;
END $$;
CREATE TRIGGER names_go AFTER DELETE ON directory.people REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION directory.forget_names();

INSERT INTO directory.school_names SELECT DISTINCT r.school_id, r.person_id, p.sort_name
  FROM directory.roles r JOIN directory.people p ON p.id = r.person_id WHERE r.school_id IS NOT NULL;

-- People of given schools whose names begin with given words: what a search starts from. Runs as the owner, because the
-- planner may use no condition on names before row-level security has been checked row by row; so it checks itself that
-- each row is of a controller that the transaction sees. Who may see whom is the policies', outside.
CREATE FUNCTION directory.people_named(words text[], in_schools uuid[], in_divisions uuid[], of_roles text[], at timestamptz)
RETURNS TABLE (person_id uuid, school_id uuid, role text, sort_name text, rank int)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
#variable_conflict use_column
DECLARE
  everything boolean := directory.sees_all();
  controllers uuid[] := directory.visible_controllers();
  w1 text := ' ' || words[1];
  w2 text := ' ' || words[2];
  w3 text := ' ' || words[3];
  w4 text := ' ' || words[4];
BEGIN
  RETURN QUERY
    WITH held AS (
      SELECT r.person_id, r.school_id, r.role, n.sort_name
      FROM directory.school_names n
      JOIN directory.roles r ON r.person_id = n.person_id AND r.school_id = n.school_id
      WHERE in_divisions IS NULL AND n.school_id = ANY (in_schools)
        AND (w1 IS NULL OR strpos(' ' || n.sort_name, w1) > 0)
        AND (w2 IS NULL OR strpos(' ' || n.sort_name, w2) > 0)
        AND (w3 IS NULL OR strpos(' ' || n.sort_name, w3) > 0)
        AND (w4 IS NULL OR strpos(' ' || n.sort_name, w4) > 0)
        AND (of_roles IS NULL OR r.role = ANY (of_roles))
        AND r.valid_from <= at AND (r.valid_to IS NULL OR r.valid_to > at)
        AND (everything OR r.controller_id = ANY (controllers))
      UNION ALL
      SELECT m.person_id, d.school_id, 'pupil', p.sort_name
      FROM directory.divisions d JOIN directory.division_members m ON m.division_id = d.id
      JOIN directory.people p ON p.id = m.person_id
      WHERE d.id = ANY (in_divisions) AND d.school_id = ANY (in_schools) AND (of_roles IS NULL OR 'pupil' = ANY (of_roles))
        AND (w1 IS NULL OR strpos(' ' || p.sort_name, w1) > 0)
        AND (w2 IS NULL OR strpos(' ' || p.sort_name, w2) > 0)
        AND (w3 IS NULL OR strpos(' ' || p.sort_name, w3) > 0)
        AND (w4 IS NULL OR strpos(' ' || p.sort_name, w4) > 0)
        AND m.valid_from <= at AND (m.valid_to IS NULL OR m.valid_to > at)
        AND (everything OR d.controller_id = ANY (controllers))
    )
    SELECT h.person_id, h.school_id, h.role, h.sort_name,
      -- Words that are a whole name come before beginnings, and those of the family name before others.
      CASE WHEN w1 IS NULL THEN 0 ELSE
        2 * ((w1 IS NOT NULL AND strpos(spaced, w1 || ' ') = 0)::int + (w2 IS NOT NULL AND strpos(spaced, w2 || ' ') = 0)::int
          + (w3 IS NOT NULL AND strpos(spaced, w3 || ' ') = 0)::int + (w4 IS NOT NULL AND strpos(spaced, w4 || ' ') = 0)::int)
        + 1 - (starts_with(spaced, w1) OR coalesce(starts_with(spaced, w2), false) OR coalesce(starts_with(spaced, w3), false)
          OR coalesce(starts_with(spaced, w4), false))::int END
    FROM held h, LATERAL (SELECT ' ' || replace(h.sort_name, ',', '') || ' ' AS spaced) s;
END $$;
REVOKE ALL ON FUNCTION directory.people_named(text[], uuid[], uuid[], text[], timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION directory.people_named(text[], uuid[], uuid[], text[], timestamptz) TO socle_app;
