-- Views in a person's place: an administrator sees what a pupil, a parent or a member of staff sees, for a quarter of an hour.
-- Personal data: the ids of the two people, and the reason in the words of the first. The person concerned may read both.
CREATE TABLE socle.views (
  id uuid PRIMARY KEY,
  -- the session in which it was opened, and no other
  session_id uuid NOT NULL,
  viewer_id uuid NOT NULL,
  seen_id uuid NOT NULL CHECK (seen_id <> viewer_id),
  school_id uuid NOT NULL,
  controller_id text NOT NULL,
  reason text NOT NULL CHECK (length(reason) BETWEEN 10 AND 500),
  started_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL CHECK (ends_at > started_at AND ends_at <= started_at + interval '15 minutes'),
  ended_at timestamptz CHECK (ended_at <= ends_at),
  end_code text CHECK (end_code IN ('viewer', 'officer', 'time', 'right_ended')),
  CHECK ((ended_at IS NULL) = (end_code IS NULL))
);
-- one at a time for each administrator, whatever the browsers
CREATE UNIQUE INDEX views_open ON socle.views (viewer_id) WHERE ended_at IS NULL;
CREATE INDEX views_open_by_session ON socle.views (session_id) WHERE ended_at IS NULL;
CREATE INDEX views_by_seen ON socle.views (seen_id, started_at DESC);
CREATE INDEX views_latest ON socle.views (started_at DESC);

ALTER TABLE socle.views ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_controller ON socle.views
  USING (
    current_setting('socle.controllers', true) = '*'
    OR controller_id = ANY (
      CASE WHEN current_setting('socle.controllers', true) LIKE '{%}'
        THEN current_setting('socle.controllers', true)::text[]
        ELSE '{}'::text[] END
    )
  );
GRANT SELECT, INSERT, UPDATE ON socle.views TO socle_app;
