import type { Branded, ControllerId, PersonId, SchoolId } from '@socle/base';
import { buildTables, type Tx } from '@socle/db';

export type ViewId = Branded<'ViewId'>;

/** How a view came to its end: by its viewer, by a security officer, by its time, or with the right to it. */
export type ViewEnd = 'viewer' | 'officer' | 'time' | 'right_ended';

/** A row of `socle.views`. */
export interface ViewRow {
  id: ViewId;
  session_id: string;
  viewer_id: PersonId;
  seen_id: PersonId;
  school_id: SchoolId;
  controller_id: ControllerId;
  reason: string;
  started_at: Date;
  ends_at: Date;
  ended_at: Date | null;
  end_code: ViewEnd | null;
}

const tables = buildTables<{ views: ViewRow }>('socle');

/** Writes a new one; undefined when this administrator has one open already. */
export async function insertView(tx: Tx, row: ViewRow): Promise<ViewRow | undefined> {
  const [written] = await tx.run(
    tables
      .insertInto('views')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .returningAll(),
  );
  return written;
}

/** The one that this session has open, be its time over or not. */
export async function findOpenView(tx: Tx, session: string): Promise<ViewRow | undefined> {
  const [row] = await tx.run(
    tables.selectFrom('views').selectAll().where('session_id', '=', session).where('ended_at', 'is', null),
  );
  return row;
}

/** Ends one, once: of parallel ends one gives the row. It never ends after its time. */
export async function endView(tx: Tx, id: ViewId, code: ViewEnd, at: Date): Promise<ViewRow | undefined> {
  const [row] = await tx.query<ViewRow>(
    `UPDATE socle.views SET ended_at = least($2, ends_at), end_code = CASE WHEN ends_at <= $2 THEN 'time' ELSE $3 END
     WHERE id = $1 AND ended_at IS NULL RETURNING *`,
    [id, at, code],
  );
  return row;
}

/** Ends those whose time is over, and gives them. */
export function endOverdueViews(tx: Tx, at: Date): Promise<ViewRow[]> {
  return tx.query<ViewRow>(
    `UPDATE socle.views SET ended_at = ends_at, end_code = 'time' WHERE ended_at IS NULL AND ends_at <= $1 RETURNING *`,
    [at],
  );
}

/** The latest, newest first: of one person who was seen, or all. */
export function listViews(tx: Tx, limit: number, seen?: PersonId): Promise<ViewRow[]> {
  const query = tables.selectFrom('views').selectAll().orderBy('started_at', 'desc').limit(limit);
  return tx.run(seen === undefined ? query : query.where('seen_id', '=', seen));
}
