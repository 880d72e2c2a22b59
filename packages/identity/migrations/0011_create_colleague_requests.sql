-- Somebody who lost their second factor asks a colleague to vouch for them. Good for one sign-in, for a quarter of an hour.
CREATE TABLE identity.colleague_requests (
  id uuid PRIMARY KEY,
  -- HMAC of what the one tells the other, and SHA-256 of the sign-in that waits.
  key bytea NOT NULL UNIQUE CHECK (octet_length(key) = 32),
  sign_in_key bytea NOT NULL UNIQUE CHECK (octet_length(sign_in_key) = 32),
  account_id uuid NOT NULL REFERENCES identity.accounts (id) ON DELETE CASCADE,
  person_id uuid NOT NULL,
  expires_at timestamptz NOT NULL,
  approved_by uuid,
  approved_at timestamptz,
  used_at timestamptz,
  CHECK (approved_by IS NULL OR approved_by <> person_id)
);
CREATE INDEX colleague_requests_by_expiry ON identity.colleague_requests (expires_at);

ALTER TABLE identity.account_notices DROP CONSTRAINT account_notices_kind_check;
ALTER TABLE identity.account_notices ADD CONSTRAINT account_notices_kind_check
  CHECK (kind IN ('reset', 'link', 'colleague', 'vouched'));

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.colleague_requests TO socle_app;
