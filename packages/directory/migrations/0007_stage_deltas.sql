-- A run stages each degree once, side by side, and a delta stages the people whom it names beside those near to them.
ALTER TABLE directory.imports ADD COLUMN feed_day date;
UPDATE directory.imports SET feed_day = to_date(substring(file_name FROM '_(20[0-9]{6})_[A-Za-z]+_[0-9]+[.]xml$'), 'YYYYMMDD');

-- What the feed said of a person that roles alone do not tell: a later delta may not repeat it.
ALTER TABLE directory.join_keys
  -- ENTPersonStructRattach: the school that a pupil is of, or where an agent is administered.
  ADD COLUMN attached_to text CHECK (length(attached_to) <= 32),
  ADD COLUMN teaches boolean;

-- The requests of a delta as they came, and the keys that it takes away.
CREATE UNLOGGED TABLE directory.incoming_requests (
  number int NOT NULL, operation text NOT NULL, category text NOT NULL, key text COLLATE "C" NOT NULL, attributes jsonb NOT NULL);
CREATE INDEX incoming_requests_by_key ON directory.incoming_requests (category, key);
CREATE UNLOGGED TABLE directory.incoming_departures (category text NOT NULL, key text COLLATE "C" NOT NULL);
ALTER TABLE directory.incoming_people ADD COLUMN teaches boolean;
-- `named` by the feed; `near` to somebody named, and staged whole from what is known; `context`, only there to be linked
-- to; `gone` by the feed's word. A complete feed names everybody.
ALTER TABLE directory.resolved_people ADD COLUMN state text NOT NULL DEFAULT 'named'
  CHECK (state IN ('named', 'near', 'context', 'gone'));

DO $$
DECLARE
  part text;
BEGIN
  FOREACH part IN ARRAY ARRAY['schools', 'subjects', 'mefs', 'divisions', 'people', 'roles', 'members', 'teaching', 'heads',
    'links', 'requests', 'departures']
  LOOP
    EXECUTE format('ALTER TABLE directory.incoming_%s ADD COLUMN degree text NOT NULL
      DEFAULT current_setting(''socle.import_degree'', true)', part);
    EXECUTE format('CREATE OR REPLACE VIEW directory.staged_%1$s AS SELECT * FROM directory.incoming_%1$s
      WHERE (SELECT directory.sees_all()) AND degree = (SELECT current_setting(''socle.import_degree'', true))', part);
  END LOOP;
END $$;
ALTER TABLE directory.resolved_people ADD COLUMN degree text NOT NULL DEFAULT current_setting('socle.import_degree', true),
  DROP CONSTRAINT resolved_people_pkey, ADD PRIMARY KEY (key, degree);
CREATE OR REPLACE VIEW directory.known_people AS SELECT * FROM directory.resolved_people
  WHERE (SELECT directory.sees_all()) AND degree = (SELECT current_setting('socle.import_degree', true));
GRANT INSERT ON directory.incoming_requests, directory.incoming_departures TO socle_app;
GRANT SELECT, DELETE ON directory.staged_requests, directory.staged_departures TO socle_app;

CREATE OR REPLACE FUNCTION directory.empty_staging() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = directory, pg_catalog
AS $$
  TRUNCATE incoming_schools, incoming_subjects, incoming_mefs, incoming_divisions, incoming_people, incoming_roles,
    incoming_members, incoming_teaching, incoming_heads, incoming_links, incoming_requests, incoming_departures,
    resolved_people
$$;
-- Once read, and once resolved: each table is looked at when it has changed.
CREATE FUNCTION directory.analyze_resolved() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = directory, pg_catalog
AS $$ BEGIN ANALYZE resolved_people; END $$;
REVOKE ALL ON FUNCTION directory.analyze_resolved() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION directory.analyze_resolved() TO socle_app;

-- PostgreSQL 18 makes version 7 UUIDs itself, at a fraction of the cost; before, the first migration's form stays.
DO $do$
BEGIN
  IF current_setting('server_version_num')::int >= 180000 THEN
    EXECUTE $sql$
      CREATE OR REPLACE FUNCTION directory.new_id(at timestamptz) RETURNS uuid
      LANGUAGE sql VOLATILE PARALLEL SAFE
      AS $$ SELECT uuidv7(at - clock_timestamp()) $$
    $sql$;
  END IF;
END $do$;
