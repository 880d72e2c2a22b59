-- What a judgment may say beside who exercises authority: in what capacity, how much the other parent oversees (code civil,
-- art. 373-2-1), and what is forbidden. Null: as the law has it without a decision.
ALTER TABLE directory.guardian_links
  ADD COLUMN capacity text CHECK (capacity IN ('parent', 'delegate', 'tutor', 'ase', 'other')),
  ADD COLUMN oversight text CHECK (oversight IN ('full', 'essential', 'none')),
  ADD COLUMN restrictions text[] NOT NULL DEFAULT '{}'
    CHECK (restrictions <@ ARRAY['no_contact', 'no_pickup', 'no_address', 'no_information', 'no_image']);

-- A decision that one person entered and another has not confirmed yet: it changes nothing. Personal data: about a child.
CREATE TABLE directory.authority_requests (
  id uuid PRIMARY KEY,
  child_id uuid NOT NULL REFERENCES directory.people,
  adult_id uuid NOT NULL REFERENCES directory.people,
  controller_id uuid NOT NULL,
  -- As setGuardianAuthority takes it.
  decision jsonb NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'confirmed', 'refused')),
  entered_by uuid NOT NULL REFERENCES directory.people,
  entered_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  decided_by uuid REFERENCES directory.people CHECK (decided_by <> entered_by OR state = 'refused'),
  decided_at timestamptz,
  CHECK ((state = 'waiting') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX authority_requests_one_waiting ON directory.authority_requests (child_id, adult_id) WHERE state = 'waiting';

-- A judgment that came late: from when to when something else was held true. What was done in between is to be looked at.
CREATE TABLE directory.authority_reviews (
  id uuid PRIMARY KEY,
  link_id uuid NOT NULL REFERENCES directory.guardian_links,
  child_id uuid NOT NULL REFERENCES directory.people,
  adult_id uuid NOT NULL REFERENCES directory.people,
  controller_id uuid NOT NULL,
  believed text NOT NULL CHECK (believed IN ('joint', 'sole', 'none', 'suspended', 'withdrawn')),
  decided text NOT NULL CHECK (decided IN ('joint', 'sole', 'none', 'suspended', 'withdrawn')),
  since timestamptz NOT NULL,
  until timestamptz NOT NULL CHECK (until > since),
  closed_by uuid REFERENCES directory.people,
  closed_at timestamptz,
  outcome text CHECK (outcome IN ('nothing_done', 'told', 'reported')),
  CHECK ((closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX authority_reviews_open ON directory.authority_reviews (controller_id) WHERE closed_at IS NULL;
CREATE INDEX authority_reviews_by_child ON directory.authority_reviews (child_id);

-- An adult pupil who does not want the school to write to their parents.
CREATE TABLE directory.correspondence_oppositions (
  person_id uuid PRIMARY KEY REFERENCES directory.people,
  controller_id uuid NOT NULL,
  since timestamptz NOT NULL,
  withdrawn_at timestamptz
);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['authority_requests', 'authority_reviews', 'correspondence_oppositions']
  LOOP
    EXECUTE format('ALTER TABLE directory.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY by_controller ON directory.%I USING ((SELECT directory.sees_all())
      OR controller_id = ANY ((SELECT directory.visible_controllers())::uuid[]))', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON directory.%I TO socle_app', name);
  END LOOP;
END $$;
