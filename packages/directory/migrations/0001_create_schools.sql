-- The tree of entities: region, academy, controller (art. 4.7 GDPR), school; and the national code lists.
CREATE SCHEMA directory;
CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA directory;
GRANT USAGE ON SCHEMA directory TO socle_app;

-- True when the transaction was opened for every controller.
CREATE FUNCTION directory.sees_all() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog
AS $$ SELECT coalesce(current_setting('socle.controllers', true) = '*', false) $$;

-- The controllers whose rows the transaction may see. Unset or empty: none. A list that is no list of UUIDs is an error.
CREATE FUNCTION directory.visible_controllers() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog
AS $$
  SELECT CASE
    WHEN coalesce(current_setting('socle.controllers', true), '') IN ('', '*') THEN '{}'::uuid[]
    ELSE current_setting('socle.controllers', true)::uuid[]
  END
$$;

-- True when any scope was opened: enough for code lists, which are about nobody.
CREATE FUNCTION directory.has_scope() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog
AS $$ SELECT coalesce(current_setting('socle.controllers', true), '') NOT IN ('', '{}') $$;

-- A version 7 UUID (RFC 9562 §5.7) for statements that make thousands of rows at once.
CREATE FUNCTION directory.new_id(at timestamptz) RETURNS uuid
LANGUAGE sql VOLATILE PARALLEL SAFE
AS $$
  SELECT encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid())
        PLACING substring(int8send((extract(epoch FROM at) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
      52, 1), 53, 1), 'hex')::uuid
$$;

-- How names are compared: lower case, no accents, no ligatures, hyphens and apostrophes as spaces.
CREATE FUNCTION directory.fold_name(name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS $$
  SELECT translate(
    replace(replace(replace(replace(replace(
      lower(regexp_replace(normalize(name, NFKD), U&'[\0300-\036F]', '', 'g')),
      U&'\0153', 'oe'), U&'\0152', 'oe'), U&'\00E6', 'ae'), U&'\00C6', 'ae'), U&'\00DF', 'ss'),
    U&'-''\2019.', '    ')
$$;

CREATE TABLE directory.controllers (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE CHECK (code ~ '^[A-Za-z0-9:_.-]{1,64}$'),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  kind text NOT NULL CHECK (kind IN ('head_of_school', 'academy', 'owner')),
  created_at timestamptz NOT NULL
);

CREATE TABLE directory.regions (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE CHECK (code ~ '^[A-Za-z0-9_-]{1,32}$'),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200)
);

CREATE TABLE directory.academies (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE CHECK (code ~ '^[A-Za-z0-9]{1,8}$'),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  region_id uuid NOT NULL REFERENCES directory.regions,
  -- Controller of the academy's own staff, and of its first-degree schools (the IA-DASEN).
  controller_id uuid NOT NULL REFERENCES directory.controllers
);

CREATE TABLE directory.schools (
  id uuid PRIMARY KEY,
  academy_id uuid NOT NULL REFERENCES directory.academies,
  controller_id uuid NOT NULL REFERENCES directory.controllers,
  uai text NOT NULL UNIQUE CHECK (uai ~ '^[0-9]{7}[A-HJ-NPR-Z]$'),
  -- Its key in the feed (ENTStructureJointure), unique in an academy and a degree.
  join_key text CHECK (length(join_key) BETWEEN 1 AND 32),
  degree text NOT NULL CHECK (degree IN ('1D', '2D')),
  kind text NOT NULL CHECK (kind IN ('primary', 'college', 'lycee', 'other')),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  language text NOT NULL DEFAULT 'fr' CHECK (language ~ '^[a-z]{2}(-[A-Z]{2})?$'),
  time_zone text NOT NULL DEFAULT 'Europe/Paris' CHECK (length(time_zone) BETWEEN 1 AND 64),
  -- Since when the school is no longer in the feed.
  leaving_since timestamptz,
  created_at timestamptz NOT NULL,
  UNIQUE NULLS DISTINCT (academy_id, degree, join_key)
);
CREATE INDEX schools_by_controller ON directory.schools (controller_id);

CREATE TABLE directory.subjects (
  id uuid PRIMARY KEY,
  academy_id uuid NOT NULL REFERENCES directory.academies,
  code text NOT NULL CHECK (length(code) BETWEEN 1 AND 16),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  UNIQUE (academy_id, code)
);

CREATE TABLE directory.mefs (
  academy_id uuid NOT NULL REFERENCES directory.academies,
  code text NOT NULL CHECK (length(code) BETWEEN 1 AND 16),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  PRIMARY KEY (academy_id, code)
);

ALTER TABLE directory.controllers ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_controller ON directory.controllers
  USING ((SELECT directory.sees_all()) OR id = ANY ((SELECT directory.visible_controllers())::uuid[]));
ALTER TABLE directory.schools ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_controller ON directory.schools
  USING ((SELECT directory.sees_all()) OR controller_id = ANY ((SELECT directory.visible_controllers())::uuid[]));

-- Regions, academies and code lists are about nobody: read by any scope, written with the scope of all.
ALTER TABLE directory.regions ENABLE ROW LEVEL SECURITY;
CREATE POLICY any_scope_reads ON directory.regions FOR SELECT USING ((SELECT directory.has_scope()));
CREATE POLICY all_scope_writes ON directory.regions USING ((SELECT directory.sees_all()));
ALTER TABLE directory.academies ENABLE ROW LEVEL SECURITY;
CREATE POLICY any_scope_reads ON directory.academies FOR SELECT USING ((SELECT directory.has_scope()));
CREATE POLICY all_scope_writes ON directory.academies USING ((SELECT directory.sees_all()));
ALTER TABLE directory.subjects ENABLE ROW LEVEL SECURITY;
CREATE POLICY any_scope_reads ON directory.subjects FOR SELECT USING ((SELECT directory.has_scope()));
CREATE POLICY all_scope_writes ON directory.subjects USING ((SELECT directory.sees_all()));
ALTER TABLE directory.mefs ENABLE ROW LEVEL SECURITY;
CREATE POLICY any_scope_reads ON directory.mefs FOR SELECT USING ((SELECT directory.has_scope()));
CREATE POLICY all_scope_writes ON directory.mefs USING ((SELECT directory.sees_all()));

GRANT SELECT, INSERT, UPDATE ON directory.controllers, directory.regions, directory.academies, directory.schools,
  directory.subjects, directory.mefs TO socle_app;
