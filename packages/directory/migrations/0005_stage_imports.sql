-- Runs of imports, and the place where a feed waits between being read and being applied.
CREATE TABLE directory.imports (
  id uuid PRIMARY KEY,
  academy_code text NOT NULL,
  degree text NOT NULL CHECK (degree IN ('1D', '2D')),
  kind text NOT NULL CHECK (kind IN ('complete', 'delta')),
  controller_id uuid,
  -- SHA-256 over the names and bytes of the feed's files.
  digest text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
  -- The feed's first file: which generation it is of.
  file_name text NOT NULL CHECK (length(file_name) <= 255),
  state text NOT NULL CHECK (state IN ('running', 'done', 'refused', 'failed')),
  counts jsonb NOT NULL DEFAULT '{}',
  report jsonb NOT NULL DEFAULT '[]',
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  CHECK ((state = 'running') = (finished_at IS NULL))
);
CREATE INDEX imports_by_academy ON directory.imports (academy_code, degree, started_at);
ALTER TABLE directory.imports ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_controller ON directory.imports
  USING ((SELECT directory.sees_all()) OR controller_id = ANY ((SELECT directory.visible_controllers())::uuid[]));
GRANT SELECT, INSERT, UPDATE ON directory.imports TO socle_app;

-- Unlogged: after a crash they are empty and the import runs again. COPY refuses tables under row-level security, so
-- the service may only insert into these tables; it reads them through views that show nothing but to the scope of all.
CREATE UNLOGGED TABLE directory.incoming_schools (
  key text COLLATE "C" NOT NULL, uai text NOT NULL, name text NOT NULL, kind text NOT NULL);
CREATE UNLOGGED TABLE directory.incoming_subjects (code text COLLATE "C" NOT NULL, name text NOT NULL);
CREATE UNLOGGED TABLE directory.incoming_mefs (code text COLLATE "C" NOT NULL, name text NOT NULL);
CREATE UNLOGGED TABLE directory.incoming_divisions (
  school_key text COLLATE "C" NOT NULL, kind text NOT NULL, code text COLLATE "C" NOT NULL, name text);
CREATE UNLOGGED TABLE directory.incoming_people (
  number int NOT NULL, category text NOT NULL, key text COLLATE "C" NOT NULL, school_key text COLLATE "C", given_name text NOT NULL,
  family_name text NOT NULL, birth_date date, mail text);
CREATE UNLOGGED TABLE directory.incoming_roles (
  key text COLLATE "C" NOT NULL, school_key text COLLATE "C" NOT NULL, role text NOT NULL, function_code text);
CREATE UNLOGGED TABLE directory.incoming_members (
  key text COLLATE "C" NOT NULL, school_key text COLLATE "C" NOT NULL, kind text NOT NULL, code text COLLATE "C" NOT NULL);
CREATE UNLOGGED TABLE directory.incoming_teaching (
  key text COLLATE "C" NOT NULL, school_key text COLLATE "C" NOT NULL, kind text NOT NULL, code text COLLATE "C" NOT NULL,
  subject_code text COLLATE "C");
CREATE UNLOGGED TABLE directory.incoming_heads (
  key text COLLATE "C" NOT NULL, school_key text COLLATE "C" NOT NULL, code text COLLATE "C" NOT NULL);
CREATE UNLOGGED TABLE directory.incoming_links (
  child_key text COLLATE "C" NOT NULL, adult_key text COLLATE "C" NOT NULL, kind text NOT NULL, relation_code text);
-- What a key means here: whose person, new or known, and the school (by its place in the run) that writes it.
CREATE UNLOGGED TABLE directory.resolved_people (
  key text COLLATE "C" PRIMARY KEY, person_id uuid NOT NULL, is_new boolean NOT NULL, category text NOT NULL,
  home int NOT NULL);

CREATE INDEX incoming_people_by_school ON directory.incoming_people (school_key);
CREATE INDEX incoming_people_by_key ON directory.incoming_people (key);
CREATE INDEX incoming_roles_by_school ON directory.incoming_roles (school_key);
CREATE INDEX incoming_divisions_by_school ON directory.incoming_divisions (school_key);
CREATE INDEX incoming_members_by_school ON directory.incoming_members (school_key);
CREATE INDEX incoming_teaching_by_school ON directory.incoming_teaching (school_key);
CREATE INDEX incoming_heads_by_school ON directory.incoming_heads (school_key);
CREATE INDEX incoming_links_by_child ON directory.incoming_links (child_key);
CREATE INDEX resolved_people_by_person ON directory.resolved_people (person_id);
CREATE INDEX resolved_people_by_home ON directory.resolved_people (home);

CREATE VIEW directory.staged_schools AS
  SELECT * FROM directory.incoming_schools WHERE (SELECT directory.sees_all());
CREATE VIEW directory.staged_subjects AS
  SELECT * FROM directory.incoming_subjects WHERE (SELECT directory.sees_all());
CREATE VIEW directory.staged_mefs AS
  SELECT * FROM directory.incoming_mefs WHERE (SELECT directory.sees_all());
CREATE VIEW directory.staged_divisions AS
  SELECT * FROM directory.incoming_divisions WHERE (SELECT directory.sees_all());
CREATE VIEW directory.staged_people AS
  SELECT * FROM directory.incoming_people WHERE (SELECT directory.sees_all());
CREATE VIEW directory.staged_roles AS
  SELECT * FROM directory.incoming_roles WHERE (SELECT directory.sees_all());
CREATE VIEW directory.staged_members AS
  SELECT * FROM directory.incoming_members WHERE (SELECT directory.sees_all());
CREATE VIEW directory.staged_teaching AS
  SELECT * FROM directory.incoming_teaching WHERE (SELECT directory.sees_all());
CREATE VIEW directory.staged_heads AS
  SELECT * FROM directory.incoming_heads WHERE (SELECT directory.sees_all());
CREATE VIEW directory.staged_links AS
  SELECT * FROM directory.incoming_links WHERE (SELECT directory.sees_all());
CREATE VIEW directory.known_people AS
  SELECT * FROM directory.resolved_people WHERE (SELECT directory.sees_all());

GRANT INSERT ON directory.incoming_schools, directory.incoming_subjects, directory.incoming_mefs,
  directory.incoming_divisions, directory.incoming_people, directory.incoming_roles, directory.incoming_members,
  directory.incoming_teaching, directory.incoming_heads, directory.incoming_links, directory.resolved_people TO socle_app;
GRANT SELECT, DELETE ON directory.staged_schools, directory.staged_subjects, directory.staged_mefs,
  directory.staged_divisions, directory.staged_people, directory.staged_roles, directory.staged_members,
  directory.staged_teaching, directory.staged_heads, directory.staged_links, directory.known_people TO socle_app;

GRANT UPDATE ON directory.staged_people TO socle_app;

CREATE FUNCTION directory.empty_staging() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = directory, pg_catalog
AS $$
  TRUNCATE incoming_schools, incoming_subjects, incoming_mefs, incoming_divisions, incoming_people, incoming_roles,
    incoming_members, incoming_teaching, incoming_heads, incoming_links, resolved_people
$$;
CREATE FUNCTION directory.analyze_staging() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = directory, pg_catalog
AS $$
BEGIN
  ANALYZE incoming_schools, incoming_subjects, incoming_mefs, incoming_divisions, incoming_people, incoming_roles,
    incoming_members, incoming_teaching, incoming_heads, incoming_links, resolved_people;
END $$;
REVOKE ALL ON FUNCTION directory.empty_staging(), directory.analyze_staging() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION directory.empty_staging(), directory.analyze_staging() TO socle_app;
