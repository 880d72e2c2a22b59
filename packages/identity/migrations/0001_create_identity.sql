CREATE SCHEMA IF NOT EXISTS identity;
GRANT USAGE ON SCHEMA identity TO socle_app;

-- What OpenID Connect keeps: sessions, interactions, codes, tokens, grants, pushed requests.
-- The key is SHA-256 of the id: nobody who reads this table can present what it describes.
CREATE TABLE identity.provider_rows (
  model text NOT NULL,
  key bytea NOT NULL CHECK (octet_length(key) = 32),
  -- json, not jsonb: a state parameter may hold any character, and nothing searches inside.
  payload json NOT NULL,
  account_id uuid,
  client_id text,
  grant_key bytea CHECK (octet_length(grant_key) = 32),
  uid text,
  user_code text,
  expires_at timestamptz,
  consumed_at timestamptz,
  PRIMARY KEY (model, key)
);
CREATE INDEX provider_rows_by_grant ON identity.provider_rows (grant_key) WHERE grant_key IS NOT NULL;
CREATE UNIQUE INDEX provider_rows_by_uid ON identity.provider_rows (uid) WHERE model = 'Session';
CREATE UNIQUE INDEX provider_rows_by_user_code ON identity.provider_rows (user_code) WHERE model = 'DeviceCode';
CREATE INDEX provider_rows_by_account ON identity.provider_rows (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX provider_rows_by_expiry ON identity.provider_rows (expires_at);

-- Ids that may be seen once (assertions, DPoP proofs): the primary key is the race's only judge.
CREATE TABLE identity.seen_ids (
  key bytea PRIMARY KEY CHECK (octet_length(key) = 32),
  expires_at timestamptz NOT NULL
);
CREATE INDEX seen_ids_by_expiry ON identity.seen_ids (expires_at);

-- An account carries no controller: one person may belong to schools of several controllers. Reads are by id
-- or by login only; who may act on whom is decided above, with the directory's facts.
CREATE TABLE identity.accounts (
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL UNIQUE,
  login text NOT NULL CHECK (length(login) BETWEEN 1 AND 128),
  login_key text NOT NULL UNIQUE,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
  suspended_reason text,
  password_hash text,
  password_changed_at timestamptz,
  password_must_change boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL
);

-- One random subject for each person and sector (OpenID Connect Core §8.1).
CREATE TABLE identity.pairwise_subjects (
  sector text NOT NULL,
  person_id uuid NOT NULL,
  subject text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (sector, person_id),
  UNIQUE (sector, subject)
);
CREATE INDEX pairwise_subjects_by_person ON identity.pairwise_subjects (person_id);

CREATE TABLE identity.clients (
  id text PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9._~-]{1,64}$'),
  sector text NOT NULL,
  metadata jsonb NOT NULL,
  registered_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL
);

-- Private keys are sealed with AES-256-GCM under a key that is not in this database.
CREATE TABLE identity.signing_keys (
  kid text PRIMARY KEY,
  alg text NOT NULL CHECK (alg IN ('ES256', 'RS256', 'PS256')),
  status text NOT NULL CHECK (status IN ('published', 'signing', 'retiring')),
  public_jwk jsonb NOT NULL,
  sealed_private bytea NOT NULL,
  published_at timestamptz NOT NULL,
  signing_from timestamptz,
  retire_at timestamptz
);
CREATE UNIQUE INDEX signing_keys_one_signer ON identity.signing_keys (alg) WHERE status = 'signing';

-- Fixed windows of attempts. The key is an HMAC: logins and addresses cannot be read back.
CREATE TABLE identity.throttles (
  kind text NOT NULL,
  key bytea NOT NULL CHECK (octet_length(key) = 32),
  attempts integer NOT NULL,
  window_ends_at timestamptz NOT NULL,
  PRIMARY KEY (kind, key)
);
CREATE INDEX throttles_by_end ON identity.throttles (window_ends_at);

-- The session graph: what a person sees under "my devices", and what every protocol hangs on.
CREATE TABLE identity.sessions (
  id uuid PRIMARY KEY,
  provider_uid text NOT NULL UNIQUE,
  account_id uuid NOT NULL REFERENCES identity.accounts (id) ON DELETE CASCADE,
  acr text NOT NULL,
  amr text[] NOT NULL,
  shared_computer boolean NOT NULL,
  device_label text NOT NULL,
  authenticated_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  idle_expires_at timestamptz NOT NULL,
  absolute_expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_by_account ON identity.sessions (account_id);
CREATE INDEX sessions_by_expiry ON identity.sessions (idle_expires_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.provider_rows, identity.seen_ids, identity.throttles,
  identity.sessions, identity.clients, identity.signing_keys, identity.pairwise_subjects TO socle_app;
GRANT SELECT, INSERT, UPDATE ON identity.accounts TO socle_app;
