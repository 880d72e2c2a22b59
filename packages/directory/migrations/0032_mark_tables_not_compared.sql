-- Tables that no feed is compared with say so themselves, so that a table that comes later counts unless it says the same: what is
-- noted about imports, counted, sent or kept for others.
DO $$
DECLARE
  part text;
BEGIN
  FOREACH part IN ARRAY ARRAY['imports', 'import_runs', 'feed_contents', 'feed_sources', 'oneroster_rows', 'authorization_changes',
    'authorization_revisions', 'authorization_moves', 'authorization_changed_people', 'school_names', 'session_endings',
    'scim_withdrawals', 'role_acts', 'administration_requests']
  LOOP
    EXECUTE format('COMMENT ON TABLE directory.%I IS %L', part, 'no feed is compared with it');
  END LOOP;
END $$;

-- As before, with the tables' own word.
CREATE OR REPLACE FUNCTION directory.rows_of_feeds(seen_before xid8, own xid8[]) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
  first_new CONSTANT xid := seen_before::xid;
  written_by CONSTANT xid[] := ARRAY(SELECT o::xid FROM unnest(own) o);
  counts jsonb := '{}';
  table_name text;
  held bigint;
  foreign_rows boolean;
BEGIN
  -- Numbers of transactions are compared in a circle of 2^32.
  IF pg_snapshot_xmin(pg_current_snapshot())::text::numeric - seen_before::text::numeric > 1000000000 THEN
    RETURN NULL;
  END IF;
  FOR table_name IN
    SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'directory'::regnamespace AND c.relkind = 'r' AND c.relpersistence = 'p'
      AND obj_description(c.oid, 'pg_class') IS DISTINCT FROM 'no feed is compared with it'
    ORDER BY 1
  LOOP
    EXECUTE format('SELECT count(*), coalesce(bool_or(age(t.xmin) <= age(%2$L::xid) AND t.xmin <> ALL (%3$L::xid[])), false)
      FROM directory.%1$I t', table_name, first_new, written_by) INTO held, foreign_rows;
    IF foreign_rows THEN
      RETURN NULL;
    END IF;
    counts := counts || jsonb_build_object(table_name, held);
  END LOOP;
  RETURN counts;
END $$;
