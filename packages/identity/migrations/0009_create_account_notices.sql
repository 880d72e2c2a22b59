-- What somebody must be told about an account, theirs or their child's: shown at the next visit until they say they saw it.
CREATE TABLE identity.account_notices (
  id uuid PRIMARY KEY,
  -- Who is told, and whose account it is about.
  person_id uuid NOT NULL,
  about_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('reset', 'link', 'colleague')),
  at timestamptz NOT NULL,
  seen_at timestamptz
);
CREATE INDEX account_notices_by_person ON identity.account_notices (person_id, at DESC);

-- Who gave a code after a forgotten password, so that many in an hour are noticed.
ALTER TABLE identity.one_time_codes ADD COLUMN issued_by uuid;
CREATE INDEX one_time_codes_by_issuer ON identity.one_time_codes (issued_by, issued_at) WHERE purpose = 'reset';

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.account_notices TO socle_app;
