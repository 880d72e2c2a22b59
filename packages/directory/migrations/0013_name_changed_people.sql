-- Which people each authorization revision changed, so that whoever keeps facts in memory reads again theirs alone. A change of
-- many people, or one that no trigger can name, is noted as everybody's: a row without a person.
ALTER TABLE directory.authorization_changes ADD COLUMN noted integer NOT NULL DEFAULT 0;

CREATE TABLE directory.authorization_moves (
  revision bigint PRIMARY KEY,
  transaction_id xid8 NOT NULL,
  moved_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE directory.authorization_changed_people (
  transaction_id xid8 NOT NULL,
  person_id uuid,
  UNIQUE NULLS NOT DISTINCT (transaction_id, person_id)
);
GRANT SELECT ON directory.authorization_moves, directory.authorization_changed_people TO socle_app;

-- Notes the people of a statement's rows: those of the columns that the trigger names, everybody when it names none.
CREATE OR REPLACE FUNCTION directory.note_authorization_changes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
  this_transaction CONSTANT xid8 := pg_current_xact_id();
  most_people CONSTANT integer := 2000;
  written integer;
  total integer;
BEGIN
  SELECT count(*) INTO written FROM changed;
  IF written = 0 THEN
    RETURN NULL;
  END IF;
  IF TG_NARGS = 0 THEN
    written := most_people + 1;
  END IF;
  INSERT INTO directory.authorization_changes AS c (transaction_id, noted) VALUES (this_transaction, written)
  ON CONFLICT (transaction_id) DO UPDATE SET noted = least(c.noted + EXCLUDED.noted, 1000000)
  RETURNING noted INTO total;
  IF total > most_people THEN
    IF total - written <= most_people THEN
      DELETE FROM directory.authorization_changed_people p WHERE p.transaction_id = this_transaction;
    END IF;
    INSERT INTO directory.authorization_changed_people VALUES (this_transaction, NULL) ON CONFLICT DO NOTHING;
  ELSE
    FOR at IN 0 .. TG_NARGS - 1 LOOP
      EXECUTE format('INSERT INTO directory.authorization_changed_people
        SELECT DISTINCT $1, %I FROM changed ON CONFLICT DO NOTHING', TG_ARGV[at]) USING this_transaction;
    END LOOP;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION directory.note_authorization_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
  this_transaction CONSTANT xid8 := pg_current_xact_id();
BEGIN
  INSERT INTO directory.authorization_changes VALUES (this_transaction) ON CONFLICT DO NOTHING;
  IF NOT EXISTS (SELECT FROM directory.authorization_changed_people p
      WHERE p.transaction_id = this_transaction AND p.person_id IS NULL) THEN
    INSERT INTO directory.authorization_changed_people
      VALUES (this_transaction, CASE WHEN TG_TABLE_NAME = 'people' THEN (to_jsonb(NEW)->>'id')::uuid END)
      ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION directory.move_authorization_revision() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
  kept CONSTANT bigint := 10000;
  moved bigint;
BEGIN
  DELETE FROM directory.authorization_changes WHERE transaction_id = NEW.transaction_id;
  UPDATE directory.authorization_revisions SET revision = revision + 1 RETURNING revision INTO moved;
  INSERT INTO directory.authorization_moves (revision, transaction_id) VALUES (moved, NEW.transaction_id);
  WITH forgotten AS (
    DELETE FROM directory.authorization_moves WHERE revision <= moved - kept RETURNING transaction_id
  )
  DELETE FROM directory.authorization_changed_people p USING forgotten f WHERE p.transaction_id = f.transaction_id;
  PERFORM pg_notify('socle_authorization', moved::text);
  RETURN NULL;
END $$;

-- The same triggers, which now say in which columns people stand. One without, on a table to come, means everybody.
DO $$
DECLARE
  noted record;
BEGIN
  FOR noted IN
    SELECT t.tablename, e.event, e.rows, t.people
    FROM (VALUES ('roles', '''person_id'''), ('division_members', '''person_id'''),
        ('teaching_assignments', '''person_id'''), ('head_teachers', '''person_id'''),
        ('guardian_links', '''adult_id''')) AS t (tablename, people),
      (VALUES ('insert', 'NEW'), ('update', 'NEW'), ('delete', 'OLD')) AS e (event, rows)
  LOOP
    EXECUTE format('DROP TRIGGER notes_%s ON directory.%I', noted.event, noted.tablename);
    EXECUTE format('CREATE TRIGGER notes_%s AFTER %s ON directory.%I REFERENCING %s TABLE AS changed
      FOR EACH STATEMENT EXECUTE FUNCTION directory.note_authorization_changes(%s)',
      noted.event, noted.event, noted.tablename, noted.rows, noted.people);
  END LOOP;
END $$;

-- From when the facts of a person may differ although nobody changed a row: a link that begins, a child who changes school or
-- class on a day known beforehand. The person's own windows travel with the facts.
CREATE FUNCTION directory.facts_change_at(of_person uuid, at timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE
AS $$
  WITH links AS (
    SELECT g.child_id, g.valid_from FROM directory.guardian_links g
    WHERE g.adult_id = of_person AND g.superseded_at IS NULL
  ), instants AS (
    SELECT valid_from AS instant FROM links
    UNION ALL SELECT r.valid_from FROM directory.roles r WHERE r.person_id IN (SELECT child_id FROM links)
    UNION ALL SELECT r.valid_to FROM directory.roles r WHERE r.person_id IN (SELECT child_id FROM links)
    UNION ALL SELECT m.valid_from FROM directory.division_members m WHERE m.person_id IN (SELECT child_id FROM links)
    UNION ALL SELECT m.valid_to FROM directory.division_members m WHERE m.person_id IN (SELECT child_id FROM links)
  )
  SELECT min(instant) FROM instants WHERE instant > at
$$;
