-- What deletes content from the log. Each function takes one argument: the event, already in the tree, that orders the
-- act. The act's subject is read from that event, so that nothing is deleted of which the log does not tell, and nothing
-- else than what it tells. Owned by socle_owner; the service may call them and still has no right on the tables.

-- Days whose content must stay, whatever the retention says.
CREATE TABLE audit.holds (
  order_id uuid PRIMARY KEY,
  from_day date NOT NULL,
  to_day date NOT NULL,
  lifted_by uuid,
  CHECK (from_day <= to_day)
);
GRANT SELECT ON audit.holds TO socle_app;

-- Months that are closed: what they held, signed, each naming the one before.
CREATE TABLE audit.seals (
  month date PRIMARY KEY CHECK (extract(day FROM month) = 1),
  order_id uuid NOT NULL,
  manifest text NOT NULL,
  note text NOT NULL
);
GRANT SELECT ON audit.seals TO socle_app;

-- The payload of the event in the tree that orders `act`, or an error.
CREATE FUNCTION audit.require_order(order_id uuid, act text) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  ordered jsonb;
BEGIN
  SELECT convert_from(e.payload, 'UTF8')::jsonb INTO ordered
    FROM audit.events e JOIN audit.leaves l ON l.event_id = e.id
    WHERE e.id = order_id AND e.action = act AND e.class = 'A' AND e.outcome = 'success';
  IF ordered IS NULL OR ordered->>'action' <> act OR ordered->>'outcome' <> 'success' THEN
    RAISE EXCEPTION 'no event of the tree orders this act' USING ERRCODE = 'no_data_found';
  END IF;
  RETURN ordered;
END $$;
REVOKE ALL ON FUNCTION audit.require_order(uuid, text) FROM PUBLIC;

-- The log's own acts, which explain what is absent, are never deleted.
CREATE FUNCTION audit.is_kept_for_good(action text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT action IN ('audit.event.redacted', 'audit.period.purged', 'audit.period.sealed', 'audit.hold.placed',
    'audit.hold.lifted', 'audit.person.forgotten')
$$;

CREATE FUNCTION audit.require_no_hold(first_day date, last_day date) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM audit.holds WHERE lifted_by IS NULL AND from_day <= last_day AND to_day >= first_day) THEN
    RAISE EXCEPTION 'a legal hold keeps this content' USING ERRCODE = 'restrict_violation';
  END IF;
END $$;
REVOKE ALL ON FUNCTION audit.require_no_hold(date, date) FROM PUBLIC;

