import type { Queryable } from '@socle/db';
import type { Tile } from '../merkle/tile-tree.ts';

/** The fence as one sequencer saw it. */
export interface Head {
  readonly size: number;
  readonly epoch: number;
  readonly root: Buffer;
  readonly note: string;
}

/** Events that wait, and the leaf hash that PostgreSQL computed from their stored bytes. */
export interface PickedBatch {
  readonly eventIds: readonly string[];
  readonly leafHashes: readonly Buffer[];
  /** When the oldest of them happened; undefined when there is none. */
  readonly oldestAt: Date | undefined;
  /** When the youngest of them says that it happened. */
  readonly newestAt: Date | undefined;
  /** Queued ids that are in the tree already, or that no event has: to be taken off the queue. */
  readonly settledIds: readonly string[];
  /** The connection's process, to notice when the one that holds the lock was lost. */
  readonly backendPid: number;
}

/** Takes the fence over: whoever held it before can write no more. */
export async function claimHead(database: Queryable): Promise<Head> {
  const [head] = await database.query<Head>(
    'UPDATE audit.head SET epoch = epoch + 1 RETURNING size, epoch, root, note',
  );
  return head!;
}

/** Reads the fence. */
export async function loadHead(database: Queryable): Promise<Head> {
  const [head] = await database.query<Head>('SELECT size, epoch, root, note FROM audit.head');
  return head!;
}

/** One tile's hashes. */
export async function loadTile(
  database: Queryable,
  level: number,
  index: number,
): Promise<Buffer | undefined> {
  const [row] = await database.query<{ hashes: Buffer }>(
    'SELECT hashes FROM audit.tile_view WHERE level = $1 AND tile_index = $2',
    [level, index],
  );
  return row?.hashes;
}

/** Picks at most `limit` of the waiting events, oldest id first, by their state. */
export async function pickPending(database: Queryable, limit: number): Promise<PickedBatch> {
  const rows = await database.query<{
    event_id: string | null;
    at: Date | null;
    leaf: Buffer | null;
    settled: boolean | null;
    pid: number;
  }>(
    `SELECT q.event_id, e.at, e.id IS NULL OR l.event_id IS NOT NULL AS settled, pg_backend_pid() AS pid,
            CASE WHEN l.event_id IS NULL THEN audit.leaf_hash(e.class, e.day, e.salt, e.payload) END AS leaf
     FROM (SELECT 1) AS always
     LEFT JOIN (SELECT event_id FROM audit.pending ORDER BY event_id LIMIT $1) AS q ON true
     LEFT JOIN audit.events e ON e.id = q.event_id
     LEFT JOIN audit.leaves l ON l.event_id = q.event_id
     ORDER BY q.event_id`,
    [limit],
  );
  const fresh = rows.filter((row) => row.event_id !== null && !row.settled);
  const times = fresh.map((row) => row.at!.getTime());
  return {
    eventIds: fresh.map((row) => row.event_id!),
    leafHashes: fresh.map((row) => row.leaf!),
    oldestAt: times.length === 0 ? undefined : new Date(times.reduce((a, b) => Math.min(a, b))),
    newestAt: times.length === 0 ? undefined : new Date(times.reduce((a, b) => Math.max(a, b))),
    settledIds: rows.filter((row) => row.event_id !== null && row.settled).map((row) => row.event_id!),
    backendPid: rows[0]!.pid,
  };
}

/** What one batch writes. */
export interface Batch {
  readonly before: Pick<Head, 'size' | 'epoch'>;
  readonly eventIds: readonly string[];
  readonly settledIds: readonly string[];
  readonly tiles: readonly Tile[];
  readonly size: number;
  readonly root: Buffer;
  readonly note: string;
  readonly at: Date;
}

const COMMIT = `
  WITH fence AS (
    UPDATE audit.head SET size = $3, root = $4, note = $5, updated_at = $6
    WHERE size = $1 AND epoch = $2
    RETURNING size
  ), unqueued AS (
    DELETE FROM audit.pending USING fence WHERE event_id = ANY ($7::uuid[] || $8::uuid[])
  ), placed AS (
    INSERT INTO audit.leaves (leaf_index, event_id)
    SELECT $1::bigint + place - 1, id FROM fence, unnest($7::uuid[]) WITH ORDINALITY AS p(id, place)
  ), given AS (
    SELECT level, tile_index, substring($12::bytea, start, length) AS hashes
    FROM fence, unnest($9::smallint[], $10::bigint[], $11::int[], $13::int[]) AS t(level, tile_index, start, length)
  ), tiled AS (
    INSERT INTO audit.tiles (level, tile_index, part, hashes)
    SELECT level, tile_index, part, substring(hashes, first, most)
    FROM given, (VALUES (0::smallint, 1, 7936), (1::smallint, 7937, 256)) AS parts(part, first, most)
    WHERE octet_length(hashes) = 8192
    ORDER BY part, level, tile_index
  ), edged AS (
    INSERT INTO audit.tile_edges (level, tile_index, hashes)
    SELECT level, tile_index, hashes FROM given WHERE octet_length(hashes) < 8192
    ON CONFLICT (level) DO UPDATE SET tile_index = EXCLUDED.tile_index, hashes = EXCLUDED.hashes
  )
  SELECT size FROM fence`;

/** Writes a batch in one statement, all or nothing. False when another sequencer has moved the fence. */
export async function commitBatch(database: Queryable, batch: Batch): Promise<boolean> {
  const starts: number[] = [];
  let start = 1;
  for (const { hashes } of batch.tiles) {
    starts.push(start);
    start += hashes.length;
  }
  const rows = await database.query(COMMIT, [
    batch.before.size,
    batch.before.epoch,
    batch.size,
    batch.root,
    batch.note,
    batch.at,
    batch.eventIds,
    batch.settledIds,
    batch.tiles.map((tile) => tile.level),
    batch.tiles.map((tile) => tile.index),
    starts,
    Buffer.concat(
      batch.tiles.map((tile) => tile.hashes),
      start - 1,
    ),
    batch.tiles.map((tile) => tile.hashes.length),
  ]);
  return rows.length === 1;
}

/** Takes ids that need no leaf off the queue. */
export async function settlePending(database: Queryable, eventIds: readonly string[]): Promise<void> {
  await database.query('DELETE FROM audit.pending WHERE event_id = ANY ($1::uuid[])', [eventIds]);
}

/** Keeps the head's checkpoint for good, unless the fence has moved or it is kept already. */
export async function keepCheckpoint(database: Queryable, head: Pick<Head, 'size' | 'epoch'>): Promise<void> {
  await database.query(
    `INSERT INTO audit.checkpoints (size, epoch, root, note, at)
     SELECT size, epoch, root, note, updated_at FROM audit.head WHERE size = $1 AND epoch = $2 AND size > 0
     ON CONFLICT DO NOTHING`,
    [head.size, head.epoch],
  );
}

/** How many events wait; counting stops at 100 000. */
export async function countPending(database: Queryable): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM (SELECT FROM audit.pending LIMIT 100000) AS waiting',
  );
  return row!.count;
}
