-- The last good bundle of policies, signed by the socle's key: what decides here, and below which number nothing is taken again.
CREATE TABLE client.policies (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  number bigint NOT NULL CHECK (number > 0),
  highest bigint NOT NULL CHECK (highest >= number),
  delivery text NOT NULL,
  public_keys text[] NOT NULL,
  kept_at timestamptz NOT NULL
);
DO $$
DECLARE
  service text := regexp_replace(current_user, '_owner$', '_app');
BEGIN
  EXECUTE format('GRANT SELECT, INSERT, UPDATE ON client.policies TO %I', service);
END
$$;
