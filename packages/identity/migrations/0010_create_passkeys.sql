-- Public keys of passkeys (WebAuthn Level 3 §4). Nothing here opens anything: the private keys stay with their people.
CREATE TABLE identity.passkeys (
  id uuid PRIMARY KEY,
  credential_id text NOT NULL UNIQUE,
  account_id uuid NOT NULL REFERENCES identity.accounts (id) ON DELETE CASCADE,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
  public_key bytea NOT NULL,
  counter bigint NOT NULL,
  transports text[] NOT NULL,
  aaguid text NOT NULL,
  multi_device boolean NOT NULL,
  backed_up boolean NOT NULL,
  added_at timestamptz NOT NULL,
  last_used_at timestamptz
);
CREATE INDEX passkeys_by_account ON identity.passkeys (account_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.passkeys TO socle_app;
