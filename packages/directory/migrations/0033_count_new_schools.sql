-- A school that is opened is reached at once by the roles over its academy and region: the revision moves, and names nobody.
CREATE FUNCTION directory.note_new_schools() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
  IF EXISTS (SELECT FROM opened) THEN
    INSERT INTO directory.authorization_changes VALUES (pg_current_xact_id()) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER notes_insert AFTER INSERT ON directory.schools REFERENCING NEW TABLE AS opened
  FOR EACH STATEMENT EXECUTE FUNCTION directory.note_new_schools();
