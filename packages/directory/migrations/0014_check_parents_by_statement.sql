-- An import writes a hundred thousand rows that name a handful of schools, controllers and academies. A foreign key looks
-- each of them up, and locks it, once a row; these triggers do the same once a statement, for the parents that are few.
-- What a row names stays sure: whoever inserts or updates locks the parents as a foreign key does, whoever deletes or
-- renumbers a parent is refused while somebody names it. Keys that name people stay foreign keys.
CREATE FUNCTION directory.require_parents() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
  absent boolean;
BEGIN
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

CREATE FUNCTION directory.keep_parents() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
  named boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT FROM directory.%1$I c JOIN gone g ON g.id = c.%2$I
    WHERE NOT EXISTS (SELECT FROM directory.%3$I p WHERE p.id = g.id))', TG_ARGV[0], TG_ARGV[1], TG_TABLE_NAME) INTO named;
  IF named THEN
    RAISE EXCEPTION 'a row of % is named by a row of %', TG_TABLE_NAME, TG_ARGV[0]
      USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;

DO $$
DECLARE
  link text[];
  child text;
  named text;
  parent text;
BEGIN
  FOREACH link SLICE 1 IN ARRAY ARRAY[
    ['people', 'controller_id', 'controllers'], ['join_keys', 'academy_id', 'academies'], ['roles', 'school_id', 'schools'],
    ['division_members', 'division_id', 'divisions']]
  LOOP
    child := link[1]; named := link[2]; parent := link[3];
    EXECUTE format('ALTER TABLE directory.%1$I DROP CONSTRAINT %1$s_%2$s_fkey', child, named);
    EXECUTE format('CREATE TRIGGER requires_%3$s_of_insert AFTER INSERT ON directory.%1$I REFERENCING NEW TABLE AS changed
      FOR EACH STATEMENT EXECUTE FUNCTION directory.require_parents(%2$L, %3$L)', child, named, parent);
    EXECUTE format('CREATE TRIGGER requires_%3$s_of_update AFTER UPDATE ON directory.%1$I REFERENCING NEW TABLE AS changed
      FOR EACH STATEMENT EXECUTE FUNCTION directory.require_parents(%2$L, %3$L)', child, named, parent);
    EXECUTE format('CREATE TRIGGER keeps_%1$s_on_delete AFTER DELETE ON directory.%3$I REFERENCING OLD TABLE AS gone
      FOR EACH STATEMENT EXECUTE FUNCTION directory.keep_parents(%1$L, %2$L)', child, named, parent);
    EXECUTE format('CREATE TRIGGER keeps_%1$s_on_update AFTER UPDATE ON directory.%3$I REFERENCING OLD TABLE AS gone
      FOR EACH STATEMENT EXECUTE FUNCTION directory.keep_parents(%1$L, %2$L)', child, named, parent);
  END LOOP;
END $$;
