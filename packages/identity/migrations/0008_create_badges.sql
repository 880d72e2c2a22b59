-- Badges of young pupils: what the QR code holds (160 bits) and what is typed instead (50 bits), both as HMAC. A badge
-- that bore five wrong picture codes is locked; the account is not.
CREATE TABLE identity.badges (
  id uuid PRIMARY KEY,
  key bytea NOT NULL UNIQUE CHECK (octet_length(key) = 32),
  short_key bytea NOT NULL UNIQUE CHECK (octet_length(short_key) = 32),
  account_id uuid NOT NULL REFERENCES identity.accounts (id) ON DELETE CASCADE,
  school_id uuid NOT NULL,
  errors integer NOT NULL DEFAULT 0,
  issued_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE UNIQUE INDEX badges_live ON identity.badges (account_id) WHERE revoked_at IS NULL;

-- Four pictures in order, as HMAC with the account's id. They stay when the badge is replaced.
CREATE TABLE identity.picture_codes (
  account_id uuid PRIMARY KEY REFERENCES identity.accounts (id) ON DELETE CASCADE,
  key bytea NOT NULL CHECK (octet_length(key) = 32),
  set_at timestamptz NOT NULL
);

-- When and from where the badges of a school open a session. A school without a row opens them always.
CREATE TABLE identity.badge_rules (
  school_id uuid PRIMARY KEY,
  time_zone text NOT NULL,
  opens_at time NOT NULL,
  closes_at time NOT NULL CHECK (closes_at > opens_at),
  -- ISO days, 1 is Monday.
  weekdays integer[] NOT NULL CHECK (cardinality(weekdays) > 0 AND weekdays <@ ARRAY[1, 2, 3, 4, 5, 6, 7]),
  -- None: from anywhere.
  networks cidr[] NOT NULL,
  changed_at timestamptz NOT NULL
);

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.badges, identity.picture_codes, identity.badge_rules TO socle_app;
