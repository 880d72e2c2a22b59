-- The logo of a school, made anew from what was uploaded: always a small PNG. Shown to anybody who knows its digest, as on the
-- pages and sheets where it stands. The one before is kept apart so that a change can be undone. No personal data.
CREATE TABLE socle.school_logos (
  school_id uuid NOT NULL,
  controller_id text NOT NULL,
  digest text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
  png bytea NOT NULL CHECK (octet_length(png) BETWEEN 1 AND 524288),
  width integer NOT NULL CHECK (width BETWEEN 1 AND 480),
  height integer NOT NULL CHECK (height BETWEEN 1 AND 160),
  set_at timestamptz NOT NULL,
  is_former boolean NOT NULL DEFAULT false,
  PRIMARY KEY (school_id, is_former)
);
CREATE INDEX school_logos_digest ON socle.school_logos (digest) WHERE NOT is_former;

ALTER TABLE socle.school_logos ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_controller ON socle.school_logos
  USING (
    current_setting('socle.controllers', true) = '*'
    OR controller_id = ANY (
      CASE WHEN current_setting('socle.controllers', true) LIKE '{%}'
        THEN current_setting('socle.controllers', true)::text[]
        ELSE '{}'::text[] END
    )
  );
GRANT SELECT, INSERT, UPDATE, DELETE ON socle.school_logos TO socle_app;
