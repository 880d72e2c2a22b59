-- Proof of work at sign-in while the service is under attack. The levels are unlogged: after a crash nothing is asked
-- until the attack is seen again. What was used stays used.
-- No personal data: levels of the whole service, and random numbers.
CREATE UNLOGGED TABLE identity.sign_in_pressure (
  one boolean PRIMARY KEY CHECK (one),
  refused double precision NOT NULL,
  succeeded double precision NOT NULL,
  at timestamptz NOT NULL,
  told_bits integer NOT NULL DEFAULT 0
);

CREATE TABLE identity.spent_work (
  nonce text PRIMARY KEY CHECK (nonce ~ '^[A-Za-z0-9_-]{22}$'),
  expires_at timestamptz NOT NULL
);
CREATE INDEX spent_work_expires_at ON identity.spent_work (expires_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.sign_in_pressure, identity.spent_work TO socle_app;
