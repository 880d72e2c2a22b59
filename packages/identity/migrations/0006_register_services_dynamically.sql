-- Tokens of dynamic registration (RFC 7591 §3, RFC 7592): `initial` may register a number of services, `client`
-- manages the one it came with. Only SHA-256 of a token is kept.
CREATE TABLE identity.registration_tokens (
  id uuid PRIMARY KEY,
  hash bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
  kind text NOT NULL CHECK (kind IN ('initial', 'client')),
  client_id text UNIQUE REFERENCES identity.clients (id) ON DELETE CASCADE,
  label text NOT NULL,
  -- What the administrator who made the token decided for every service registered with it.
  terms jsonb NOT NULL DEFAULT '{}',
  uses_left integer NOT NULL CHECK (uses_left >= 0),
  expires_at timestamptz,
  created_at timestamptz NOT NULL,
  CHECK ((kind = 'client') = (client_id IS NOT NULL))
);
CREATE INDEX registration_tokens_by_expiry ON identity.registration_tokens (expires_at);

-- What a person agreed that a service outside the school receives.
CREATE TABLE identity.attribute_agreements (
  account_id uuid NOT NULL REFERENCES identity.accounts (id) ON DELETE CASCADE,
  client_id text NOT NULL REFERENCES identity.clients (id) ON DELETE CASCADE,
  attributes text[] NOT NULL,
  agreed_at timestamptz NOT NULL,
  PRIMARY KEY (account_id, client_id)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.registration_tokens, identity.attribute_agreements TO socle_app;
