-- The passage from a school year to the next: planned beside the running year, switched at once, taken back for a time.
CREATE TABLE directory.rollovers (
  id uuid PRIMARY KEY,
  school_id uuid NOT NULL REFERENCES directory.schools,
  controller_id uuid NOT NULL,
  -- The year that begins: 2027-2028.
  school_year text NOT NULL CHECK (school_year ~ '^20[0-9]{2}-20[0-9]{2}$'),
  state text NOT NULL DEFAULT 'preparing' CHECK (state IN ('preparing', 'switched', 'dropped')),
  prepared_by uuid NOT NULL REFERENCES directory.people,
  prepared_at timestamptz NOT NULL,
  switched_by uuid REFERENCES directory.people,
  switched_at timestamptz,
  undo_until timestamptz,
  CHECK ((state = 'switched') = (switched_at IS NOT NULL))
);
CREATE UNIQUE INDEX rollovers_one_open ON directory.rollovers (school_id) WHERE state = 'preparing';
CREATE INDEX rollovers_by_school ON directory.rollovers (school_id, prepared_at);

-- Personal data: where each person is to be next year. Goes with the rollover.
CREATE TABLE directory.planned_roles (
  rollover_id uuid NOT NULL REFERENCES directory.rollovers,
  person_id uuid NOT NULL REFERENCES directory.people,
  controller_id uuid NOT NULL,
  role text NOT NULL CHECK (role IN ('pupil', 'guardian', 'teacher', 'head_teacher', 'cpe', 'aed', 'librarian', 'head', 'staff')),
  function_code text,
  source text NOT NULL CHECK (source IN ('feed', 'manual')),
  PRIMARY KEY (rollover_id, person_id, role)
);
CREATE INDEX planned_roles_by_person ON directory.planned_roles (person_id);
CREATE TABLE directory.planned_places (
  rollover_id uuid NOT NULL REFERENCES directory.rollovers,
  person_id uuid NOT NULL REFERENCES directory.people,
  controller_id uuid NOT NULL,
  relation text NOT NULL CHECK (relation IN ('member', 'teaching', 'head')),
  kind text NOT NULL CHECK (kind IN ('class', 'group')),
  code text NOT NULL CHECK (length(code) BETWEEN 1 AND 64),
  name text CHECK (length(name) BETWEEN 1 AND 200),
  subject_id uuid REFERENCES directory.subjects,
  source text NOT NULL CHECK (source IN ('feed', 'manual')),
  UNIQUE NULLS NOT DISTINCT (rollover_id, person_id, relation, kind, code, subject_id)
);

-- What a switch did, row by row, so that it can be taken back.
CREATE TABLE directory.rollover_steps (
  rollover_id uuid NOT NULL REFERENCES directory.rollovers,
  controller_id uuid NOT NULL,
  relation text NOT NULL CHECK (relation IN ('roles', 'division_members', 'teaching_assignments', 'head_teachers', 'divisions',
    'people')),
  row_key text NOT NULL,
  person_id uuid,
  change text NOT NULL CHECK (change IN ('ended', 'opened', 'retired', 'left', 'returned')),
  -- The end of a row, the code of a division, the leaving date of a person, as they were.
  before text,
  PRIMARY KEY (rollover_id, relation, row_key, change)
);

-- Whose sessions are to end because a switch took rights away: emptied after the commit, by whoever comes first.
CREATE TABLE directory.session_endings (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES directory.people,
  controller_id uuid NOT NULL,
  due_at timestamptz NOT NULL,
  done_at timestamptz
);
CREATE INDEX session_endings_due ON directory.session_endings (id) WHERE done_at IS NULL;

-- A class of a year that is over: its code is free for the next.
ALTER TABLE directory.divisions ADD COLUMN retired_at timestamptz;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['rollovers', 'planned_roles', 'planned_places', 'rollover_steps', 'session_endings']
  LOOP
    EXECUTE format('ALTER TABLE directory.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY by_controller ON directory.%I USING ((SELECT directory.sees_all())
      OR controller_id = ANY ((SELECT directory.visible_controllers())::uuid[]))', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON directory.%I TO socle_app', name);
  END LOOP;
END $$;
GRANT DELETE ON directory.planned_roles, directory.planned_places, directory.rollover_steps TO socle_app;
