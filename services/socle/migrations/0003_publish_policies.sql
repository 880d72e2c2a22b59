-- Signed bundles of policies, and which one decides. A bundle never changes once it is here; going back to an older one asks for
-- a signed statement. No personal data.
CREATE TABLE socle.policy_bundles (
  number bigint PRIMARY KEY CHECK (number > 0),
  digest text NOT NULL,
  bundle text NOT NULL,
  published_at timestamptz NOT NULL
);
GRANT SELECT, INSERT ON socle.policy_bundles TO socle_app;

CREATE TABLE socle.policies_in_force (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  number bigint NOT NULL REFERENCES socle.policy_bundles (number),
  highest bigint NOT NULL,
  rollback text,
  moved_at timestamptz NOT NULL,
  CHECK (number = highest OR rollback IS NOT NULL)
);
GRANT SELECT, INSERT, UPDATE ON socle.policies_in_force TO socle_app;
