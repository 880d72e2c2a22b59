-- What was answered to a refresh, for the few seconds in which its sender may have lost it. Sealed with AES-256-GCM under
-- a key that takes both the token that was used, which is not in this database, and the master key.
CREATE TABLE identity.refresh_answers (
  used_key bytea PRIMARY KEY CHECK (octet_length(used_key) = 32),
  grant_key bytea NOT NULL CHECK (octet_length(grant_key) = 32),
  successor_key bytea NOT NULL CHECK (octet_length(successor_key) = 32),
  answer bytea NOT NULL,
  given_at timestamptz NOT NULL
);
CREATE INDEX refresh_answers_by_time ON identity.refresh_answers (given_at);
GRANT SELECT, INSERT, DELETE ON identity.refresh_answers TO socle_app;
