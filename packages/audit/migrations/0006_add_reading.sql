-- What the log's readers need (search, figures), beside exports. A period is found by a summary of blocks, which costs writers
-- nothing to speak of.
CREATE INDEX events_by_time ON audit.events USING brin (at) WITH (pages_per_range = 32, autosummarize = on);

-- Events that name a person, newest first, by the indexes; within the transaction's scope. As actor, as anybody else, or both.
CREATE FUNCTION audit.search_naming(
  person uuid, as_actor boolean, as_subject boolean, modules text, wanted text, since timestamptz, until timestamptz,
  before uuid, most int)
RETURNS SETOF audit.event_view
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH named AS (
    SELECT id FROM audit.events WHERE as_actor AND actor = 'person:' || person::text
    UNION SELECT id FROM audit.events WHERE as_subject AND target = 'person:' || person::text
    UNION SELECT id FROM audit.events WHERE as_subject AND mentions IS NOT NULL AND mentions @> ARRAY[person]
  )
  SELECT e.id, e.at, e.day, e.class, e.controller, e.action, e.actor, e.target, e.outcome, e.salt, e.payload, l.leaf_index
  FROM named JOIN audit.events e ON e.id = named.id LEFT JOIN audit.leaves l ON l.event_id = e.id
  WHERE audit.in_scope(e.controller) AND e.payload IS NOT NULL
    AND (modules IS NULL OR split_part(e.action, '.', 1) = modules) AND (wanted IS NULL OR e.action = wanted)
    AND (since IS NULL OR e.at >= since) AND (until IS NULL OR e.at < until) AND (before IS NULL OR e.id < before)
    AND (as_actor OR e.actor <> 'person:' || person::text)
  ORDER BY e.id DESC
  LIMIT most
$$;
REVOKE ALL ON FUNCTION audit.search_naming(
  uuid, boolean, boolean, text, text, timestamptz, timestamptz, uuid, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.search_naming(
  uuid, boolean, boolean, text, text, timestamptz, timestamptz, uuid, int) TO socle_app;
