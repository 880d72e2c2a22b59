-- The transparency log. Rows of events are written once by the service and never updated by it or by the
-- sequencer; what is waiting stands in `pending`, what is in the tree stands in `leaves`.
CREATE SCHEMA audit;
GRANT USAGE ON SCHEMA audit TO socle_app, socle_sequencer;

-- True when the transaction's scope (set by @socle/db) covers this controller. No scope covers nothing.
CREATE FUNCTION audit.in_scope(controller text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE coalesce(current_setting('socle.controllers', true), '')
    WHEN '' THEN false
    WHEN '*' THEN true
    ELSE controller = ANY (current_setting('socle.controllers', true)::text[])
  END
$$;

-- Ids are UUIDv7, so a range of ids is a range of time, and the key of the partitions can be the primary key.
CREATE TABLE audit.events (
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  day date NOT NULL GENERATED ALWAYS AS ((at AT TIME ZONE 'UTC')::date) STORED,
  class text NOT NULL CHECK (class IN ('A', 'B', 'C')),
  controller text NOT NULL,
  action text NOT NULL,
  actor text NOT NULL,
  target text,
  outcome text NOT NULL CHECK (outcome IN ('success', 'denied', 'error')),
  -- Both NULL once the event is redacted; its commitment then stands in audit.leaves.
  salt bytea CHECK (octet_length(salt) = 32),
  payload bytea CHECK (octet_length(payload) <= 8192),
  PRIMARY KEY (id),
  CHECK ((salt IS NULL) = (payload IS NULL))
) PARTITION BY RANGE (id);

CREATE INDEX events_by_actor ON audit.events (actor, at);
CREATE INDEX events_by_target ON audit.events (target, at) WHERE target IS NOT NULL;

-- Holds what no month covers: module events that arrive with odd clocks.
CREATE TABLE audit.events_other PARTITION OF audit.events DEFAULT;

-- The first UUIDv7 of an instant.
CREATE FUNCTION audit.first_id(instant timestamptz) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM instant) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid
$$;

