CREATE SCHEMA grades;
GRANT USAGE ON SCHEMA grades TO grades_app;

-- One graded work of one class or group in one subject. Ids of schools, divisions and subjects are the socle's;
-- `owner` is the teacher's pairwise subject identifier, which means nothing outside this module.
CREATE TABLE grades.assessments (
  id uuid PRIMARY KEY,
  school uuid NOT NULL,
  division uuid NOT NULL,
  division_name text NOT NULL CHECK (length(division_name) BETWEEN 1 AND 200),
  subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 64),
  subject_name text NOT NULL CHECK (length(subject_name) BETWEEN 1 AND 200),
  title text NOT NULL CHECK (length(title) BETWEEN 1 AND 120),
  held_on date NOT NULL,
  scale smallint NOT NULL CHECK (scale IN (5, 10, 20, 100)),
  coefficient numeric(4, 2) NOT NULL CHECK (coefficient BETWEEN 0 AND 20),
  kind text NOT NULL CHECK (kind IN ('test', 'homework', 'oral', 'practical', 'project', 'participation')),
  state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'published')),
  owner text NOT NULL CHECK (length(owner) BETWEEN 1 AND 255),
  revision int NOT NULL DEFAULT 1 CHECK (revision > 0),
  created_at timestamptz NOT NULL,
  published_at timestamptz,
  -- What was published, committed to: SHA-256 of the salted sheet, quoted by the audit event.
  published_salt bytea CHECK (length(published_salt) = 32),
  published_digest bytea CHECK (length(published_digest) = 32),
  deleted_at timestamptz,
  CHECK ((state = 'published') = (published_at IS NOT NULL)),
  CHECK ((state = 'published') = (published_digest IS NOT NULL AND published_salt IS NOT NULL)),
  CHECK (state = 'draft' OR deleted_at IS NULL)
);

CREATE INDEX assessments_by_class ON grades.assessments (division, subject, held_on);
CREATE INDEX assessments_to_purge ON grades.assessments (deleted_at) WHERE deleted_at IS NOT NULL;

-- A transaction sees the rows of the schools it names, and none when it names none.
ALTER TABLE grades.assessments ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_school ON grades.assessments TO grades_app
  USING (
    current_setting('socle.controllers', true) = '*'
    OR school::text = ANY (NULLIF(NULLIF(current_setting('socle.controllers', true), '*'), '')::text[])
  );

GRANT SELECT, INSERT, DELETE ON grades.assessments TO grades_app;
-- Its place, its teacher and its making never change.
GRANT UPDATE (title, held_on, scale, coefficient, kind, state, revision, published_at, published_salt,
  published_digest, deleted_at) ON grades.assessments TO grades_app;

-- What families have seen does not go back to draft, change its scale, or vanish.
CREATE FUNCTION grades.keep_published() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF OLD.state = 'published' AND (
    TG_OP = 'DELETE'
    OR ROW(NEW.state, NEW.published_at, NEW.published_salt, NEW.published_digest, NEW.scale)
      IS DISTINCT FROM ROW(OLD.state, OLD.published_at, OLD.published_salt, OLD.published_digest, OLD.scale)
  ) THEN
    RAISE EXCEPTION 'a published assessment stays published' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_published BEFORE UPDATE OR DELETE ON grades.assessments
  FOR EACH ROW EXECUTE FUNCTION grades.keep_published();
