import { advisoryLockKey, buildTables, type Tx } from '@socle/db';
import type { OutboxStatus } from './event.ts';

interface Tables {
  readonly outbox: {
    readonly seq: number;
    id: string;
    event: string;
    state: string;
    refusal: string | null;
    queued_at: Date;
    settled_at: Date | null;
  };
}

const tables = buildTables<Tables>('client');

/** Only one deliverer at a time, so that events leave in their order. */
const DELIVERY_LOCK = advisoryLockKey('client.outbox-delivery');

/**
 * Queues an event, unless `limit` events wait already; an event whose id is there already is left alone.
 *
 * @returns false when too many wait.
 */
export async function insertEvent(
  tx: Tx,
  row: { readonly id: string; readonly event: string; readonly now: Date; readonly limit: number },
): Promise<boolean> {
  // One round trip, since every act of a module pays it. Places in the queue are given in order, so that the distance from
  // the oldest waiting event to the newest of all is never less than the number that wait: only when it reaches the
  // limit are they counted.
  const queued = await tx.query(
    `INSERT INTO client.outbox (id, event, queued_at)
     SELECT $1, $2, $3
      WHERE CASE WHEN (SELECT max(seq) FROM client.outbox)
                    - (SELECT min(seq) FROM client.outbox WHERE state = 'waiting') >= $4
                 THEN NOT EXISTS (SELECT FROM client.outbox WHERE state = 'waiting' ORDER BY seq OFFSET $4 LIMIT 1)
                 ELSE true END
         ON CONFLICT (id) DO NOTHING
     RETURNING id`,
    [row.id, row.event, row.now, row.limit - 1],
  );
  if (queued.length > 0) return true;
  const known = await tx.run(tables.selectFrom('outbox').select('id').where('id', '=', row.id));
  return known.length > 0;
}

/** Becomes the deliverer until the transaction ends; false when another is. */
export async function lockDelivery(tx: Tx): Promise<boolean> {
  const [row] = await tx.query<{ locked: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS locked', [
    DELIVERY_LOCK,
  ]);
  return row?.locked === true;
}

/** The oldest waiting events, in order. Chosen by state: a transaction may commit after one that began later. */
export function loadWaiting(tx: Tx, limit: number): Promise<{ id: string; event: string }[]> {
  return tx.run(
    tables
      .selectFrom('outbox')
      .select(['id', 'event'])
      .where('state', '=', 'waiting')
      .orderBy('seq')
      .limit(limit),
  );
}

/** Notes that the socle has these events. */
export async function markDelivered(tx: Tx, ids: readonly string[], now: Date): Promise<void> {
  if (ids.length === 0) return;
  await tx.run(
    tables
      .updateTable('outbox')
      .set({ state: 'delivered', settled_at: now })
      .where('id', 'in', [...ids]),
  );
}

/** Notes that the socle will never take this event; it is kept. */
export async function markRefused(tx: Tx, id: string, refusal: string, now: Date): Promise<void> {
  await tx.run(
    tables.updateTable('outbox').set({ state: 'refused', refusal, settled_at: now }).where('id', '=', id),
  );
}

/** Removes events that were delivered before `before`, a bounded number at once. */
export async function deleteDelivered(tx: Pick<Tx, 'run'>, before: Date): Promise<number> {
  const old = tables
    .selectFrom('outbox')
    .select('seq')
    .where('state', '=', 'delivered')
    .where('settled_at', '<', before)
    .limit(1_000);
  return (await tx.run(tables.deleteFrom('outbox').where('seq', 'in', old).returning('seq'))).length;
}

/** Counts for metrics. */
export async function loadStatus(tx: Pick<Tx, 'query'>, now: Date): Promise<OutboxStatus> {
  const [row] = await tx.query<{ waiting: number; refused: number; oldest: Date | null }>(
    `SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting,
            count(*) FILTER (WHERE state = 'refused') AS refused,
            min(queued_at) FILTER (WHERE state = 'waiting') AS oldest
       FROM client.outbox WHERE state IN ('waiting', 'refused')`,
  );
  const oldest = row?.oldest ? (now.getTime() - row.oldest.getTime()) / 1000 : 0;
  return {
    waiting: row?.waiting ?? 0,
    refused: row?.refused ?? 0,
    oldestWaitingSeconds: Math.max(0, oldest),
  };
}
