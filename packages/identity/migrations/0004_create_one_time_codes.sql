-- Codes that let a person choose a credential of their own: printed on an activation sheet, given by a teacher after a
-- forgotten password, or given to a parent. The key is an HMAC: what is printed cannot be read from this table.
CREATE TABLE identity.one_time_codes (
  id uuid PRIMARY KEY,
  key bytea NOT NULL UNIQUE CHECK (octet_length(key) = 32),
  purpose text NOT NULL CHECK (purpose IN ('activation', 'reset', 'link')),
  account_id uuid NOT NULL REFERENCES identity.accounts (id) ON DELETE CASCADE,
  -- The pupil through whom a parent is known; their birth date is asked for with the code.
  child_id uuid,
  issued_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL CHECK (expires_at > issued_at),
  -- Wrong birth dates given with the code.
  errors integer NOT NULL DEFAULT 0,
  used_at timestamptz,
  revoked_at timestamptz,
  CHECK ((purpose = 'link') = (child_id IS NOT NULL)),
  CHECK (used_at IS NULL OR revoked_at IS NULL)
);
-- One code at a time for a person; a parent has one a child.
CREATE UNIQUE INDEX one_time_codes_live ON identity.one_time_codes
  (account_id, coalesce(child_id, '00000000-0000-0000-0000-000000000000')) WHERE used_at IS NULL AND revoked_at IS NULL;
CREATE INDEX one_time_codes_by_expiry ON identity.one_time_codes (expires_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.one_time_codes TO socle_app;
