-- What the last complete feed of an academy and degree said, as one sum of its records, and which rows stood when it had been
-- applied: a feed that says the same, whatever its files and dates, has nothing to do while these rows stand. About nobody.
CREATE TABLE directory.feed_contents (
  academy_code text NOT NULL,
  degree text NOT NULL,
  import_id uuid NOT NULL REFERENCES directory.imports,
  -- Secret of the sum: nobody can look for records that add up to it.
  sum_key bytea NOT NULL CHECK (octet_length(sum_key) = 32),
  sum text NOT NULL CHECK (sum ~ '^[0-9a-f]{64}$'),
  records bigint NOT NULL,
  -- Which rules of reading gave what was applied.
  rules text NOT NULL,
  -- Rows written since, by anybody but the import itself, are not those that it compared.
  seen_before xid8 NOT NULL,
  own xid8[] NOT NULL,
  row_counts jsonb NOT NULL,
  PRIMARY KEY (academy_code, degree)
);
ALTER TABLE directory.feed_contents ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_scope ON directory.feed_contents USING ((SELECT directory.sees_all()));
GRANT SELECT, INSERT, UPDATE, DELETE ON directory.feed_contents TO socle_app;

-- How many rows each table holds that a feed is compared with; null when one of them was written by a transaction that was not
-- over at `seen_before` and is not among `own`. All tables of the schema but those that no comparison reads, so that one made
-- later counts. A row that was deleted shows in the counts. No table is written more for it: every row says who wrote it.
CREATE FUNCTION directory.rows_of_feeds(seen_before xid8, own xid8[]) RETURNS jsonb
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
      AND c.relname NOT IN ('imports', 'feed_contents', 'feed_sources', 'oneroster_rows', 'authorization_changes',
        'authorization_revisions', 'authorization_moves', 'authorization_changed_people', 'school_names', 'session_endings',
        'scim_withdrawals')
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
REVOKE ALL ON FUNCTION directory.rows_of_feeds(xid8, xid8[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION directory.rows_of_feeds(xid8, xid8[]) TO socle_app;
