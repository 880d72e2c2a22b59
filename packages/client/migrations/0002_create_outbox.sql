-- Audit events on their way to the socle, written in the transaction of the act they tell of.
CREATE TABLE client.outbox (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id uuid NOT NULL UNIQUE,
  event text NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'refused')),
  refusal text,
  queued_at timestamptz NOT NULL,
  settled_at timestamptz,
  CHECK ((state = 'waiting') = (settled_at IS NULL))
);
CREATE INDEX outbox_waiting ON client.outbox (seq) WHERE state = 'waiting';
CREATE INDEX outbox_refused ON client.outbox (seq) WHERE state = 'refused';
CREATE INDEX outbox_delivered ON client.outbox (settled_at) WHERE state = 'delivered';

-- The service cannot change what an event says, only what became of it.
DO $$
DECLARE
  service text := regexp_replace(current_user, '_owner$', '_app');
BEGIN
  EXECUTE format('GRANT SELECT, INSERT, DELETE ON client.outbox TO %I', service);
  EXECUTE format('GRANT UPDATE (state, refusal, settled_at) ON client.outbox TO %I', service);
END
$$;
