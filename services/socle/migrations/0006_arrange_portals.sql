-- How a person arranged the tiles of their portal: ids of services and areas, pinned, in order, or put away. No name, no right: what
-- opens is decided elsewhere, each time. Personal data: which services a person prefers, under the person's id.
CREATE TABLE socle.portal_arrangements (
  person_id uuid PRIMARY KEY,
  controller_id text NOT NULL,
  -- { pinned: [..], order: [..], hidden: [..] }
  arrangement jsonb NOT NULL CHECK (octet_length(arrangement::text) <= 32768),
  changed_at timestamptz NOT NULL
);

ALTER TABLE socle.portal_arrangements ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_controller ON socle.portal_arrangements
  USING (
    current_setting('socle.controllers', true) = '*'
    OR controller_id = ANY (
      CASE WHEN current_setting('socle.controllers', true) LIKE '{%}'
        THEN current_setting('socle.controllers', true)::text[]
        ELSE '{}'::text[] END
    )
  );
GRANT SELECT, INSERT, UPDATE, DELETE ON socle.portal_arrangements TO socle_app;
