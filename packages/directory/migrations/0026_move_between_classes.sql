-- A pupil who is moved by hand leaves one class and joins another in one decision, taken back as one.
ALTER TABLE directory.local_changes DROP CONSTRAINT local_changes_kind_check;
ALTER TABLE directory.local_changes ADD CONSTRAINT local_changes_kind_check
  CHECK (kind IN ('join', 'leave', 'move', 'substitute', 'project'));
ALTER TABLE directory.local_changes ADD COLUMN left_division_id uuid REFERENCES directory.divisions;
ALTER TABLE directory.local_changes ADD CHECK ((kind = 'move') = (left_division_id IS NOT NULL));
