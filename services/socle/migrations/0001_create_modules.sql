-- School modules known to this socle: what the portal shows and which events each may append.
-- No personal data.
CREATE SCHEMA socle;
GRANT USAGE ON SCHEMA socle TO socle_app;

CREATE TABLE socle.modules (
  id text PRIMARY KEY CHECK (id ~ '^[a-z][a-z0-9-]{1,30}$'),
  client_id text NOT NULL UNIQUE,
  document jsonb NOT NULL,
  registered_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON socle.modules TO socle_app;
