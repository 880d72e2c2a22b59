import type { Queryable, Tx } from '@socle/db';

/** One leaf as it is exported. Everything but its place and id is null when its event is gone. */
export interface ExportRow {
  readonly leaf_index: number;
  readonly event_id: string;
  readonly class: string | null;
  readonly day: string | null;
  readonly commitment: Buffer | null;
  readonly at: Date | null;
  readonly controller: string | null;
  readonly action: string | null;
  readonly actor: string | null;
  readonly target: string | null;
  readonly outcome: string | null;
  readonly salt: Buffer | null;
  readonly payload: Buffer | null;
}

/** Which events are wanted; all of them when nothing is set. */
export interface ExportSelection {
  readonly from?: Date;
  /** Exclusive. */
  readonly to?: Date;
  /** The pseudonym of the person whom the events name in any place. */
  readonly pseudonym?: string;
}

/** The pseudonym of a person, or undefined when the log never named them, or their mapping was cut. */
export async function loadPseudonym(database: Queryable, personId: string): Promise<string | undefined> {
  const [row] = await database.query<{ pseudonym: string }>(
    'SELECT pseudonym FROM audit.pseudonyms WHERE person_id = $1',
    [personId],
  );
  return row?.pseudonym;
}

/**
 * The next `most` selected leaves of [first, end), in order. The log's own acts that explain absences are always among
 * them: without them a verifier could not tell redacted from tampered.
 */
export async function loadRows(
  tx: Tx,
  selection: ExportSelection,
  range: { readonly first: number; readonly end: number; readonly most: number },
): Promise<readonly ExportRow[]> {
  const { from = null, to = null, pseudonym } = selection;
  const { first, end, most } = range;
  if (pseudonym !== undefined) {
    return tx.query<ExportRow>('SELECT * FROM audit.export_rows_naming($1, $2, $3, $4, $5, $6)', [
      pseudonym,
      first,
      end,
      from,
      to,
      most,
    ]);
  }
  return tx.query<ExportRow>(
    `SELECT * FROM audit.export_view
     WHERE leaf_index >= $1 AND leaf_index < $2
       AND (action IN ('audit.event.redacted', 'audit.period.purged')
            OR (($3::timestamptz IS NULL OR at >= $3) AND ($4::timestamptz IS NULL OR at < $4)))
     ORDER BY leaf_index LIMIT $5`,
    [first, end, from, to, most],
  );
}

/** The leaf and what is left of one event. */
export async function loadExportRow(tx: Tx, eventId: string): Promise<ExportRow | undefined> {
  const [row] = await tx.query<ExportRow>('SELECT * FROM audit.export_view WHERE event_id = $1', [eventId]);
  return row;
}

/** The leaf hashes below `size`, some tiles at a time. */
export async function* streamLeafHashes(tx: Tx, size: number): AsyncGenerator<Buffer> {
  const tilesAtOnce = 64;
  for (let first = 0; first * 256 < size; first += tilesAtOnce) {
    const rows = await tx.query<{ hashes: Buffer }>(
      'SELECT hashes FROM audit.tile_view WHERE level = 0 AND tile_index >= $1 AND tile_index < $2 ORDER BY tile_index',
      [first, first + tilesAtOnce],
    );
    const hashes = Buffer.concat(rows.map((row) => row.hashes));
    yield hashes.subarray(0, (size - first * 256) * 32);
  }
}

/** How many events of a period there are, counting at most `most` + 1. */
export async function countEvents(
  tx: Tx,
  period: { readonly from?: Date; readonly to?: Date },
  most: number,
): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM (
       SELECT FROM audit.event_view
       WHERE ($1::timestamptz IS NULL OR at >= $1) AND ($2::timestamptz IS NULL OR at < $2) LIMIT $3) AS found`,
    [period.from ?? null, period.to ?? null, most + 1],
  );
  return row!.count;
}
