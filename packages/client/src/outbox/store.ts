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

/** Queues an event; an event whose id is there already is left alone. */
export async function insertEvent(tx: Tx, id: string, event: string, now: Date): Promise<void> {
  // seq is the database's to give, which the typed builder cannot say of an insert.
  await tx.query(
    'INSERT INTO client.outbox (id, event, queued_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING',
    [id, event, now],
  );
}

/** True when at least `limit` events wait. Reads no further than that. */
export async function isFull(tx: Tx, limit: number): Promise<boolean> {
  const [row] = await tx.run(
    tables
      .selectFrom('outbox')
      .select('seq')
      .where('state', '=', 'waiting')
      .orderBy('seq')
      .offset(limit - 1)
      .limit(1),
  );
  return row !== undefined;
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
