-- ENTEnsFonctionDir: keys of the schools that an agent directs, with spaces between. Beside the roles, because a delta may clear
-- this attribute alone while ENTPersonFonctions still says the same, or the other way round.
ALTER TABLE directory.join_keys ADD COLUMN directs text CHECK (length(directs) BETWEEN 1 AND 2000);
ALTER TABLE directory.incoming_people ADD COLUMN directs text;
CREATE OR REPLACE VIEW directory.staged_people AS SELECT * FROM directory.incoming_people
  WHERE (SELECT directory.sees_all()) AND degree = (SELECT current_setting('socle.import_degree', true));
