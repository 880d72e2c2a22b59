-- Who may act for a child. Bi-temporal: a row is what was held to be true from `recorded_at` until `superseded_at`
-- about the time from `valid_from` to `valid_to`. No row is changed but to close `superseded_at`.
CREATE TABLE directory.guardian_links (
  id uuid PRIMARY KEY,
  child_id uuid NOT NULL REFERENCES directory.people,
  adult_id uuid NOT NULL REFERENCES directory.people,
  controller_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('legal', 'in_charge', 'contact')),
  exercise text NOT NULL CHECK (exercise IN ('joint', 'sole', 'none', 'suspended', 'withdrawn')),
  -- BCN N_LIEN_ELEVE_RESPONSABLE, in the present list (10 mother, 20 father, 50 tutor, …).
  relation_code text CHECK (relation_code ~ '^[0-9]{2}$'),
  -- `feed` is what the academy says; `local` is a decision recorded by the school, and wins over it.
  source text NOT NULL CHECK (source IN ('feed', 'local')),
  valid_from timestamptz NOT NULL,
  valid_to timestamptz,
  recorded_at timestamptz NOT NULL,
  superseded_at timestamptz,
  recorded_by uuid REFERENCES directory.people,
  confirmed_by uuid REFERENCES directory.people,
  -- A reference to the judgment, or the SHA-256 of its text; never the text.
  evidence_reference text CHECK (evidence_reference ~ '^[A-Za-z0-9 _.:/-]{1,128}$'),
  CHECK (child_id <> adult_id OR source = 'feed'),
  CHECK (valid_to IS NULL OR valid_to > valid_from),
  CHECK (superseded_at IS NULL OR superseded_at >= recorded_at),
  -- Only a legal guardian holds authority.
  CHECK (kind = 'legal' OR exercise = 'none'),
  CHECK (source = 'feed' OR (recorded_by IS NOT NULL AND confirmed_by IS NOT NULL AND recorded_by <> confirmed_by)),
  EXCLUDE USING gist (child_id WITH =, adult_id WITH =, tstzrange(valid_from, valid_to) WITH &&)
    WHERE (superseded_at IS NULL AND source = 'local')
);
-- Believed now, and open: at most one from the feed. (The exclusion above costs too much for a whole academy's links.)
CREATE UNIQUE INDEX guardian_links_one_open_from_feed ON directory.guardian_links (child_id, adult_id)
  WHERE superseded_at IS NULL AND valid_to IS NULL AND source = 'feed';
CREATE INDEX guardian_links_by_child ON directory.guardian_links (child_id) WHERE superseded_at IS NULL;
CREATE INDEX guardian_links_by_adult ON directory.guardian_links (adult_id) WHERE superseded_at IS NULL;

ALTER TABLE directory.guardian_links ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_controller ON directory.guardian_links
  USING ((SELECT directory.sees_all()) OR controller_id = ANY ((SELECT directory.visible_controllers())::uuid[]));
GRANT SELECT, INSERT, UPDATE ON directory.guardian_links TO socle_app;

-- Who is seen: the controller's own people, those with a role in its schools, those tied to its pupils.
-- Who is written: the controller's own people.
ALTER TABLE directory.people ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON directory.people FOR SELECT USING (
  (SELECT directory.sees_all())
  OR controller_id = ANY ((SELECT directory.visible_controllers())::uuid[])
  OR EXISTS (SELECT FROM directory.roles r WHERE r.person_id = people.id
    AND (r.valid_to IS NULL OR r.valid_to > statement_timestamp()))
  OR EXISTS (SELECT FROM directory.guardian_links g WHERE g.adult_id = people.id AND g.superseded_at IS NULL
    AND (g.valid_to IS NULL OR g.valid_to > statement_timestamp()))
);
CREATE POLICY inserted ON directory.people FOR INSERT WITH CHECK (
  (SELECT directory.sees_all()) OR controller_id = ANY ((SELECT directory.visible_controllers())::uuid[]));
CREATE POLICY updated ON directory.people FOR UPDATE USING (
  (SELECT directory.sees_all()) OR controller_id = ANY ((SELECT directory.visible_controllers())::uuid[]));

ALTER TABLE directory.join_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY with_the_person ON directory.join_keys USING (
  (SELECT directory.sees_all()) OR EXISTS (SELECT FROM directory.people p WHERE p.id = join_keys.person_id));

-- The links that hold at an instant, as known at another (none: now), of one child or of one adult: a local decision
-- hides what the feed says of the pair. `valid_to` is the earliest of its own end, the start of a local decision to
-- come, and the child's coming of age. Runs with the caller's rights, so under row-level security.
CREATE FUNCTION directory.links_in_force(of_child uuid, of_adult uuid, at timestamptz, known_at timestamptz)
RETURNS TABLE (id uuid, child_id uuid, adult_id uuid, kind text, exercise text, source text, valid_from timestamptz,
  valid_to timestamptz)
LANGUAGE sql STABLE
AS $$
  WITH believed AS (
    SELECT g.* FROM directory.guardian_links g
    WHERE (of_child IS NULL OR g.child_id = of_child) AND (of_adult IS NULL OR g.adult_id = of_adult)
      AND CASE WHEN known_at IS NULL THEN g.superseded_at IS NULL
        ELSE g.recorded_at <= known_at AND (g.superseded_at IS NULL OR g.superseded_at > known_at) END
  ), held AS (
    SELECT DISTINCT ON (b.child_id, b.adult_id) b.*
    FROM believed b
    WHERE b.valid_from <= at AND (b.valid_to IS NULL OR b.valid_to > at)
    ORDER BY b.child_id, b.adult_id, (b.source = 'local') DESC, b.valid_from DESC
  ), ends AS (
    SELECT h.*,
      (CASE WHEN extract(month FROM c.birth_date) = 2 AND extract(day FROM c.birth_date) = 29
        THEN make_date(extract(year FROM c.birth_date)::int + 18, 3, 1)
        ELSE (c.birth_date + interval '18 years')::date END)::timestamp AT TIME ZONE coalesce(
          (SELECT s.time_zone FROM directory.roles r JOIN directory.schools s ON s.id = r.school_id
            WHERE r.person_id = h.child_id AND r.role = 'pupil' ORDER BY r.valid_from DESC LIMIT 1),
          'Europe/Paris') AS majority_at,
      (SELECT min(n.valid_from) FROM believed n WHERE n.child_id = h.child_id AND n.adult_id = h.adult_id
        AND n.source = 'local' AND n.valid_from > at) AS next_decision_at
    FROM held h JOIN directory.people c ON c.id = h.child_id
  )
  SELECT e.id, e.child_id, e.adult_id, e.kind, e.exercise, e.source, e.valid_from,
    least(e.valid_to, e.majority_at, e.next_decision_at)
  FROM ends e WHERE e.majority_at IS NULL OR e.majority_at > at
$$;
