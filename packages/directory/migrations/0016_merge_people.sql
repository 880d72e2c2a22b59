-- Two entries that are one person: proposed by a score, joined by a person, taken apart again. What was moved is written
-- down row by row, so that taking apart restores it. Personal data: who was taken for whom, why, and the earlier owner of rows.
ALTER TABLE directory.people ADD COLUMN merged_into uuid REFERENCES directory.people CHECK (merged_into <> id);
CREATE INDEX people_merged ON directory.people (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE directory.person_merges (
  id uuid PRIMARY KEY,
  survivor_id uuid NOT NULL REFERENCES directory.people,
  absorbed_id uuid NOT NULL REFERENCES directory.people CHECK (absorbed_id <> survivor_id),
  controller_id uuid NOT NULL,
  score int NOT NULL CHECK (score BETWEEN 0 AND 100),
  reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
  -- The survivor's leaving_since before: the absorbed entry may still be in a feed.
  survivor_leaving_since timestamptz,
  merged_by uuid NOT NULL REFERENCES directory.people,
  merged_at timestamptz NOT NULL,
  undone_by uuid REFERENCES directory.people,
  undone_at timestamptz,
  undo_reason text CHECK (length(undo_reason) BETWEEN 1 AND 500),
  CHECK ((undone_at IS NULL) = (undone_by IS NULL) AND (undone_at IS NULL) = (undo_reason IS NULL))
);
CREATE UNIQUE INDEX person_merges_one_open ON directory.person_merges (absorbed_id) WHERE undone_at IS NULL;
CREATE INDEX person_merges_by_survivor ON directory.person_merges (survivor_id);

CREATE TABLE directory.merged_rows (
  merge_id uuid NOT NULL REFERENCES directory.person_merges,
  relation text NOT NULL CHECK (relation IN ('roles', 'division_members', 'teaching_assignments', 'head_teachers',
    'children', 'guardians', 'join_keys', 'sponsored')),
  row_key text NOT NULL CHECK (length(row_key) <= 300),
  -- `closed` rows stay where they were, and end: the survivor has the same.
  change text NOT NULL CHECK (change IN ('moved', 'closed')),
  ended_before timestamptz,
  PRIMARY KEY (merge_id, relation, row_key)
);

-- Pairs that somebody looked at: two people. They are not proposed again.
CREATE TABLE directory.distinct_people (
  one_id uuid NOT NULL REFERENCES directory.people,
  other_id uuid NOT NULL REFERENCES directory.people CHECK (one_id < other_id),
  controller_id uuid NOT NULL,
  decided_by uuid NOT NULL REFERENCES directory.people,
  decided_at timestamptz NOT NULL,
  PRIMARY KEY (one_id, other_id)
);

ALTER TABLE directory.person_merges ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_controller ON directory.person_merges
  USING ((SELECT directory.sees_all()) OR controller_id = ANY ((SELECT directory.visible_controllers())::uuid[]));
ALTER TABLE directory.merged_rows ENABLE ROW LEVEL SECURITY;
CREATE POLICY with_the_merge ON directory.merged_rows USING (
  EXISTS (SELECT FROM directory.person_merges m WHERE m.id = merged_rows.merge_id));
ALTER TABLE directory.distinct_people ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_controller ON directory.distinct_people
  USING ((SELECT directory.sees_all()) OR controller_id = ANY ((SELECT directory.visible_controllers())::uuid[]));
GRANT SELECT, INSERT, UPDATE ON directory.person_merges, directory.distinct_people TO socle_app;
GRANT SELECT, INSERT ON directory.merged_rows TO socle_app;

-- Who an entry is now: itself, or the one that it was joined to.
CREATE FUNCTION directory.survivor_of(of_person uuid) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
  found uuid := of_person;
  next_one uuid;
BEGIN
  LOOP
    SELECT merged_into INTO next_one FROM directory.people WHERE id = found;
    EXIT WHEN next_one IS NULL;
    found := next_one;
  END LOOP;
  RETURN found;
END $$;
REVOKE ALL ON FUNCTION directory.survivor_of(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION directory.survivor_of(uuid) TO socle_app;

-- The facts of both entries change, when they are joined and when they are parted.
CREATE FUNCTION directory.note_merge() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
  this_transaction CONSTANT xid8 := pg_current_xact_id();
BEGIN
  INSERT INTO directory.authorization_changes VALUES (this_transaction) ON CONFLICT DO NOTHING;
  INSERT INTO directory.authorization_changed_people
  SELECT this_transaction, concerned FROM unnest(ARRAY[NEW.id, OLD.merged_into, NEW.merged_into]) AS concerned
  WHERE concerned IS NOT NULL AND NOT EXISTS (SELECT FROM directory.authorization_changed_people p
    WHERE p.transaction_id = this_transaction AND p.person_id IS NULL)
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER notes_merge AFTER UPDATE OF merged_into ON directory.people FOR EACH ROW
  WHEN (OLD.merged_into IS DISTINCT FROM NEW.merged_into) EXECUTE FUNCTION directory.note_merge();

-- A time zone that moves is everybody's change: a row without a person.
CREATE OR REPLACE FUNCTION directory.keep_time_zones() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
  WITH RECURSIVE below AS (
    SELECT NEW.id UNION ALL SELECT e.id FROM below b JOIN directory.entities e ON e.parent_id = b.id
  )
  UPDATE directory.schools s SET time_zone_in_force = n.time_zone
  FROM (SELECT b.id, (directory.entity_settings(b.id)).time_zone FROM below b) n
  WHERE s.id = n.id AND s.time_zone_in_force <> n.time_zone;
  IF FOUND THEN
    INSERT INTO directory.authorization_changes VALUES (pg_current_xact_id()) ON CONFLICT DO NOTHING;
    INSERT INTO directory.authorization_changed_people VALUES (pg_current_xact_id(), NULL) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
-- Roles change owner when people are joined; names beside schools follow them.
CREATE TRIGGER keeps_names_of_moved AFTER UPDATE ON directory.roles REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION directory.keep_school_names();

-- A person with several keys in one feed: one record gives the name, and all are written in one pass.
ALTER TABLE directory.resolved_people ADD COLUMN names_person boolean NOT NULL DEFAULT true;
CREATE OR REPLACE VIEW directory.known_people AS SELECT * FROM directory.resolved_people
  WHERE (SELECT directory.sees_all()) AND degree = (SELECT current_setting('socle.import_degree', true));
GRANT UPDATE ON directory.known_people TO socle_app;
