-- Every run of an import, rehearsals among them: who started it, how far it is, how it ended. What a run that is under way
-- writes here is seen at once, because it is written beside the import's own transactions.
CREATE TABLE directory.import_runs (
  id uuid PRIMARY KEY,
  format text NOT NULL CHECK (format IN ('aaf', 'csv', 'oneroster')),
  file_name text NOT NULL CHECK (length(file_name) BETWEEN 1 AND 255),
  is_rehearsal boolean NOT NULL,
  started_by_kind text NOT NULL CHECK (started_by_kind IN ('person', 'system')),
  started_by text NOT NULL,
  academy_id uuid REFERENCES directory.academies,
  -- Of the academy; null until it is known.
  controller_id uuid,
  digest text CHECK (digest ~ '^[0-9a-f]{64}$'),
  state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'refused', 'guarded', 'failed')),
  phase text CHECK (phase IN ('read', 'apply')),
  done bigint NOT NULL DEFAULT 0,
  total bigint NOT NULL DEFAULT 0,
  started_at timestamptz NOT NULL,
  -- The run's last sign of life.
  seen_at timestamptz NOT NULL,
  finished_at timestamptz,
  counts jsonb,
  report jsonb,
  -- Counts of each school that the run changed, or would.
  schools jsonb,
  -- The feeds of the run that the guard stopped, or would have, with what it counted.
  guarded jsonb,
  refusal jsonb,
  CHECK ((state = 'running') = (finished_at IS NULL))
);
CREATE INDEX import_runs_by_academy ON directory.import_runs (academy_id, started_at);
CREATE INDEX import_runs_by_person ON directory.import_runs (started_by, started_at);
ALTER TABLE directory.import_runs ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_controller ON directory.import_runs
  USING ((SELECT directory.sees_all()) OR controller_id = ANY ((SELECT directory.visible_controllers())::uuid[]));
GRANT SELECT, INSERT, UPDATE ON directory.import_runs TO socle_app;
