import type { Tx } from '@socle/db';

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

const FETCH_ROWS = 1_000;

/** The pseudonym of a person, or undefined when the log never named them, or their mapping was cut. */
export async function loadPseudonym(tx: Tx, personId: string): Promise<string | undefined> {
  const [row] = await tx.query<{ pseudonym: string }>(
    'SELECT pseudonym FROM audit.pseudonyms WHERE person_id = $1',
    [personId],
  );
  return row?.pseudonym;
}

/** The leaves below `size` that are selected, in order, through a cursor: memory does not grow with the log. */
export async function* streamRows(
  tx: Tx,
  size: number,
  selection: ExportSelection,
): AsyncGenerator<readonly ExportRow[]> {
  // the log's own acts are always there: without them a verifier could not tell redacted from tampered
  await tx.query(
    `DECLARE audit_export NO SCROLL CURSOR FOR
     SELECT * FROM audit.export_view
     WHERE leaf_index < $1
       AND (action IN ('audit.event.redacted', 'audit.period.purged')
            OR (($2::timestamptz IS NULL OR at >= $2) AND ($3::timestamptz IS NULL OR at < $3)
                AND ($4::text IS NULL OR position(convert_to($4, 'UTF8') IN payload) > 0)))
     ORDER BY leaf_index`,
    [size, selection.from ?? null, selection.to ?? null, selection.pseudonym ?? null],
  );
  for (;;) {
    const rows = await tx.query<ExportRow>(`FETCH ${FETCH_ROWS} FROM audit_export`);
    if (rows.length === 0) break;
    yield rows;
  }
  await tx.query('CLOSE audit_export');
}

/** The leaf and what is left of one event. */
export async function loadExportRow(tx: Tx, eventId: string): Promise<ExportRow | undefined> {
  const [row] = await tx.query<ExportRow>('SELECT * FROM audit.export_view WHERE event_id = $1', [eventId]);
  return row;
}

/** The leaf hashes below `size`, a tile at a time. */
export async function* streamLeafHashes(tx: Tx, size: number): AsyncGenerator<Buffer> {
  const tilesAtOnce = 64;
  for (let first = 0; first * 256 < size; first += tilesAtOnce) {
    const rows = await tx.query<{ hashes: Buffer }>(
      'SELECT hashes FROM audit.tiles WHERE level = 0 AND tile_index >= $1 AND tile_index < $2 ORDER BY tile_index',
      [first, first + tilesAtOnce],
    );
    const hashes = Buffer.concat(rows.map((row) => row.hashes));
    yield hashes.subarray(0, (size - first * 256) * 32);
  }
}
