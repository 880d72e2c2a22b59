import type { Queryable } from '@socle/db';
import type { Checkpoint } from '../checkpoint.ts';
import { loadTile } from '../sequencer/batch-store.ts';
import type { TileReader } from '../merkle/proofs.ts';

/** A checkpoint that is kept, with its signed note. */
export interface SignedNote extends Pick<Checkpoint, 'size'> {
  readonly note: string;
}

/** The newest checkpoint that was published; undefined while there is none. */
export async function loadNewestCheckpoint(database: Queryable): Promise<SignedNote | undefined> {
  const [row] = await database.query<SignedNote>(
    'SELECT size, note FROM audit.checkpoints ORDER BY size DESC LIMIT 1',
  );
  return row;
}

/** The largest size that a witness has cosigned, as far as the log kept it. */
export async function loadCosignedSize(database: Queryable, witness: string): Promise<number> {
  const [row] = await database.query<{ size: number | null }>(
    'SELECT max(size) AS size FROM audit.cosignatures WHERE witness = $1',
    [witness],
  );
  return row!.size ?? 0;
}

/** Keeps what a witness has cosigned. */
export async function keepCosignature(
  database: Queryable,
  kept: SignedNote & { readonly witness: string; readonly line: string; readonly at: Date },
): Promise<void> {
  await database.query(
    `INSERT INTO audit.cosignatures (size, witness, note, line, at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING`,
    [kept.size, kept.witness, kept.note, kept.line, kept.at],
  );
}

/** Reads tiles for proofs. */
export function tileReader(database: Queryable): TileReader {
  return async (level, index) => (await loadTile(database, level, index)) ?? Buffer.alloc(0);
}

/** Cosigned checkpoints of a tree of `size` leaves, with all their cosignatures: the last of each day, smallest first. */
export async function loadCosigned(
  database: Queryable,
  size: number,
): Promise<readonly { readonly at: Date; readonly note: string }[]> {
  return database.query(
    `SELECT c.at, c.note || c.lines AS note
     FROM (SELECT DISTINCT ON ((at AT TIME ZONE 'UTC')::date) size, min(at) AS at, note,
                  string_agg(line, '' ORDER BY witness) AS lines
           FROM audit.cosignatures WHERE size <= $1
           GROUP BY size, note, (at AT TIME ZONE 'UTC')::date
           ORDER BY (at AT TIME ZONE 'UTC')::date, size DESC) AS c
     ORDER BY c.size`,
    [size],
  );
}
