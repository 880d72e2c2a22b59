-- One tree of what schools belong to: region, academy, département, commune; an owner and its network abroad; the school
-- at the leaves. Each node may say a language, a time zone, a law and a controller; where it does not, the nearest node
-- above that does speaks for it. Regions, academies and schools keep their own tables, and are mirrored here by triggers.
CREATE TABLE directory.entities (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('network', 'owner', 'region', 'academy', 'department', 'commune', 'school')),
  code text NOT NULL CHECK (length(code) BETWEEN 1 AND 64),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  parent_id uuid REFERENCES directory.entities CHECK (parent_id <> id),
  controller_id uuid REFERENCES directory.controllers,
  language text CHECK (language ~ '^[a-z]{2}(-[A-Z]{2})?$'),
  time_zone text CHECK (length(time_zone) BETWEEN 1 AND 64),
  -- Law of the place (ISO 3166-1): majority, consent and retention follow it.
  law text CHECK (law ~ '^[A-Z]{2}$'),
  created_at timestamptz NOT NULL,
  UNIQUE (kind, code)
);
CREATE INDEX entities_by_parent ON directory.entities (parent_id);

-- What may stand under what; ranks only fall, so the tree has no cycle.
CREATE FUNCTION directory.check_entity_parent() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
  above text := (SELECT kind FROM directory.entities WHERE id = NEW.parent_id);
  fits boolean;
BEGIN
  fits := CASE NEW.kind
    WHEN 'network' THEN above IS NULL
    WHEN 'owner' THEN above IS NULL OR above = 'network'
    WHEN 'region' THEN above IS NULL
    WHEN 'academy' THEN above = 'region'
    WHEN 'department' THEN above = 'academy'
    WHEN 'commune' THEN above = 'department'
    ELSE above IN ('academy', 'department', 'commune', 'owner')
  END;
  IF fits IS NOT TRUE OR (NEW.parent_id IS NOT NULL AND above IS NULL) THEN
    RAISE EXCEPTION 'an entity does not belong there' USING ERRCODE = 'check_violation', CONSTRAINT = 'entities_parent';
  END IF;
  IF NEW.time_zone IS NOT NULL AND NOT EXISTS (SELECT FROM pg_timezone_names WHERE name = NEW.time_zone) THEN
    RAISE EXCEPTION 'a time zone is not known' USING ERRCODE = 'check_violation', CONSTRAINT = 'entities_time_zone';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER checks_parent BEFORE INSERT OR UPDATE OF parent_id, kind, time_zone ON directory.entities
  FOR EACH ROW EXECUTE FUNCTION directory.check_entity_parent();

-- A school from a feed says neither; one opened by hand may.
ALTER TABLE directory.schools ALTER COLUMN language DROP NOT NULL, ALTER COLUMN language DROP DEFAULT,
  ALTER COLUMN time_zone DROP NOT NULL, ALTER COLUMN time_zone DROP DEFAULT;
UPDATE directory.schools SET language = NULL, time_zone = NULL
WHERE join_key IS NOT NULL AND language = 'fr' AND time_zone = 'Europe/Paris';

CREATE FUNCTION directory.mirror_entity() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
  IF TG_TABLE_NAME = 'regions' THEN
    INSERT INTO directory.entities (id, kind, code, name, created_at) VALUES (NEW.id, 'region', NEW.code, NEW.name, now())
    ON CONFLICT (id) DO UPDATE SET code = EXCLUDED.code, name = EXCLUDED.name;
  ELSIF TG_TABLE_NAME = 'academies' THEN
    INSERT INTO directory.entities (id, kind, code, name, parent_id, controller_id, created_at)
    VALUES (NEW.id, 'academy', NEW.code, NEW.name, NEW.region_id, NEW.controller_id, now())
    ON CONFLICT (id) DO UPDATE SET code = EXCLUDED.code, name = EXCLUDED.name, parent_id = EXCLUDED.parent_id,
      controller_id = EXCLUDED.controller_id;
  ELSE
    -- Where a person placed the school (a commune, an owner) stays when the feed renames it.
    INSERT INTO directory.entities (id, kind, code, name, parent_id, controller_id, language, time_zone, created_at)
    VALUES (NEW.id, 'school', NEW.uai, NEW.name, NEW.academy_id, NEW.controller_id, NEW.language, NEW.time_zone, NEW.created_at)
    ON CONFLICT (id) DO UPDATE SET code = EXCLUDED.code, name = EXCLUDED.name, controller_id = EXCLUDED.controller_id,
      language = EXCLUDED.language, time_zone = EXCLUDED.time_zone;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER mirrors AFTER INSERT OR UPDATE ON directory.regions FOR EACH ROW EXECUTE FUNCTION directory.mirror_entity();
CREATE TRIGGER mirrors AFTER INSERT OR UPDATE ON directory.academies FOR EACH ROW EXECUTE FUNCTION directory.mirror_entity();
CREATE TRIGGER mirrors AFTER INSERT OR UPDATE OF uai, name, controller_id, language, time_zone ON directory.schools
  FOR EACH ROW EXECUTE FUNCTION directory.mirror_entity();
INSERT INTO directory.entities (id, kind, code, name, created_at)
  SELECT id, 'region', code, name, now() FROM directory.regions;
INSERT INTO directory.entities (id, kind, code, name, parent_id, controller_id, created_at)
  SELECT id, 'academy', code, name, region_id, controller_id, now() FROM directory.academies;
INSERT INTO directory.entities (id, kind, code, name, parent_id, controller_id, language, time_zone, created_at)
  SELECT id, 'school', uai, name, academy_id, controller_id, language, time_zone, created_at FROM directory.schools;