-- Makes the partitions of this month and the next ones. Never moves rows: a month for which the default
-- partition already holds events stays there (CREATE would fail), and the others are made all the same. Gives up
-- after a second rather than make appenders queue behind its lock; the sequencer asks again.
CREATE FUNCTION audit.ensure_partitions(months_ahead int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
DECLARE
  month_start timestamptz;
  partition_name text;
  made int := 0;
BEGIN
  FOR i IN 0..least(months_ahead, 24) LOOP
    month_start := (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => i)) AT TIME ZONE 'UTC';
    partition_name := 'events_' || to_char(month_start AT TIME ZONE 'UTC', 'YYYY_MM');
    IF to_regclass('audit.' || partition_name) IS NULL AND NOT EXISTS (
      SELECT FROM audit.events_other
      WHERE id >= audit.first_id(month_start)
        AND id < audit.first_id((month_start AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC')
    ) THEN
      EXECUTE format(
        'CREATE TABLE audit.%I PARTITION OF audit.events FOR VALUES FROM (%L) TO (%L)',
        partition_name,
        audit.first_id(month_start),
        audit.first_id((month_start AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC'));
      made := made + 1;
    END IF;
  END LOOP;
  RETURN made;
END $$;
REVOKE ALL ON FUNCTION audit.ensure_partitions(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.ensure_partitions(int) TO socle_sequencer;
SELECT audit.ensure_partitions(3);

-- Events that are not in the tree yet. The sequencer picks from here, by state and never by "id > last",
-- which would skip for ever what commits late.
CREATE TABLE audit.pending (
  event_id uuid PRIMARY KEY
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
        autovacuum_vacuum_insert_threshold = -1, autovacuum_analyze_scale_factor = 0,
        autovacuum_analyze_threshold = 50000);

-- The place of each event. Commitment, class and day are kept here when the payload goes.
CREATE TABLE audit.leaves (
  leaf_index bigint PRIMARY KEY,
  event_id uuid NOT NULL UNIQUE,
  commitment bytea CHECK (octet_length(commitment) = 32),
  class text,
  day date,
  CHECK ((commitment IS NULL) = (class IS NULL) AND (class IS NULL) = (day IS NULL))
);

-- C2SP tlog-tiles: up to 256 hashes of 32 bytes a tile.
CREATE TABLE audit.tiles (
  level smallint NOT NULL CHECK (level BETWEEN 0 AND 7),
  tile_index bigint NOT NULL CHECK (tile_index >= 0),
  hashes bytea NOT NULL CHECK (octet_length(hashes) % 32 = 0 AND octet_length(hashes) BETWEEN 32 AND 8192),
  PRIMARY KEY (level, tile_index)
);
-- Hashes do not compress: do not try.
ALTER TABLE audit.tiles ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- The fence: exactly one row. A batch is written only if size and epoch are still those that its writer saw.
CREATE TABLE audit.head (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  size bigint NOT NULL,
  epoch bigint NOT NULL,
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  note text NOT NULL,
  updated_at timestamptz NOT NULL
);
-- The root of the empty tree is the hash of nothing (RFC 6962, section 2.1).
INSERT INTO audit.head (size, epoch, root, note, updated_at) VALUES (0, 0, sha256(''), '', now());

-- Signed checkpoints, about one a second while events arrive; the last one of all is in head.
CREATE TABLE audit.checkpoints (
  size bigint PRIMARY KEY,
  epoch bigint NOT NULL,
  root bytea NOT NULL,
  note text NOT NULL,
  at timestamptz NOT NULL
);

-- A person's name in the log. Cutting a row makes that person's events point to nobody.
CREATE TABLE audit.pseudonyms (
  person_id uuid PRIMARY KEY,
  pseudonym uuid NOT NULL UNIQUE
);

-- Even the sequencer's own login can only make the log longer.
CREATE FUNCTION audit.keep_tile_growing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.level, NEW.tile_index) IS DISTINCT FROM (OLD.level, OLD.tile_index)
     OR octet_length(NEW.hashes) < octet_length(OLD.hashes)
     OR substring(NEW.hashes FROM 1 FOR octet_length(OLD.hashes)) <> OLD.hashes THEN
    RAISE EXCEPTION 'a tile of the audit log only grows' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_tile_growing BEFORE UPDATE ON audit.tiles
  FOR EACH ROW EXECUTE FUNCTION audit.keep_tile_growing();

CREATE FUNCTION audit.keep_head_growing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.size < OLD.size OR NEW.epoch < OLD.epoch
     OR (NEW.size = OLD.size AND NEW.root <> OLD.root) THEN
    RAISE EXCEPTION 'the head of the audit log only moves forward' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_head_growing BEFORE UPDATE ON audit.head
  FOR EACH ROW EXECUTE FUNCTION audit.keep_head_growing();

-- C = SHA-256("socle-audit/1\0" || salt || payload)
CREATE FUNCTION audit.commitment(salt bytea, payload bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT sha256('\x736f636c652d61756469742f3100'::bytea || salt || payload)
$$;

-- The entry: canonical JSON (RFC 8785) of { C, class, day, v }.
CREATE FUNCTION audit.entry(commitment bytea, class text, day date) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT convert_to('{"C":"' || encode(commitment, 'hex') || '","class":"' || class || '","day":"'
    || lpad(extract(year FROM day)::text, 4, '0') || '-' || lpad(extract(month FROM day)::text, 2, '0') || '-'
    || lpad(extract(day FROM day)::text, 2, '0') || '","v":1}', 'UTF8')
$$;

-- The leaf (RFC 6962, section 2.1) is computed from the stored bytes, where they are stored.
CREATE FUNCTION audit.leaf_hash(class text, day date, salt bytea, payload bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT sha256('\x00'::bytea || audit.entry(audit.commitment(salt, payload), class, day))
$$;

-- Deletes the payload and the salt of one event and keeps its commitment, so that the tree still verifies.
-- For the owner alone; whoever calls it appends `audit.event.redacted` with the leaf, or verifiers will say "tampered".
CREATE FUNCTION audit.redact_event(redacted uuid) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  place bigint;
BEGIN
  UPDATE audit.leaves l SET commitment = audit.commitment(e.salt, e.payload), class = e.class, day = e.day
    FROM audit.events e WHERE e.id = redacted AND l.event_id = e.id AND e.payload IS NOT NULL
    RETURNING l.leaf_index INTO place;
  IF place IS NULL THEN
    RAISE EXCEPTION 'this event is not in the tree, or is redacted already' USING ERRCODE = 'no_data_found';
  END IF;
  UPDATE audit.events SET salt = NULL, payload = NULL WHERE id = redacted;
  RETURN place;
END $$;
REVOKE ALL ON FUNCTION audit.redact_event(uuid) FROM PUBLIC;

-- Reading: through this view alone, within the transaction's scope.
CREATE VIEW audit.event_view WITH (security_barrier) AS
  SELECT e.id, e.at, e.day, e.class, e.controller, e.action, e.actor, e.target, e.outcome, e.salt, e.payload,
         l.leaf_index
  FROM audit.events e LEFT JOIN audit.leaves l ON l.event_id = e.id
  WHERE audit.in_scope(e.controller);

-- What the log publishes of each leaf: no personal data.
CREATE VIEW audit.entry_view AS
  SELECT l.leaf_index,
         CASE WHEN l.commitment IS NOT NULL THEN audit.entry(l.commitment, l.class, l.day)
              ELSE audit.entry(audit.commitment(e.salt, e.payload), e.class, e.day) END AS entry
  FROM audit.leaves l LEFT JOIN audit.events e ON e.id = l.event_id;

ALTER TABLE audit.events ENABLE ROW LEVEL SECURITY;
CREATE POLICY events_append ON audit.events FOR INSERT TO socle_app WITH CHECK (true);
CREATE POLICY events_read ON audit.events FOR SELECT TO socle_app USING (audit.in_scope(controller));
CREATE POLICY events_sequence ON audit.events FOR SELECT TO socle_sequencer USING (true);

GRANT INSERT (id, at, class, controller, action, actor, target, outcome, salt, payload) ON audit.events TO socle_app;
GRANT INSERT (event_id) ON audit.pending TO socle_app;
GRANT SELECT ON audit.event_view, audit.entry_view, audit.leaves, audit.tiles, audit.head, audit.checkpoints TO socle_app;
GRANT SELECT, INSERT ON audit.pseudonyms TO socle_app;

GRANT SELECT (id, at, day, class, salt, payload) ON audit.events TO socle_sequencer;
GRANT SELECT, DELETE ON audit.pending TO socle_sequencer;
GRANT SELECT, INSERT (leaf_index, event_id) ON audit.leaves TO socle_sequencer;
GRANT SELECT, INSERT, UPDATE (hashes) ON audit.tiles TO socle_sequencer;
GRANT SELECT, UPDATE (size, epoch, root, note, updated_at) ON audit.head TO socle_sequencer;
GRANT SELECT, INSERT ON audit.checkpoints TO socle_sequencer;
