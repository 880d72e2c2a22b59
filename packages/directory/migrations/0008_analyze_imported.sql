-- An import fills tables faster than autovacuum looks at them, and the planner would believe them empty.
CREATE FUNCTION directory.analyze_imported() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = directory, pg_catalog
AS $$ BEGIN ANALYZE people, join_keys, roles, divisions, division_members, teaching_assignments, guardian_links; END $$;
REVOKE ALL ON FUNCTION directory.analyze_imported() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION directory.analyze_imported() TO socle_app;
