CREATE SCHEMA client;

-- One sign-in in progress in one browser. Only hashes: reading this table lets nobody complete a sign-in.
CREATE TABLE client.sign_ins (
  state_hash bytea PRIMARY KEY,
  browser_hash bytea NOT NULL,
  return_path text NOT NULL CHECK (return_path LIKE '/%'),
  max_age_seconds int CHECK (max_age_seconds >= 0),
  silent boolean NOT NULL,
  begun_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX sign_ins_expires_at ON client.sign_ins (expires_at);

-- The id of a session is 256 random bits that only the browser holds; the ID token is sealed under a key made of it.
CREATE TABLE client.sessions (
  id_hash bytea PRIMARY KEY,
  sub text NOT NULL,
  sid text,
  acr text,
  authenticated_at timestamptz NOT NULL,
  started_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  sealed_id_token bytea NOT NULL
);
CREATE INDEX sessions_sub ON client.sessions (sub);
CREATE INDEX sessions_sid ON client.sessions (sid);
CREATE INDEX sessions_expires_at ON client.sessions (expires_at);

-- Logout tokens that were obeyed: a second one is refused, and a sign-in that was on its way when its session ended
-- at the socle does not come to life afterwards.
CREATE TABLE client.sign_outs (
  jti_hash bytea PRIMARY KEY,
  sub text,
  sid text,
  issued_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX sign_outs_sub ON client.sign_outs (sub);
CREATE INDEX sign_outs_sid ON client.sign_outs (sid);
CREATE INDEX sign_outs_expires_at ON client.sign_outs (expires_at);

-- The roles of a module's database are named after the module (`grades_owner`, `grades_app`), which this file cannot
-- know: it is applied by the owner, and the service's role has the same name with another ending.
DO $$
DECLARE
  service text := regexp_replace(current_user, '_owner$', '_app');
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA client, migrations TO %I', service);
  EXECUTE format('GRANT SELECT ON migrations.applied TO %I', service);
  EXECUTE format('GRANT SELECT, INSERT, DELETE ON client.sign_ins, client.sign_outs TO %I', service);
  EXECUTE format('GRANT SELECT, INSERT, DELETE ON client.sessions TO %I', service);
  EXECUTE format('GRANT UPDATE (last_seen_at) ON client.sessions TO %I', service);
END
$$;
