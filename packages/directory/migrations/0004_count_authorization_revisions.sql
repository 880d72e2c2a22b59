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

CREATE TRIGGER notes_authorization_change AFTER INSERT OR UPDATE OR DELETE ON directory.roles
  FOR EACH STATEMENT EXECUTE FUNCTION directory.note_authorization_change();
CREATE TRIGGER notes_authorization_change AFTER INSERT OR UPDATE OR DELETE ON directory.division_members
  FOR EACH STATEMENT EXECUTE FUNCTION directory.note_authorization_change();
CREATE TRIGGER notes_authorization_change AFTER INSERT OR UPDATE OR DELETE ON directory.teaching_assignments
  FOR EACH STATEMENT EXECUTE FUNCTION directory.note_authorization_change();
CREATE TRIGGER notes_authorization_change AFTER INSERT OR UPDATE OR DELETE ON directory.head_teachers
  FOR EACH STATEMENT EXECUTE FUNCTION directory.note_authorization_change();
CREATE TRIGGER notes_authorization_change AFTER INSERT OR UPDATE OR DELETE ON directory.guardian_links
  FOR EACH STATEMENT EXECUTE FUNCTION directory.note_authorization_change();
CREATE TRIGGER notes_authorization_change AFTER UPDATE OF status, birth_date, controller_id ON directory.people
  FOR EACH STATEMENT EXECUTE FUNCTION directory.note_authorization_change();
CREATE TRIGGER notes_authorization_change AFTER UPDATE OF academy_id, controller_id ON directory.schools
  FOR EACH STATEMENT EXECUTE FUNCTION directory.note_authorization_change();
