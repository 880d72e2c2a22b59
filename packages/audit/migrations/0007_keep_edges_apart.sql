-- The partial tiles at the right edge are rewritten by every batch. Beside the full ones, which are written once, they left
-- a third of the tiles' space dead: they get a small table of their own, whose few rows are reused.
CREATE TABLE audit.tile_edges (
  level smallint PRIMARY KEY CHECK (level BETWEEN 0 AND 7),
  tile_index bigint NOT NULL CHECK (tile_index >= 0),
  hashes bytea NOT NULL CHECK (octet_length(hashes) % 32 = 0 AND octet_length(hashes) BETWEEN 32 AND 8160)
) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500,
        toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 500);
ALTER TABLE audit.tile_edges ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- An edge grows, or gives way to the edge after it.
CREATE FUNCTION audit.keep_edge_growing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.level <> OLD.level OR NEW.tile_index < OLD.tile_index OR (NEW.tile_index = OLD.tile_index AND (
       octet_length(NEW.hashes) < octet_length(OLD.hashes)
       OR substring(NEW.hashes FROM 1 FOR octet_length(OLD.hashes)) <> OLD.hashes)) THEN
    RAISE EXCEPTION 'an edge of the audit log only grows' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_edge_growing BEFORE UPDATE ON audit.tile_edges
  FOR EACH ROW EXECUTE FUNCTION audit.keep_edge_growing();

-- Every tile in its newest form.
CREATE VIEW audit.tile_view AS
  SELECT DISTINCT ON (level, tile_index) level, tile_index, hashes
  FROM (SELECT level, tile_index, hashes FROM audit.tiles
        UNION ALL SELECT level, tile_index, hashes FROM audit.tile_edges) AS known
  ORDER BY level, tile_index, octet_length(hashes) DESC;

GRANT SELECT, INSERT, UPDATE (tile_index, hashes) ON audit.tile_edges TO socle_sequencer;
GRANT SELECT ON audit.tile_view TO socle_app, socle_sequencer;
