-- Schools are applied side by side, so nobody may be written by two of them: whoever touches several schools, or none, is
-- written in a pass of their own before (0); everybody else in their school's.
ALTER TABLE directory.resolved_people ADD COLUMN pass int NOT NULL DEFAULT 0;
DROP INDEX directory.resolved_people_by_home;
CREATE INDEX resolved_people_by_pass ON directory.resolved_people (pass);
CREATE OR REPLACE VIEW directory.known_people AS SELECT * FROM directory.resolved_people
  WHERE (SELECT directory.sees_all()) AND degree = (SELECT current_setting('socle.import_degree', true));

-- Who processes what a school's people do: the controller of the school at each place of the run.
CREATE UNLOGGED TABLE directory.resolved_schools (
  place int NOT NULL, controller_id uuid NOT NULL,
  degree text NOT NULL DEFAULT current_setting('socle.import_degree', true));
CREATE VIEW directory.known_schools AS SELECT * FROM directory.resolved_schools
  WHERE (SELECT directory.sees_all()) AND degree = (SELECT current_setting('socle.import_degree', true));
GRANT INSERT ON directory.resolved_schools TO socle_app;
GRANT SELECT ON directory.known_schools TO socle_app;

CREATE OR REPLACE FUNCTION directory.empty_staging() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = directory, pg_catalog
AS $$
  TRUNCATE incoming_schools, incoming_subjects, incoming_mefs, incoming_divisions, incoming_people, incoming_roles,
    incoming_members, incoming_teaching, incoming_heads, incoming_links, incoming_requests, incoming_departures,
    resolved_people, resolved_schools
$$;

-- A sample of 6 000 rows tells an empty table from a full one as well as one of 30 000; autovacuum looks closer later.
ALTER FUNCTION directory.analyze_imported() SET default_statistics_target = 20;
ALTER FUNCTION directory.analyze_staging() SET default_statistics_target = 20;
ALTER FUNCTION directory.analyze_resolved() SET default_statistics_target = 20;
