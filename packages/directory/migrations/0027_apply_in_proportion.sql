-- What a pass of an import costs must grow with its school, not with the academy: the planner, for whom a table's pages lie
-- scattered on a disk, reads all of it rather than a thousand rows by index.

-- Names of the people whom a statement gives a role: looked up one by one, never by reading everybody.
ALTER FUNCTION directory.keep_school_names() SET enable_hashjoin = off;
ALTER FUNCTION directory.keep_school_names() SET enable_mergejoin = off;
ALTER FUNCTION directory.keep_school_names() SET enable_seqscan = off;

-- What a pass writes of a person lies beside what their key means, side by side with the others of the pass.
ALTER TABLE directory.resolved_people
  ADD COLUMN given_name text, ADD COLUMN family_name text, ADD COLUMN birth_date date, ADD COLUMN mail text,
  ADD COLUMN school_key text, ADD COLUMN teaches boolean, ADD COLUMN directs text;
CREATE OR REPLACE VIEW directory.known_people AS SELECT * FROM directory.resolved_people
  WHERE (SELECT directory.sees_all()) AND degree = (SELECT current_setting('socle.import_degree', true));

-- The same answers as before, in a form that the planner can put in place: with a search_path of their own they were set up and
-- run anew several times a statement.
CREATE OR REPLACE FUNCTION directory.sees_all() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT coalesce(pg_catalog.current_setting('socle.controllers', true) OPERATOR(pg_catalog.=) '*', false) $$;
ALTER FUNCTION directory.sees_all() RESET ALL;
CREATE OR REPLACE FUNCTION directory.visible_controllers() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
  SELECT CASE
    WHEN coalesce(pg_catalog.current_setting('socle.controllers', true), '') OPERATOR(pg_catalog.=) ANY (ARRAY['', '*'])
      THEN '{}'::pg_catalog.uuid[]
    ELSE pg_catalog.current_setting('socle.controllers', true)::pg_catalog.uuid[]
  END
$$;
ALTER FUNCTION directory.visible_controllers() RESET ALL;
CREATE OR REPLACE FUNCTION directory.has_scope() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
  SELECT coalesce(pg_catalog.current_setting('socle.controllers', true), '') OPERATOR(pg_catalog.<>) ALL (ARRAY['', '{}'])
$$;
ALTER FUNCTION directory.has_scope() RESET ALL;

-- Ids that grow with the clock from an instant on: rows written one after the other lie side by side in every index that leads
-- with them. `began` is what the clock said when the work of that instant began. Before PostgreSQL 18 they only share the instant.
DO $do$
BEGIN
  IF current_setting('server_version_num')::int >= 180000 THEN
    EXECUTE $sql$
      CREATE FUNCTION directory.next_id(at timestamptz, began timestamptz) RETURNS uuid
      LANGUAGE sql VOLATILE PARALLEL SAFE
      AS $$ SELECT uuidv7(at - began) $$
    $sql$;
  ELSE
    EXECUTE $sql$
      CREATE FUNCTION directory.next_id(at timestamptz, began timestamptz) RETURNS uuid
      LANGUAGE sql VOLATILE PARALLEL SAFE
      AS $$ SELECT directory.new_id(at + (clock_timestamp() - began)) $$
    $sql$;
  END IF;
END $do$;

-- References to people are checked once a statement too, like those of migration 0014. A person whom the transaction itself wrote
-- is locked already, and seen by nobody else; the others are locked as a foreign key does. Who is named cannot be deleted, and
-- nobody is renumbered.
CREATE FUNCTION directory.require_people() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET enable_hashjoin = off SET enable_mergejoin = off
  SET enable_seqscan = off
AS $$
DECLARE
  absent boolean;
  columns text := '';
BEGIN
  IF NOT EXISTS (SELECT FROM changed) THEN
    RETURN NULL;
  END IF;
  FOR at IN 0 .. TG_NARGS - 1 LOOP
    columns := columns || CASE WHEN at > 0 THEN ' UNION ' ELSE '' END || format('SELECT %I AS id FROM changed', TG_ARGV[at]);
  END LOOP;
  EXECUTE format('
    WITH named AS MATERIALIZED (SELECT DISTINCT id FROM (%s) c WHERE id IS NOT NULL),
    seen AS MATERIALIZED (SELECT p.id, p.xmin = $1 AS own FROM named n JOIN directory.people p ON p.id = n.id),
    locked AS MATERIALIZED (SELECT p.id FROM directory.people p WHERE p.id IN (SELECT s.id FROM seen s WHERE NOT s.own) FOR KEY SHARE)
    SELECT (SELECT count(*) FROM named) > (SELECT count(*) FROM seen s WHERE s.own) + (SELECT count(*) FROM locked)', columns)
    USING pg_current_xact_id()::xid INTO absent;
  IF absent THEN
    RAISE EXCEPTION 'a row of % names a row of people that is not there', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION directory.keep_number() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog
AS $$ BEGIN
  RAISE EXCEPTION 'a row of % keeps its number', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation';
END $$;
CREATE TRIGGER keeps_number BEFORE UPDATE OF id ON directory.people FOR EACH ROW
  WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION directory.keep_number();

DO $$
DECLARE
  child record;
  named text;
BEGIN
  FOR child IN SELECT * FROM (VALUES ('join_keys', ARRAY['person_id']), ('roles', ARRAY['person_id']),
    ('division_members', ARRAY['person_id']), ('guardian_links', ARRAY['child_id', 'adult_id'])) AS t (tablename, columns)
  LOOP
    EXECUTE format('CREATE TRIGGER requires_people_of_insert AFTER INSERT ON directory.%I REFERENCING NEW TABLE AS changed
      FOR EACH STATEMENT EXECUTE FUNCTION directory.require_people(%s)', child.tablename,
      (SELECT string_agg(quote_literal(c), ', ') FROM unnest(child.columns) c));
    EXECUTE format('CREATE TRIGGER requires_people_of_update AFTER UPDATE ON directory.%I REFERENCING NEW TABLE AS changed
      FOR EACH STATEMENT EXECUTE FUNCTION directory.require_people(%s)', child.tablename,
      (SELECT string_agg(quote_literal(c), ', ') FROM unnest(child.columns) c));
    FOREACH named IN ARRAY child.columns LOOP
      EXECUTE format('ALTER TABLE directory.%1$I DROP CONSTRAINT %1$s_%2$s_fkey', child.tablename, named);
      EXECUTE format('CREATE TRIGGER keeps_%1$s_%2$s_on_delete AFTER DELETE ON directory.people REFERENCING OLD TABLE AS gone
        FOR EACH STATEMENT EXECUTE FUNCTION directory.keep_parents(%1$L, %2$L)', child.tablename, named);
    END LOOP;
  END LOOP;
END $$;

-- As before; a statement that changed no row has nothing to check.
CREATE OR REPLACE FUNCTION directory.require_parents() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
  absent boolean;
BEGIN
  IF NOT EXISTS (SELECT FROM changed) THEN
    RETURN NULL;
  END IF;
  EXECUTE format('
    WITH named AS (SELECT DISTINCT %1$I AS id FROM changed WHERE %1$I IS NOT NULL),
    locked AS (SELECT id FROM directory.%2$I WHERE id IN (SELECT id FROM named) FOR KEY SHARE)
    SELECT EXISTS (SELECT FROM named WHERE id NOT IN (SELECT id FROM locked))', TG_ARGV[0], TG_ARGV[1]) INTO absent;
  IF absent THEN
    RAISE EXCEPTION 'a row of % names a row of % that is not there', TG_TABLE_NAME, TG_ARGV[1]
      USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
