-- A full tile is 8 192 bytes and a page has room for 8 160: PostgreSQL cut each tile into pieces that left holes, 44 bytes an
-- event. Now a tile is two rows stored in their place, of 248 hashes, which fill a page, and of 8, of which a page takes 27:
-- 33 bytes an event. Rows are written once: nobody has the right to update them.
CREATE TABLE audit.tile_parts (
  tile_index bigint NOT NULL CHECK (tile_index >= 0),
  level smallint NOT NULL CHECK (level BETWEEN 0 AND 7),
  part smallint NOT NULL CHECK (part IN (0, 1)),
  hashes bytea STORAGE PLAIN NOT NULL CHECK (octet_length(hashes) = CASE part WHEN 0 THEN 7936 ELSE 256 END),
  CONSTRAINT tile_parts_pkey PRIMARY KEY (tile_index, level, part)
) WITH (fillfactor = 100);

INSERT INTO audit.tile_parts (tile_index, level, part, hashes)
  SELECT tile_index, level, 0, substring(hashes FROM 1 FOR 7936) FROM audit.tiles WHERE octet_length(hashes) = 8192;
INSERT INTO audit.tile_parts (tile_index, level, part, hashes)
  SELECT tile_index, level, 1, substring(hashes FROM 7937) FROM audit.tiles WHERE octet_length(hashes) = 8192;
-- Partial tiles of before the edges had a table: the newest of each level, unless its edge is known.
INSERT INTO audit.tile_edges (level, tile_index, hashes)
  SELECT DISTINCT ON (level) level, tile_index, hashes FROM audit.tiles WHERE octet_length(hashes) < 8192
  ORDER BY level, tile_index DESC
  ON CONFLICT DO NOTHING;

DROP VIEW audit.tile_view;
DROP TABLE audit.tiles;
DROP FUNCTION audit.keep_tile_growing();
ALTER TABLE audit.tile_parts RENAME TO tiles;
ALTER TABLE audit.tiles RENAME CONSTRAINT tile_parts_pkey TO tiles_pkey;

-- Every tile in its newest form.
CREATE VIEW audit.tile_view AS
  SELECT level, tile_index, head.hashes || tail.hashes AS hashes
  FROM (SELECT level, tile_index, hashes FROM audit.tiles WHERE part = 0) AS head
  JOIN (SELECT level, tile_index, hashes FROM audit.tiles WHERE part = 1) AS tail USING (level, tile_index)
  UNION ALL
  SELECT level, tile_index, hashes FROM audit.tile_edges e
  WHERE NOT EXISTS (SELECT FROM audit.tiles t WHERE t.level = e.level AND t.tile_index = e.tile_index);

GRANT SELECT ON audit.tile_view TO socle_app, socle_sequencer;
GRANT SELECT ON audit.tiles TO socle_app, socle_sequencer;
GRANT INSERT ON audit.tiles TO socle_sequencer;
