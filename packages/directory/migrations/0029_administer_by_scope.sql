-- What was done about roles of administration: given, prolonged, ended, given back; by whom, with whose agreement, why.
-- Personal data: the ids of the two people, and the reason in the words of the first.
CREATE TABLE directory.role_acts (
  id uuid PRIMARY KEY,
  role_id uuid NOT NULL REFERENCES directory.roles,
  controller_id uuid NOT NULL,
  act text NOT NULL CHECK (act IN ('given', 'prolonged', 'ended', 'restored')),
  at timestamptz NOT NULL,
  -- Nobody: the operator, on the command line.
  by_id uuid REFERENCES directory.people,
  agreed_by_id uuid REFERENCES directory.people CHECK (agreed_by_id <> by_id),
  -- The end of the role after this act; of one that was ended, the end that it had before.
  until timestamptz,
  -- The node of the tree that was named, when it stood for the schools below it.
  over_entity_id uuid REFERENCES directory.entities,
  reason text NOT NULL CHECK (length(reason) BETWEEN 3 AND 500)
);
CREATE INDEX role_acts_by_role ON directory.role_acts (role_id);

-- Forms that were acted on: the same one a second time does nothing.
CREATE TABLE directory.administration_requests (
  id uuid PRIMARY KEY,
  at timestamptz NOT NULL
);

CREATE INDEX roles_of_administration ON directory.roles (domain_id, role)
  WHERE role IN ('local_admin', 'academy_admin', 'security_officer', 'dpo');

ALTER TABLE directory.role_acts ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_controller ON directory.role_acts
  USING ((SELECT directory.sees_all()) OR controller_id = ANY ((SELECT directory.visible_controllers())::uuid[]));
ALTER TABLE directory.administration_requests ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_scope ON directory.administration_requests USING ((SELECT directory.sees_all()));
GRANT SELECT, INSERT ON directory.role_acts, directory.administration_requests TO socle_app;
