-- What was stopped by hand: the sign-in of a school or of a service, or the registration of new services. Personal data:
-- the ids of who stopped and who let go on.
CREATE TABLE identity.stops (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('school', 'client', 'registration')),
  -- the school's or client's id; `all` for registration
  target text NOT NULL CHECK (length(target) BETWEEN 1 AND 64),
  -- what those who are stopped read
  message text CHECK (length(message) BETWEEN 1 AND 300),
  reason text NOT NULL CHECK (length(reason) BETWEEN 10 AND 500),
  stopped_by text NOT NULL,
  stopped_at timestamptz NOT NULL,
  lifted_by text,
  lifted_at timestamptz,
  CHECK ((lifted_by IS NULL) = (lifted_at IS NULL))
);
CREATE UNIQUE INDEX stops_in_force ON identity.stops (kind, target) WHERE lifted_at IS NULL;
GRANT SELECT, INSERT, UPDATE ON identity.stops TO socle_app;
