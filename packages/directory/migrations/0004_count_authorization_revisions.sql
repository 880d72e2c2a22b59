-- A counter that moves in the transaction of every change of a role or relation, so that snapshots of facts can be told
-- apart. Nobody can forget it: triggers. It is moved at commit, once a transaction, so that a long import holds no
-- lock that a grant would wait for.
CREATE TABLE directory.authorization_revisions (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  revision bigint NOT NULL
);
INSERT INTO directory.authorization_revisions (revision) VALUES (1);
GRANT SELECT ON directory.authorization_revisions TO socle_app;

CREATE TABLE directory.authorization_changes (
  transaction_id xid8 PRIMARY KEY
);

-- For statements: `changed` holds their rows; a statement that changed none is not noted.
CREATE FUNCTION directory.note_authorization_changes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
  IF EXISTS (SELECT FROM changed) THEN
    INSERT INTO directory.authorization_changes VALUES (pg_current_xact_id()) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

-- For rows, where a condition picks those that count.
CREATE FUNCTION directory.note_authorization_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
  INSERT INTO directory.authorization_changes VALUES (pg_current_xact_id()) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE FUNCTION directory.move_authorization_revision() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
  moved bigint;
BEGIN
  DELETE FROM directory.authorization_changes WHERE transaction_id = NEW.transaction_id;
  UPDATE directory.authorization_revisions SET revision = revision + 1 RETURNING revision INTO moved;
  PERFORM pg_notify('socle_authorization', moved::text);
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER moves_revision AFTER INSERT ON directory.authorization_changes
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION directory.move_authorization_revision();

CREATE TRIGGER notes_insert AFTER INSERT ON directory.roles REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION directory.note_authorization_changes();
CREATE TRIGGER notes_update AFTER UPDATE ON directory.roles REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION directory.note_authorization_changes();
CREATE TRIGGER notes_delete AFTER DELETE ON directory.roles REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION directory.note_authorization_changes();
CREATE TRIGGER notes_insert AFTER INSERT ON directory.division_members REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION directory.note_authorization_changes();
CREATE TRIGGER notes_update AFTER UPDATE ON directory.division_members REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION directory.note_authorization_changes();
CREATE TRIGGER notes_delete AFTER DELETE ON directory.division_members REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION directory.note_authorization_changes();
CREATE TRIGGER notes_insert AFTER INSERT ON directory.teaching_assignments REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION directory.note_authorization_changes();
CREATE TRIGGER notes_update AFTER UPDATE ON directory.teaching_assignments REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION directory.note_authorization_changes();
CREATE TRIGGER notes_delete AFTER DELETE ON directory.teaching_assignments REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION directory.note_authorization_changes();
CREATE TRIGGER notes_insert AFTER INSERT ON directory.head_teachers REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION directory.note_authorization_changes();
CREATE TRIGGER notes_update AFTER UPDATE ON directory.head_teachers REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION directory.note_authorization_changes();
CREATE TRIGGER notes_delete AFTER DELETE ON directory.head_teachers REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION directory.note_authorization_changes();
CREATE TRIGGER notes_insert AFTER INSERT ON directory.guardian_links REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION directory.note_authorization_changes();
CREATE TRIGGER notes_update AFTER UPDATE ON directory.guardian_links REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION directory.note_authorization_changes();
CREATE TRIGGER notes_delete AFTER DELETE ON directory.guardian_links REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION directory.note_authorization_changes();
CREATE TRIGGER notes_update AFTER UPDATE ON directory.people FOR EACH ROW
  WHEN (OLD.status <> NEW.status OR OLD.birth_date IS DISTINCT FROM NEW.birth_date)
  EXECUTE FUNCTION directory.note_authorization_change();
CREATE TRIGGER notes_update AFTER UPDATE ON directory.schools FOR EACH ROW
  WHEN (OLD.academy_id <> NEW.academy_id OR OLD.controller_id <> NEW.controller_id)
  EXECUTE FUNCTION directory.note_authorization_change();
