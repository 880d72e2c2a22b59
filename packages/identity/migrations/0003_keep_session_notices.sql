-- One row for each service that a session had opened, written by the statement that ends the session: what modules
-- read to forget the person at once, and what back-channel logout still has to tell.
CREATE TABLE identity.session_notices (
  -- Given under a lock that is held until the commit: a reader that has seen one has seen all the lower ones.
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  session_id uuid NOT NULL,
  account_id uuid NOT NULL,
  client_id text NOT NULL,
  sid text,
  ended_at timestamptz NOT NULL,
  status text NOT NULL CHECK (status IN ('silent', 'waiting', 'delivered', 'given_up')),
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  answered_at timestamptz
);
CREATE INDEX session_notices_due ON identity.session_notices (next_attempt_at) WHERE status = 'waiting';
CREATE INDEX session_notices_by_session ON identity.session_notices (session_id);
CREATE INDEX session_notices_by_end ON identity.session_notices (ended_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.session_notices TO socle_app;
