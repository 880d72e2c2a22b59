-- The present mark of a pupil (a pairwise subject identifier). Neither a value nor a status: it was taken out.
CREATE TABLE grades.marks (
  assessment uuid NOT NULL REFERENCES grades.assessments ON DELETE CASCADE,
  pupil text NOT NULL CHECK (length(pupil) BETWEEN 1 AND 255),
  school uuid NOT NULL,
  value numeric(5, 2) CHECK (value BETWEEN 0 AND 100),
  status text CHECK (status IN ('absent', 'exempt', 'not_graded')),
  version int NOT NULL CHECK (version > 0),
  written_by text NOT NULL,
  written_at timestamptz NOT NULL,
  -- Why it was changed after publication; empty while it was a draft.
  reason text CHECK (reason IN ('typing_error', 'recount', 'second_reading', 'late_work', 'retake', 'absence_settled')),
  PRIMARY KEY (assessment, pupil),
  CHECK (num_nonnulls(value, status) <= 1)
);
CREATE INDEX marks_of_pupil ON grades.marks (pupil);

-- Every state a mark has been in, with the one before. Written by the trigger below and by nothing else.
CREATE TABLE grades.mark_versions (
  assessment uuid NOT NULL,
  pupil text NOT NULL,
  version int NOT NULL,
  school uuid NOT NULL,
  old_value numeric(5, 2),
  old_status text,
  new_value numeric(5, 2),
  new_status text,
  written_by text NOT NULL,
  written_at timestamptz NOT NULL,
  reason text,
  PRIMARY KEY (assessment, pupil, version),
  FOREIGN KEY (assessment, pupil) REFERENCES grades.marks ON DELETE CASCADE
);

ALTER TABLE grades.marks ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_school ON grades.marks TO grades_app
  USING (
    current_setting('socle.controllers', true) = '*'
    OR school::text = ANY (NULLIF(NULLIF(current_setting('socle.controllers', true), '*'), '')::text[])
  );
ALTER TABLE grades.mark_versions ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_school ON grades.mark_versions TO grades_app
  USING (
    current_setting('socle.controllers', true) = '*'
    OR school::text = ANY (NULLIF(NULLIF(current_setting('socle.controllers', true), '*'), '')::text[])
  );

GRANT SELECT, INSERT ON grades.marks TO grades_app;
GRANT UPDATE (value, status, version, written_by, written_at, reason) ON grades.marks TO grades_app;
GRANT SELECT ON grades.mark_versions TO grades_app;

-- Runs before a mark is written: versions follow one another, values fit the scale, a published mark that changes
-- has a reason, and its school is the assessment's.
CREATE FUNCTION grades.check_mark() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  parent grades.assessments;
BEGIN
  SELECT * INTO parent FROM grades.assessments WHERE id = NEW.assessment;
  IF NOT FOUND OR parent.school <> NEW.school OR parent.deleted_at IS NOT NULL THEN
    RAISE EXCEPTION 'a mark belongs to a living assessment of its school' USING ERRCODE = 'foreign_key_violation';
  END IF;
  IF NEW.value > parent.scale THEN
    RAISE EXCEPTION 'a mark is at most its scale' USING ERRCODE = 'check_violation';
  END IF;
  IF parent.state = 'published' AND NEW.reason IS NULL THEN
    RAISE EXCEPTION 'a published mark changes for a reason' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.version <> (CASE TG_OP WHEN 'INSERT' THEN 1 ELSE OLD.version + 1 END) THEN
    RAISE EXCEPTION 'versions of a mark follow one another' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_mark BEFORE INSERT OR UPDATE ON grades.marks
  FOR EACH ROW EXECUTE FUNCTION grades.check_mark();

-- Runs as the owner: the service may read versions and neither write nor remove one.
CREATE FUNCTION grades.keep_version() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  INSERT INTO grades.mark_versions
    (assessment, pupil, version, school, old_value, old_status, new_value, new_status, written_by, written_at, reason)
  VALUES (NEW.assessment, NEW.pupil, NEW.version, NEW.school,
    CASE TG_OP WHEN 'UPDATE' THEN OLD.value END, CASE TG_OP WHEN 'UPDATE' THEN OLD.status END,
    NEW.value, NEW.status, NEW.written_by, NEW.written_at, NEW.reason);
  RETURN NULL;
END $$;
CREATE TRIGGER keep_version AFTER INSERT OR UPDATE ON grades.marks
  FOR EACH ROW EXECUTE FUNCTION grades.keep_version();
