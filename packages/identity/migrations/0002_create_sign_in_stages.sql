-- A sign-in whose first proof has been given and that still asks for something (a code, a new password).
-- Both keys are SHA-256: of the sign-in's id, and of the token that the browser alone holds since its last proof.
CREATE TABLE identity.sign_in_stages (
  sign_in_key bytea PRIMARY KEY CHECK (octet_length(sign_in_key) = 32),
  token_hash bytea NOT NULL CHECK (octet_length(token_hash) = 32),
  account_id uuid NOT NULL REFERENCES identity.accounts (id) ON DELETE CASCADE,
  state jsonb NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX sign_in_stages_by_expiry ON identity.sign_in_stages (expires_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.sign_in_stages TO socle_app;
