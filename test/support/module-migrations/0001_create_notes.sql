CREATE SCHEMA absences;
CREATE TABLE absences.notes (id uuid PRIMARY KEY, body text NOT NULL);
GRANT USAGE ON SCHEMA absences TO absences_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON absences.notes TO absences_app;
