-- What people keep on paper: recovery codes, and the grid that stands for a phone. Each is used once. The digest is an
-- HMAC under a key that is not in this database, so that six digits cannot be searched for.
CREATE TABLE identity.printed_codes (
  account_id uuid NOT NULL REFERENCES identity.accounts (id) ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('recovery', 'grid')),
  place smallint NOT NULL,
  digest bytea NOT NULL CHECK (octet_length(digest) = 32),
  made_at timestamptz NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (account_id, kind, place)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.printed_codes TO socle_app;
