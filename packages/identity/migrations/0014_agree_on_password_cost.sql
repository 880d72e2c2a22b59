-- How many passes new password hashes take: what the fastest instance found that it can afford. It only ever grows, so that
-- instances of unequal machines make and take back nothing of each other's.
CREATE TABLE identity.password_cost (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  iterations smallint NOT NULL CHECK (iterations BETWEEN 2 AND 6)
);
GRANT SELECT, INSERT, UPDATE ON identity.password_cost TO socle_app;
