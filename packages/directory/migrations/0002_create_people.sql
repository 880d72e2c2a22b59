-- People, what they are in which school, their classes and groups. Addresses, telephones, INE and titles are not kept:
-- nothing in the socle needs them.
CREATE TABLE directory.people (
  id uuid PRIMARY KEY,
  controller_id uuid NOT NULL REFERENCES directory.controllers,
  given_name text NOT NULL CHECK (length(given_name) <= 100),
  family_name text NOT NULL CHECK (length(family_name) BETWEEN 1 AND 100),
  birth_date date,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended', 'departed')),
  status_reason text CHECK (status_reason ~ '^[a-z][a-z_]{0,63}$'),
  -- Start of the disappearance clock: since when no feed names this person.
  leaving_since timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  folded_name text GENERATED ALWAYS AS (directory.fold_name(given_name || ' ' || family_name)) STORED,
  sort_name text GENERATED ALWAYS AS (directory.fold_name(family_name || ', ' || given_name)) STORED
);
CREATE INDEX people_by_controller ON directory.people (controller_id);
CREATE INDEX people_leaving ON directory.people (leaving_since) WHERE leaving_since IS NOT NULL;

-- How the outside calls a person: many keys a person (two academies, first and second degree).
CREATE TABLE directory.join_keys (
  kind text NOT NULL CHECK (kind IN ('aaf', 'agent_mail')),
  -- `aaf`: `<academy>-<ENTPersonJointure>`; `agent_mail`: the academy mailbox in lower case.
  value text NOT NULL CHECK (length(value) BETWEEN 1 AND 254),
  -- The feed that gives the key: one person may be in both degrees under one key.
  degree text NOT NULL CHECK (degree IN ('1D', '2D')),
  person_id uuid NOT NULL REFERENCES directory.people,
  academy_id uuid NOT NULL REFERENCES directory.academies,
  category text NOT NULL CHECK (category IN ('pupil', 'relative', 'staff')),
  -- Since when complete feeds of this degree no longer name it.
  missing_since timestamptz,
  PRIMARY KEY (kind, value, degree)
);
CREATE INDEX join_keys_by_person ON directory.join_keys (person_id);

CREATE TABLE directory.roles (
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES directory.people,
  role text NOT NULL CHECK (role IN ('pupil', 'guardian', 'teacher', 'head_teacher', 'cpe', 'aed', 'librarian', 'head',
    'staff', 'local_admin', 'academy_admin', 'dpo', 'security_officer', 'guest')),
  scope text NOT NULL CHECK (scope IN ('school', 'academy', 'region')),
  school_id uuid REFERENCES directory.schools,
  academy_id uuid REFERENCES directory.academies,
  region_id uuid REFERENCES directory.regions,
  domain_id uuid NOT NULL GENERATED ALWAYS AS (coalesce(school_id, academy_id, region_id)) STORED,
  controller_id uuid NOT NULL,
  -- National function code (SDET annex 6.3 §4.7) that the role was derived from.
  function_code text CHECK (length(function_code) BETWEEN 1 AND 16),
  source text NOT NULL CHECK (source IN ('feed', 'manual')),
  valid_from timestamptz NOT NULL,
  valid_to timestamptz,
  granted_by uuid REFERENCES directory.people,
  -- Answers for a guest.
  sponsor_id uuid REFERENCES directory.people,
  reason text CHECK (length(reason) BETWEEN 1 AND 500),
  CHECK (valid_to IS NULL OR valid_to >= valid_from),
  CHECK (num_nonnulls(school_id, academy_id, region_id) = 1),
  CHECK ((scope = 'school') = (school_id IS NOT NULL) AND (scope = 'academy') = (academy_id IS NOT NULL)),
  -- A person's decision has an author and a reason; a guest has a sponsor and an end.
  CHECK (source = 'feed' OR reason IS NOT NULL),
  CHECK (role <> 'guest' OR (sponsor_id IS NOT NULL AND valid_to IS NOT NULL AND scope = 'school')),
  EXCLUDE USING gist (person_id WITH =, role WITH =, domain_id WITH =, tstzrange(valid_from, valid_to) WITH &&)
    WHERE (source = 'manual')
);
CREATE UNIQUE INDEX roles_one_open_from_feed ON directory.roles (person_id, role, domain_id)
  WHERE source = 'feed' AND valid_to IS NULL;
