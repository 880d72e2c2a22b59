-- What the last OneRoster feed of a source said, so that a delta can be read: identifiers, roles and dates. Names and birth
-- dates are not kept here; they are read from the people themselves.
CREATE TABLE directory.oneroster_rows (
  source text NOT NULL REFERENCES directory.feed_sources,
  file text NOT NULL CHECK (length(file) <= 32),
  sourced_id text NOT NULL CHECK (length(sourced_id) <= 128),
  cells jsonb NOT NULL,
  PRIMARY KEY (source, file, sourced_id)
);
ALTER TABLE directory.oneroster_rows ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_a_source_that_is_seen ON directory.oneroster_rows
  USING ((SELECT directory.sees_all()) OR EXISTS (SELECT FROM directory.feed_sources f WHERE f.name = source));
GRANT SELECT, INSERT, DELETE ON directory.oneroster_rows TO socle_app;
