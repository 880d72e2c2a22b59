-- What a school decides over its feed: who joins or leaves a class, who replaces whom, who works together across schools.
-- Each decision has an author, a reason and an end; until then it wins over the feed, whose contradiction can be read.
CREATE TABLE directory.local_changes (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('join', 'leave', 'substitute', 'project')),
  person_id uuid NOT NULL REFERENCES directory.people,
  division_id uuid REFERENCES directory.divisions,
  -- Who is replaced.
  replaced_id uuid REFERENCES directory.people,
  school_id uuid NOT NULL REFERENCES directory.schools,
  controller_id uuid NOT NULL,
  reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
  valid_from timestamptz NOT NULL,
  valid_to timestamptz NOT NULL,
  decided_by uuid REFERENCES directory.people,
  decided_at timestamptz NOT NULL,
  undone_by uuid REFERENCES directory.people,
  undone_at timestamptz,
  CHECK (valid_to > valid_from)
);
CREATE INDEX local_changes_by_school ON directory.local_changes (school_id, valid_to);
CREATE INDEX local_changes_by_person ON directory.local_changes (person_id);

-- The rows that a change made or cut, so that it can be taken back.
CREATE TABLE directory.local_change_rows (
  change_id uuid NOT NULL REFERENCES directory.local_changes,
  controller_id uuid NOT NULL,
  relation text NOT NULL CHECK (relation IN ('roles', 'division_members', 'teaching_assignments', 'head_teachers')),
  row_key text NOT NULL,
  -- `opened`: made by the change. `cut`: ended by it. `resumed`: what the feed says again from the change's end.
  change text NOT NULL CHECK (change IN ('opened', 'cut', 'resumed')),
  before timestamptz,
  PRIMARY KEY (change_id, relation, row_key)
);
ALTER TABLE directory.local_changes ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_controller ON directory.local_changes
  USING ((SELECT directory.sees_all()) OR controller_id = ANY ((SELECT directory.visible_controllers())::uuid[]));
ALTER TABLE directory.local_change_rows ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_controller ON directory.local_change_rows
  USING ((SELECT directory.sees_all()) OR controller_id = ANY ((SELECT directory.visible_controllers())::uuid[]));
GRANT SELECT, INSERT, UPDATE ON directory.local_changes TO socle_app;
GRANT SELECT, INSERT ON directory.local_change_rows TO socle_app;

-- Members of a group that crosses schools are seen by the school of the group.
DROP POLICY seen ON directory.people;
CREATE POLICY seen ON directory.people FOR SELECT USING (
  (SELECT directory.sees_all())
  OR controller_id = ANY ((SELECT directory.visible_controllers())::uuid[])
  OR EXISTS (SELECT FROM directory.roles r WHERE r.person_id = people.id
    AND (r.valid_to IS NULL OR r.valid_to > statement_timestamp()))
  OR EXISTS (SELECT FROM directory.guardian_links g WHERE g.adult_id = people.id AND g.superseded_at IS NULL
    AND (g.valid_to IS NULL OR g.valid_to > statement_timestamp()))
  OR EXISTS (SELECT FROM directory.division_members m WHERE m.person_id = people.id
    AND (m.valid_to IS NULL OR m.valid_to > statement_timestamp()))
);