-- What holds at a node: its own word, or that of the nearest node above that says it. Runs as the owner: the nodes above
-- a school are about nobody, and what is said there must reach whoever may read the school.
CREATE FUNCTION directory.entity_settings(of_entity uuid)
RETURNS TABLE (language text, time_zone text, law text, controller_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
  WITH RECURSIVE above AS (
    SELECT e.*, 0 AS distance FROM directory.entities e WHERE e.id = of_entity
    UNION ALL
    SELECT p.*, a.distance + 1 FROM above a JOIN directory.entities p ON p.id = a.parent_id
  )
  SELECT
    coalesce((SELECT a.language FROM above a WHERE a.language IS NOT NULL ORDER BY distance LIMIT 1), 'fr'),
    coalesce((SELECT a.time_zone FROM above a WHERE a.time_zone IS NOT NULL ORDER BY distance LIMIT 1), 'Europe/Paris'),
    coalesce((SELECT a.law FROM above a WHERE a.law IS NOT NULL ORDER BY distance LIMIT 1), 'FR'),
    (SELECT a.controller_id FROM above a WHERE a.controller_id IS NOT NULL ORDER BY distance LIMIT 1)
$$;

-- Schools by their controller; what is above them is about nobody: read by any scope, written with the scope of all.
ALTER TABLE directory.entities ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON directory.entities FOR SELECT USING (
  (SELECT directory.sees_all()) OR (kind <> 'school' AND (SELECT directory.has_scope()))
  OR controller_id = ANY ((SELECT directory.visible_controllers())::uuid[]));
CREATE POLICY all_scope_writes ON directory.entities USING ((SELECT directory.sees_all()));
CREATE POLICY own_schools ON directory.entities FOR UPDATE USING (
  kind = 'school' AND controller_id = ANY ((SELECT directory.visible_controllers())::uuid[]));
GRANT SELECT, INSERT, UPDATE ON directory.entities TO socle_app;
REVOKE ALL ON FUNCTION directory.entity_settings(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION directory.entity_settings(uuid) TO socle_app;

-- Kept beside the school, because every load of facts asks for it.
ALTER TABLE directory.schools ADD COLUMN time_zone_in_force text NOT NULL DEFAULT 'Europe/Paris';
UPDATE directory.schools SET time_zone_in_force = time_zone WHERE time_zone IS NOT NULL;
CREATE FUNCTION directory.keep_time_zones() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
  WITH RECURSIVE below AS (
    SELECT NEW.id UNION ALL SELECT e.id FROM below b JOIN directory.entities e ON e.parent_id = b.id
  )
  UPDATE directory.schools s SET time_zone_in_force = n.time_zone
  FROM (SELECT b.id, (directory.entity_settings(b.id)).time_zone FROM below b) n
  WHERE s.id = n.id AND s.time_zone_in_force <> n.time_zone;
  IF FOUND THEN
    INSERT INTO directory.authorization_changes VALUES (pg_current_xact_id()) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER keeps_time_zones AFTER INSERT OR UPDATE OF parent_id, time_zone ON directory.entities
  FOR EACH ROW EXECUTE FUNCTION directory.keep_time_zones();

-- The first instant of adulthood (code civil, art. 414): midnight of the eighteenth birthday where the school stands; born
-- on 29 February, that of 1 March. Null for who has no known birth date.
CREATE FUNCTION directory.majority_of(of_person uuid) RETURNS timestamptz
LANGUAGE sql STABLE
AS $$
  SELECT (CASE WHEN extract(month FROM c.birth_date) = 2 AND extract(day FROM c.birth_date) = 29
      THEN make_date(extract(year FROM c.birth_date)::int + 18, 3, 1)
      ELSE (c.birth_date + interval '18 years')::date END)::timestamp AT TIME ZONE coalesce(
        (SELECT s.time_zone_in_force FROM directory.roles r JOIN directory.schools s ON s.id = r.school_id
          WHERE r.person_id = of_person AND r.role = 'pupil' ORDER BY r.valid_from DESC LIMIT 1),
        'Europe/Paris')
  FROM directory.people c WHERE c.id = of_person
$$;

-- As before, with the time zone that holds at the child's school.
CREATE OR REPLACE FUNCTION directory.links_in_force(of_child uuid, of_adult uuid, at timestamptz, known_at timestamptz)
RETURNS TABLE (id uuid, child_id uuid, adult_id uuid, kind text, exercise text, source text, valid_from timestamptz,
  valid_to timestamptz)
LANGUAGE sql STABLE
AS $$
  WITH believed AS (
    SELECT g.* FROM directory.guardian_links g
    WHERE (of_child IS NULL OR g.child_id = of_child) AND (of_adult IS NULL OR g.adult_id = of_adult)
      AND CASE WHEN known_at IS NULL THEN g.superseded_at IS NULL
        ELSE g.recorded_at <= known_at AND (g.superseded_at IS NULL OR g.superseded_at > known_at) END
  ), held AS (
    SELECT DISTINCT ON (b.child_id, b.adult_id) b.*
    FROM believed b
    WHERE b.valid_from <= at AND (b.valid_to IS NULL OR b.valid_to > at)
    ORDER BY b.child_id, b.adult_id, (b.source = 'local') DESC, b.valid_from DESC
  ), ends AS (
    SELECT h.*, directory.majority_of(h.child_id) AS majority_at,
      (SELECT min(n.valid_from) FROM believed n WHERE n.child_id = h.child_id AND n.adult_id = h.adult_id
        AND n.source = 'local' AND n.valid_from > at) AS next_decision_at
    FROM held h
  )
  SELECT e.id, e.child_id, e.adult_id, e.kind, e.exercise, e.source, e.valid_from,
    least(e.valid_to, e.majority_at, e.next_decision_at)
  FROM ends e WHERE e.majority_at IS NULL OR e.majority_at > at
$$;
