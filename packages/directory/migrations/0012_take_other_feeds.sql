-- Feeds beside AAF: CSV and OneRoster. Each comes from a named source that is bound to one controller, and whose keys are
-- of its own name space.
CREATE TABLE directory.feed_sources (
  name text PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9_]{0,30}$'),
  format text NOT NULL CHECK (format IN ('csv', 'oneroster')),
  controller_id uuid NOT NULL REFERENCES directory.controllers,
  -- Whose codes of subjects it uses, and where its new schools are.
  academy_id uuid NOT NULL REFERENCES directory.academies,
  created_at timestamptz NOT NULL
);
ALTER TABLE directory.feed_sources ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_controller ON directory.feed_sources
  USING ((SELECT directory.sees_all()) OR controller_id = ANY ((SELECT directory.visible_controllers())::uuid[]));
GRANT SELECT, INSERT ON directory.feed_sources TO socle_app;

-- `<source>-<key>` for csv and oneroster. `ALL`: the feed is of no single degree.
ALTER TABLE directory.join_keys DROP CONSTRAINT join_keys_kind_check, DROP CONSTRAINT join_keys_degree_check,
  ADD CONSTRAINT join_keys_kind_check CHECK (kind IN ('aaf', 'agent_mail', 'csv', 'oneroster', 'scim')),
  ADD CONSTRAINT join_keys_degree_check CHECK (degree IN ('1D', '2D', 'ALL'));

-- A school is fed by one source or by AAF (join_key), never by both.
ALTER TABLE directory.schools
  ADD COLUMN feed_source text REFERENCES directory.feed_sources,
  ADD COLUMN feed_key text CHECK (length(feed_key) BETWEEN 1 AND 32),
  ADD CHECK (feed_source IS NULL OR join_key IS NULL),
  ADD CHECK ((feed_source IS NULL) = (feed_key IS NULL)),
  ADD UNIQUE NULLS DISTINCT (feed_source, feed_key);

-- The source; none for AAF.
ALTER TABLE directory.imports DROP CONSTRAINT imports_degree_check,
  ADD CONSTRAINT imports_degree_check CHECK (degree IN ('1D', '2D', 'ALL')),
  ADD COLUMN source text REFERENCES directory.feed_sources;

-- The kind of the keys that the import under way uses.
CREATE FUNCTION directory.import_keys() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT coalesce(nullif(current_setting('socle.import_keys', true), ''), 'aaf') $$;
