import type { Queryable } from '@socle/db';

/** What can be stopped by hand. */
export type StopKind = 'school' | 'client' | 'registration';

/** A stop that is in force. */
export interface Stop {
  readonly id: string;
  readonly kind: StopKind;
  /** The school's or client's id; `all` for registration. */
  readonly target: string;
  /** What those who are stopped read, in place of the usual words. */
  readonly message?: string;
  readonly reason: string;
  readonly stoppedAt: Date;
}

interface Row {
  readonly id: string;
  readonly kind: StopKind;
  readonly target: string;
  readonly message: string | null;
  readonly reason: string;
  readonly stopped_at: Date;
}

const COLUMNS = 'id, kind, target, message, reason, stopped_at';

/** Stops in force, newest first; of these targets of one kind, or all. */
export async function loadStops(
  db: Queryable,
  only?: { readonly kind: StopKind; readonly targets: readonly string[] },
): Promise<readonly Stop[]> {
  const rows = await db.query<Row>(
    `SELECT ${COLUMNS} FROM identity.stops
      WHERE lifted_at IS NULL AND ($1::text IS NULL OR (kind = $1 AND target = ANY ($2::text[])))
      ORDER BY stopped_at DESC`,
    [only?.kind ?? null, only?.targets ?? []],
  );
  return rows.map(present);
}

/** Writes a stop; undefined when one is in force already. */
export async function insertStop(
  db: Queryable,
  stop: Stop & { readonly stoppedBy: string },
): Promise<Stop | undefined> {
  const [row] = await db.query<Row>(
    `INSERT INTO identity.stops (id, kind, target, message, reason, stopped_by, stopped_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (kind, target) WHERE lifted_at IS NULL DO NOTHING RETURNING ${COLUMNS}`,
    [stop.id, stop.kind, stop.target, stop.message ?? null, stop.reason, stop.stoppedBy, stop.stoppedAt],
  );
  return row && present(row);
}

/** Lifts a stop, once: of parallel calls one gives it. */
export async function liftStop(
  db: Queryable,
  id: string,
  by: { readonly liftedBy: string; readonly at: Date },
): Promise<Stop | undefined> {
  const [row] = await db.query<Row>(
    `UPDATE identity.stops SET lifted_by = $2, lifted_at = $3 WHERE id = $1 AND lifted_at IS NULL RETURNING ${COLUMNS}`,
    [id, by.liftedBy, by.at],
  );
  return row && present(row);
}

function present(row: Row): Stop {
  return {
    id: row.id,
    kind: row.kind,
    target: row.target,
    reason: row.reason,
    stoppedAt: row.stopped_at,
    ...(row.message === null ? {} : { message: row.message }),
  };
}
