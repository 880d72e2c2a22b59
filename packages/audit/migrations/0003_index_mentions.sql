-- Everybody whom an event names elsewhere than as its actor or as a target of kind `person`, so that one person's
-- export reads that person's events and no others. NULL, and thus in no index, for most events.
ALTER TABLE audit.events ADD COLUMN mentions uuid[];
GRANT INSERT (mentions) ON audit.events TO socle_app;

-- Events of before: whoever has a pseudonym and stands in the payload.
UPDATE audit.events e SET mentions = named.people
FROM (
  SELECT e.id, array_agg(DISTINCT p.pseudonym) AS people
  FROM audit.events e
  CROSS JOIN LATERAL regexp_matches(convert_from(e.payload, 'UTF8'),
    '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', 'g') AS found
  JOIN audit.pseudonyms p ON p.pseudonym = found[1]::uuid
  WHERE e.actor <> 'person:' || p.pseudonym::text AND e.target IS DISTINCT FROM 'person:' || p.pseudonym::text
  GROUP BY e.id
) AS named
WHERE e.id = named.id;

CREATE INDEX events_by_mention ON audit.events USING gin (mentions) WHERE mentions IS NOT NULL;

-- The log's own acts that explain absences go into every export.
CREATE INDEX events_of_absence ON audit.events (action, id)
  WHERE action IN ('audit.event.redacted', 'audit.period.purged');

-- The rows of one person's export, by the indexes. A function of the owner, because behind the barrier of a view the
-- index on mentions could not be used; it shows what audit.export_view shows, within the transaction's scope.
CREATE FUNCTION audit.export_rows_naming(
  person uuid, first_leaf bigint, end_leaf bigint, since timestamptz, until timestamptz, most int)
RETURNS SETOF audit.export_view
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH named AS (
    SELECT id FROM audit.events WHERE actor = 'person:' || person::text
    UNION SELECT id FROM audit.events WHERE target = 'person:' || person::text
    UNION SELECT id FROM audit.events WHERE mentions IS NOT NULL AND mentions @> ARRAY[person]
    UNION SELECT id FROM audit.events WHERE action IN ('audit.event.redacted', 'audit.period.purged')
  )
  SELECT l.leaf_index, l.event_id, e.class, e.day, l.commitment, e.at, e.controller, e.action, e.actor, e.target,
         e.outcome, e.salt, e.payload
  FROM named JOIN audit.leaves l ON l.event_id = named.id JOIN audit.events e ON e.id = named.id
  WHERE l.leaf_index >= first_leaf AND l.leaf_index < end_leaf AND audit.in_scope(e.controller)
    AND (e.action IN ('audit.event.redacted', 'audit.period.purged')
         OR ((since IS NULL OR e.at >= since) AND (until IS NULL OR e.at < until)))
  ORDER BY l.leaf_index
  LIMIT most
$$;
REVOKE ALL ON FUNCTION audit.export_rows_naming(uuid, bigint, bigint, timestamptz, timestamptz, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.export_rows_naming(uuid, bigint, bigint, timestamptz, timestamptz, int) TO socle_app;