-- Deletes payload and salt of the event that the order names. False when that was done before.
CREATE FUNCTION audit.redact(order_id uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  ordered jsonb := audit.require_order(order_id, 'audit.event.redacted');
  subject record;
BEGIN
  IF ordered->'actor'->>'kind' <> 'person' OR ordered->'detail'->>'approver' IS NULL
     OR ordered->'detail'->>'approver' = ordered->'actor'->>'id' OR ordered->>'reason' IS NULL THEN
    RAISE EXCEPTION 'a redaction takes two people and a reason' USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT e.id, e.day, e.action, e.payload IS NULL AS gone INTO subject
    FROM audit.leaves l JOIN audit.events e ON e.id = l.event_id
    WHERE l.leaf_index = (ordered->'detail'->>'leaf')::bigint AND e.id::text = ordered->'target'->>'id'
    FOR UPDATE OF e;
  IF subject.id IS NULL THEN
    RAISE EXCEPTION 'the order names no event' USING ERRCODE = 'no_data_found';
  END IF;
  IF audit.is_kept_for_good(subject.action) THEN
    RAISE EXCEPTION 'what explains an absence stays' USING ERRCODE = 'restrict_violation';
  END IF;
  PERFORM audit.require_no_hold(subject.day, subject.day);
  IF subject.gone THEN RETURN false; END IF;
  PERFORM audit.redact_event(subject.id);
  RETURN true;
END $$;

-- Takes the days that the order names out of every deletion.
CREATE FUNCTION audit.place_hold(order_id uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  ordered jsonb := audit.require_order(order_id, 'audit.hold.placed');
BEGIN
  INSERT INTO audit.holds (order_id, from_day, to_day)
    VALUES (place_hold.order_id, (ordered->'detail'->>'from')::date, (ordered->'detail'->>'to')::date)
    ON CONFLICT DO NOTHING;
END $$;

-- Ends the hold that the order names. False when there is none, or it ended before.
CREATE FUNCTION audit.lift_hold(order_id uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  ordered jsonb := audit.require_order(order_id, 'audit.hold.lifted');
BEGIN
  UPDATE audit.holds h SET lifted_by = lift_hold.order_id
    WHERE h.order_id::text = ordered->'detail'->>'hold' AND h.lifted_by IS NULL;
  RETURN FOUND;
END $$;

-- Cuts the mapping of the pseudonym that the order names: those events now point to nobody.
CREATE FUNCTION audit.forget_person(order_id uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  ordered jsonb := audit.require_order(order_id, 'audit.person.forgotten');
BEGIN
  DELETE FROM audit.pseudonyms
    WHERE ordered->'target'->>'kind' = 'person' AND pseudonym::text = ordered->'target'->>'id';
  RETURN FOUND;
END $$;

CREATE FUNCTION audit.month_end(month date) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT (month + interval '1 month' - interval '1 day')::date $$;

-- Copies commitment, class and day of a closed month's events to their leaves, some at a time, so that the content can
-- later go in one quick step. Gives how many it copied: 0 when all are.
CREATE FUNCTION audit.keep_commitments(month date, most int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  copied int;
BEGIN
  WITH next AS (
    SELECT e.id, audit.commitment(e.salt, e.payload) AS commitment, e.class, e.day
    FROM audit.events e JOIN audit.leaves l ON l.event_id = e.id
    WHERE e.id >= audit.first_id(month::timestamp AT TIME ZONE 'UTC')
      AND e.id < audit.first_id((audit.month_end(month) + 1)::timestamp AT TIME ZONE 'UTC')
      AND l.commitment IS NULL AND e.payload IS NOT NULL
    LIMIT least(most, 50000))
  UPDATE audit.leaves l SET commitment = next.commitment, class = next.class, day = next.day
    FROM next WHERE l.event_id = next.id;
  GET DIAGNOSTICS copied = ROW_COUNT;
  RETURN copied;
END $$;

-- What a month holds, for its seal.
CREATE FUNCTION audit.count_month(month date)
RETURNS TABLE (class text, events bigint, first_leaf bigint, last_leaf bigint, pending bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT e.class, count(l.leaf_index), min(l.leaf_index), max(l.leaf_index), count(*) - count(l.leaf_index)
  FROM audit.events e LEFT JOIN audit.leaves l ON l.event_id = e.id
  WHERE e.id >= audit.first_id(month::timestamp AT TIME ZONE 'UTC')
    AND e.id < audit.first_id((audit.month_end(month) + 1)::timestamp AT TIME ZONE 'UTC')
  GROUP BY e.class ORDER BY e.class
$$;

-- Keeps the signed manifest of a month whose digest the order names.
CREATE FUNCTION audit.seal_month(order_id uuid, manifest text, note text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  ordered jsonb := audit.require_order(order_id, 'audit.period.sealed');
  month date := (ordered->'detail'->>'from')::date;
BEGIN
  IF encode(sha256(convert_to(manifest, 'UTF8')), 'hex') <> ordered->'detail'->>'digest' THEN
    RAISE EXCEPTION 'the manifest is not the one that the order names' USING ERRCODE = 'restrict_violation';
  END IF;
  IF audit.month_end(month) >= (now() AT TIME ZONE 'UTC')::date THEN
    RAISE EXCEPTION 'the month is not over' USING ERRCODE = 'restrict_violation';
  END IF;
  INSERT INTO audit.seals (month, order_id, manifest, note)
    VALUES (month, seal_month.order_id, seal_month.manifest, seal_month.note) ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $$;

-- Deletes the content of the sealed month that the order names. Never less than six months after its end (the least that
-- the data protection authority recommends for such logs), whoever asks. Leaves, and the log's own acts, stay. Gives up
-- after a second rather than make appenders queue behind its lock.
CREATE FUNCTION audit.purge_month(order_id uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
DECLARE
  ordered jsonb := audit.require_order(order_id, 'audit.period.purged');
  first_day date := (ordered->'detail'->>'from')::date;
  last_day date := (ordered->'detail'->>'to')::date;
  low uuid := audit.first_id(first_day::timestamp AT TIME ZONE 'UTC');
  high uuid := audit.first_id((last_day + 1)::timestamp AT TIME ZONE 'UTC');
  partition_name text := 'events_' || to_char(first_day, 'YYYY_MM');
  purged bigint;
BEGIN
  IF extract(day FROM first_day) <> 1 OR last_day <> audit.month_end(first_day) THEN
    RAISE EXCEPTION 'a purge takes whole months' USING ERRCODE = 'restrict_violation';
  END IF;
  IF last_day + interval '6 months' >= now() AT TIME ZONE 'UTC' THEN
    RAISE EXCEPTION 'the month is too young to be purged' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT EXISTS (SELECT FROM audit.seals WHERE month = first_day) THEN
    RAISE EXCEPTION 'the month is not sealed' USING ERRCODE = 'restrict_violation';
  END IF;
  PERFORM audit.require_no_hold(first_day, last_day);
  IF EXISTS (
    SELECT FROM audit.events e LEFT JOIN audit.leaves l ON l.event_id = e.id
    WHERE e.id >= low AND e.id < high AND l.commitment IS NULL
  ) THEN
    RAISE EXCEPTION 'an event of the month has no commitment in the tree yet' USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT count(*) INTO purged FROM audit.events
    WHERE id >= low AND id < high AND day BETWEEN first_day AND last_day AND NOT audit.is_kept_for_good(action);
  IF to_regclass('audit.' || partition_name) IS NOT NULL THEN
    CREATE TEMP TABLE kept_events ON COMMIT DROP AS
      SELECT id, at, class, controller, action, actor, target, outcome, salt, payload, mentions FROM audit.events
      WHERE id >= low AND id < high AND (day NOT BETWEEN first_day AND last_day OR audit.is_kept_for_good(action));
    EXECUTE format('DROP TABLE audit.%I', partition_name);
    INSERT INTO audit.events (id, at, class, controller, action, actor, target, outcome, salt, payload, mentions)
      SELECT * FROM pg_temp.kept_events;
    DROP TABLE pg_temp.kept_events;
  ELSE
    DELETE FROM audit.events
      WHERE id >= low AND id < high AND day BETWEEN first_day AND last_day AND NOT audit.is_kept_for_good(action);
  END IF;
  RETURN purged;
END $$;

-- Months before a day that still hold content which the retention may take, oldest first.
CREATE FUNCTION audit.months_before(kept_from date)
RETURNS TABLE (month date, last_day date, held boolean, events bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT m.month, audit.month_end(m.month),
         EXISTS (SELECT FROM audit.holds h
                 WHERE h.lifted_by IS NULL AND h.from_day <= audit.month_end(m.month) AND h.to_day >= m.month),
         m.events
  FROM (SELECT date_trunc('month', e.day)::date AS month, count(*) AS events FROM audit.events e
        WHERE e.id < audit.first_id(kept_from::timestamp AT TIME ZONE 'UTC') AND e.day < kept_from
          AND e.id >= audit.first_id(date_trunc('month', e.day::timestamp) AT TIME ZONE 'UTC')
          AND e.id < audit.first_id((date_trunc('month', e.day::timestamp) + interval '1 month') AT TIME ZONE 'UTC')
          AND NOT audit.is_kept_for_good(e.action)
        GROUP BY 1) AS m
  ORDER BY m.month
$$;

REVOKE ALL ON FUNCTION audit.redact(uuid), audit.place_hold(uuid), audit.lift_hold(uuid), audit.forget_person(uuid),
  audit.keep_commitments(date, int), audit.count_month(date), audit.seal_month(uuid, text, text),
  audit.purge_month(uuid), audit.months_before(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.redact(uuid), audit.place_hold(uuid), audit.lift_hold(uuid), audit.forget_person(uuid),
  audit.keep_commitments(date, int), audit.count_month(date), audit.seal_month(uuid, text, text),
  audit.purge_month(uuid), audit.months_before(date) TO socle_app;
