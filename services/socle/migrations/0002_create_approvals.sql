-- Acts that need two people: who asked, exactly what for, who confirmed or refused, and whether it was used.
-- Personal data: the ids of the two people, and the reason that the first one wrote.
CREATE TABLE socle.approvals (
  id uuid PRIMARY KEY,
  kind text NOT NULL,
  -- what is confirmed, to the byte: a digest or an id that the act computes again when it is done
  subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 200),
  controller_id text NOT NULL,
  -- where the confirming person must hold the right: { school?, academy?, region? }
  place jsonb NOT NULL,
  -- what the confirming person reads, in each language: { fr: [..], en: [..] }; counts and codes, no names
  summary jsonb NOT NULL,
  reason text NOT NULL CHECK (length(reason) BETWEEN 3 AND 500),
  asked_by_kind text NOT NULL CHECK (asked_by_kind IN ('person', 'system')),
  asked_by text NOT NULL,
  asked_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  verdict text CHECK (verdict IN ('confirmed', 'refused', 'withdrawn')),
  decided_by uuid,
  decided_at timestamptz,
  used_at timestamptz,
  CHECK ((verdict IS NULL) = (decided_at IS NULL)),
  CHECK (used_at IS NULL OR verdict = 'confirmed'),
  CHECK (verdict <> 'confirmed' OR decided_by::text <> asked_by)
);
-- one open request for one act of one person
CREATE UNIQUE INDEX approvals_open ON socle.approvals (kind, subject, asked_by) WHERE verdict IS NULL;
CREATE INDEX approvals_latest ON socle.approvals (asked_at DESC);

ALTER TABLE socle.approvals ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_controller ON socle.approvals
  USING (
    current_setting('socle.controllers', true) = '*'
    OR controller_id = ANY (
      CASE WHEN current_setting('socle.controllers', true) LIKE '{%}'
        THEN current_setting('socle.controllers', true)::text[]
        ELSE '{}'::text[] END
    )
  );
GRANT SELECT, INSERT, UPDATE ON socle.approvals TO socle_app;