CREATE INDEX roles_by_person ON directory.roles (person_id);
CREATE INDEX roles_by_school ON directory.roles (school_id, role) WHERE school_id IS NOT NULL;

-- Classes and groups.
CREATE TABLE directory.divisions (
  id uuid PRIMARY KEY,
  school_id uuid NOT NULL REFERENCES directory.schools,
  controller_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('class', 'group')),
  code text NOT NULL CHECK (length(code) BETWEEN 1 AND 64),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  created_at timestamptz NOT NULL,
  UNIQUE (school_id, kind, code)
);

CREATE TABLE directory.division_members (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  division_id uuid NOT NULL REFERENCES directory.divisions,
  person_id uuid NOT NULL REFERENCES directory.people,
  controller_id uuid NOT NULL,
  source text NOT NULL DEFAULT 'feed' CHECK (source IN ('feed', 'manual')),
  valid_from timestamptz NOT NULL,
  valid_to timestamptz,
  CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE UNIQUE INDEX division_members_one_open ON directory.division_members (division_id, person_id)
  WHERE valid_to IS NULL;
CREATE INDEX division_members_by_person ON directory.division_members (person_id);

CREATE TABLE directory.teaching_assignments (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES directory.people,
  division_id uuid NOT NULL REFERENCES directory.divisions,
  -- None: whatever the subject (first degree).
  subject_id uuid REFERENCES directory.subjects,
  controller_id uuid NOT NULL,
  source text NOT NULL DEFAULT 'feed' CHECK (source IN ('feed', 'manual')),
  valid_from timestamptz NOT NULL,
  valid_to timestamptz,
  CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE UNIQUE INDEX teaching_assignments_one_open ON directory.teaching_assignments (person_id, division_id, subject_id)
  NULLS NOT DISTINCT WHERE valid_to IS NULL;
CREATE INDEX teaching_assignments_by_division ON directory.teaching_assignments (division_id);

CREATE TABLE directory.head_teachers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES directory.people,
  division_id uuid NOT NULL REFERENCES directory.divisions,
  controller_id uuid NOT NULL,
  source text NOT NULL DEFAULT 'feed' CHECK (source IN ('feed', 'manual')),
  valid_from timestamptz NOT NULL,
  valid_to timestamptz,
  CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE UNIQUE INDEX head_teachers_one_open ON directory.head_teachers (person_id, division_id) WHERE valid_to IS NULL;
CREATE INDEX head_teachers_by_division ON directory.head_teachers (division_id);

ALTER TABLE directory.roles ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_controller ON directory.roles
  USING ((SELECT directory.sees_all()) OR controller_id = ANY ((SELECT directory.visible_controllers())::uuid[]));
ALTER TABLE directory.divisions ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_controller ON directory.divisions
  USING ((SELECT directory.sees_all()) OR controller_id = ANY ((SELECT directory.visible_controllers())::uuid[]));
ALTER TABLE directory.division_members ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_controller ON directory.division_members
  USING ((SELECT directory.sees_all()) OR controller_id = ANY ((SELECT directory.visible_controllers())::uuid[]));
ALTER TABLE directory.teaching_assignments ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_controller ON directory.teaching_assignments
  USING ((SELECT directory.sees_all()) OR controller_id = ANY ((SELECT directory.visible_controllers())::uuid[]));
ALTER TABLE directory.head_teachers ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_controller ON directory.head_teachers
  USING ((SELECT directory.sees_all()) OR controller_id = ANY ((SELECT directory.visible_controllers())::uuid[]));

GRANT SELECT, INSERT, UPDATE ON directory.people, directory.join_keys, directory.roles, directory.divisions,
  directory.division_members, directory.teaching_assignments, directory.head_teachers TO socle_app;
-- An academy mailbox that is taken back must not lead to its former holder.
GRANT DELETE ON directory.join_keys TO socle_app;
