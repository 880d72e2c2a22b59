import type { Tx } from '@socle/db';

/** How the log stands, from its own tables. */
export interface LogHealth {
  /** Leaves of the tree. */
  readonly size: number;
  /** When the last checkpoint was signed; undefined for a log without one. */
  readonly publishedAt: Date | undefined;
  /** Events of the last hour that wait for the sequencer, 10 000 at most, and since when the oldest does. */
  readonly waiting: number;
  readonly oldestWaitingAt: Date | undefined;
  /** Those outside who vouch for checkpoints: up to which leaf, and when they last did. */
  readonly witnesses: readonly { readonly name: string; readonly size: number; readonly at: Date }[];
}

const HOUR_MS = 3_600_000;
const MOST = 10_000;

/** Reads how far the log got. The events that wait are those of the transaction's scope. */
export async function loadLogHealth(tx: Tx, now: Date): Promise<LogHealth> {
  const [head] = await tx.query<{ size: string; updated_at: Date }>(
    'SELECT size::text, updated_at FROM audit.head',
  );
  const [queue] = await tx.query<{ waiting: number; oldest: Date | null }>(
    `SELECT count(*)::int AS waiting, min(at) AS oldest FROM (
       SELECT at FROM audit.event_view WHERE leaf_index IS NULL AND at > $1 LIMIT $2) AS waits`,
    [new Date(now.getTime() - HOUR_MS), MOST],
  );
  const witnesses = await tx.query<{ witness: string; size: string; at: Date }>(
    `SELECT DISTINCT ON (witness) witness, size::text, at FROM audit.cosignatures ORDER BY witness, size DESC`,
  );
  const size = Number(head?.size ?? 0);
  return {
    size,
    publishedAt: size === 0 ? undefined : head?.updated_at,
    waiting: queue?.waiting ?? 0,
    oldestWaitingAt: queue?.oldest ?? undefined,
    witnesses: witnesses.map((row) => ({ name: row.witness, size: Number(row.size), at: row.at })),
  };
}
