-- One generator of codes a person (RFC 6238). The secret is sealed with AES-256-GCM under a key that is not in this
-- database; `last_step` is the latest time step whose code was used: the update that raises it judges every race.
CREATE TABLE identity.totp_factors (
  account_id uuid PRIMARY KEY REFERENCES identity.accounts (id) ON DELETE CASCADE,
  sealed_secret bytea NOT NULL,
  last_step bigint NOT NULL DEFAULT 0,
  added_at timestamptz NOT NULL,
  last_used_at timestamptz
);

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.totp_factors TO socle_app;
