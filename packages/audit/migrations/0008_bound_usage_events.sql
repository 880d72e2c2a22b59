-- Whether more events wait than that: usage events (class C) are then dropped and counted. The service may ask, and sees no id.
CREATE FUNCTION audit.queue_exceeds(most int) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM audit.pending OFFSET least(most, 10000000) LIMIT 1)
$$;
REVOKE ALL ON FUNCTION audit.queue_exceeds(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.queue_exceeds(int) TO socle_app;
