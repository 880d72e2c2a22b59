-- SCIM 2.0 (RFC 7643, 7644): which client acts for which controller, and what it pushed. A client sees and changes what
-- came through SCIM for its controller, and nothing else of the directory.
CREATE TABLE directory.scim_clients (
  client_id text PRIMARY KEY CHECK (length(client_id) BETWEEN 1 AND 64),
  controller_id uuid NOT NULL REFERENCES directory.controllers,
  bound_at timestamptz NOT NULL
);

CREATE TABLE directory.scim_users (
  person_id uuid PRIMARY KEY REFERENCES directory.people,
  controller_id uuid NOT NULL REFERENCES directory.controllers,
  -- The client's own name of the account, and its key; personal data where it chose an address.
  user_name text NOT NULL CHECK (length(user_name) BETWEEN 1 AND 254),
  external_id text CHECK (length(external_id) BETWEEN 1 AND 200),
  -- Settled by the first role: a pupil does not become staff, nor staff a pupil.
  category text CHECK (category IN ('pupil', 'staff')),
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  deleted_at timestamptz
);
CREATE UNIQUE INDEX scim_users_by_user_name ON directory.scim_users (controller_id, lower(user_name)) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX scim_users_by_external_id ON directory.scim_users (controller_id, external_id);

CREATE TABLE directory.scim_groups (
  division_id uuid PRIMARY KEY REFERENCES directory.divisions,
  controller_id uuid NOT NULL REFERENCES directory.controllers,
  external_id text CHECK (length(external_id) BETWEEN 1 AND 200),
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  deleted_at timestamptz
);
CREATE UNIQUE INDEX scim_groups_by_external_id ON directory.scim_groups (controller_id, external_id) WHERE deleted_at IS NULL;

-- Who lost their place in a school through SCIM, and when: what the guard counts.
CREATE TABLE directory.scim_withdrawals (
  controller_id uuid NOT NULL REFERENCES directory.controllers,
  school_id uuid NOT NULL REFERENCES directory.schools,
  person_id uuid NOT NULL REFERENCES directory.people,
  at timestamptz NOT NULL
);
CREATE INDEX scim_withdrawals_by_school ON directory.scim_withdrawals (school_id, at);

ALTER TABLE directory.scim_clients ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_controller ON directory.scim_clients
  USING ((SELECT directory.sees_all()) OR controller_id = ANY ((SELECT directory.visible_controllers())::uuid[]));
ALTER TABLE directory.scim_users ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_controller ON directory.scim_users
  USING ((SELECT directory.sees_all()) OR controller_id = ANY ((SELECT directory.visible_controllers())::uuid[]));
ALTER TABLE directory.scim_groups ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_controller ON directory.scim_groups
  USING ((SELECT directory.sees_all()) OR controller_id = ANY ((SELECT directory.visible_controllers())::uuid[]));
ALTER TABLE directory.scim_withdrawals ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_controller ON directory.scim_withdrawals
  USING ((SELECT directory.sees_all()) OR controller_id = ANY ((SELECT directory.visible_controllers())::uuid[]));
GRANT SELECT, INSERT, UPDATE ON directory.scim_users, directory.scim_groups TO socle_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON directory.scim_clients TO socle_app;
GRANT SELECT, INSERT, DELETE ON directory.scim_withdrawals TO socle_app;
