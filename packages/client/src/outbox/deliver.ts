import type { Clock, Log } from '@socle/base';
import type { Tx } from '@socle/db';
import { z } from 'zod';
import type { ModuleDatabase } from '../module/module-database.ts';
import { invalidAnswer, refusedModule } from '../socle/http.ts';
import type { SocleCalls } from '../socle/module-token.ts';
import type { DeliveryRound } from './event.ts';
import { deleteDelivered, loadWaiting, lockDelivery, markDelivered, markRefused } from './store.ts';

export interface DeliveryOptions {
  readonly issuer: string;
  readonly database: ModuleDatabase;
  readonly calls: SocleCalls;
  readonly clock: Clock;
  readonly log: Log;
}

/** Events in one round trip at most. */
const MAX_BATCH = 100;
/** Delivered events are kept this long, to answer "did it leave?". */
const KEEP_DELIVERED_SECONDS = 86_400;

interface Waiting {
  readonly id: string;
  readonly event: string;
}

const answerSchema = z.object({
  accepted: z.array(z.string().max(64)).max(MAX_BATCH),
  refused: z.array(z.object({ id: z.string().max(64), why: z.string().max(1_000) })).max(MAX_BATCH),
});

/**
 * Hands the oldest waiting events to the socle and notes what became of each, in one transaction that also makes this
 * instance the only deliverer. Killed at any point, it leaves the events waiting; the socle knows an event by its id
 * and takes it once, so a second delivery changes nothing.
 *
 * @throws ClientError `socle_unavailable`, `socle_refused`, `socle_answer_invalid`: all events stay where they were.
 */
export async function deliverBatch(options: DeliveryOptions): Promise<DeliveryRound> {
  return options.database.transaction(
    async (tx) => {
      if (!(await lockDelivery(tx))) return { delivered: 0, refused: 0, more: false };
      const now = options.clock.now();
      const events = await loadWaiting(tx, MAX_BATCH);
      const round = events.length === 0 ? { delivered: 0, refused: 0 } : await hand(tx, events, options);
      await deleteDelivered(tx, new Date(now.getTime() - KEEP_DELIVERED_SECONDS * 1000));
      return { ...round, more: events.length === MAX_BATCH && round.delivered + round.refused > 0 };
    },
    { maxAttempts: 1 },
  );
}

async function hand(
  tx: Tx,
  events: readonly Waiting[],
  options: DeliveryOptions,
): Promise<{ delivered: number; refused: number }> {
  const url = new URL(`${options.issuer.replace(/\/$/, '')}/audit/v1/events`);
  // The stored text is sent as it is, so that what was committed with the act is what reaches the log.
  const body = { events: events.map((row) => JSON.parse(row.event) as unknown) };
  const answer = await options.calls.request({ method: 'POST', url, body });
  if (answer.status === 400 || answer.status === 413 || answer.status === 422) {
    return isolate(tx, events, answer.status, options);
  }
  if (answer.status < 200 || answer.status > 299) throw refusedModule(answer);
  const parsed = answerSchema.safeParse(answer.body);
  if (!parsed.success) throw invalidAnswer('audit');
  const sent = new Set(events.map((row) => row.id));
  const accepted = parsed.data.accepted.filter((id) => sent.has(id));
  const refused = parsed.data.refused.filter(({ id }) => sent.has(id) && !accepted.includes(id));
  await markDelivered(tx, accepted, options.clock.now());
  for (const { id, why } of refused) await refuse(tx, id, why, options);
  // An answer that settles nothing would be asked again at once, for ever.
  if (accepted.length + refused.length === 0) throw invalidAnswer('audit_empty');
  return { delivered: accepted.length, refused: refused.length };
}

/** The socle could not read the batch: halves it until the event at fault stands alone, so that it blocks no other. */
async function isolate(
  tx: Tx,
  events: readonly Waiting[],
  status: number,
  options: DeliveryOptions,
): Promise<{ delivered: number; refused: number }> {
  const [first, ...others] = events;
  if (first && others.length === 0) {
    await refuse(tx, first.id, `http_${status}`, options);
    return { delivered: 0, refused: 1 };
  }
  const middle = Math.ceil(events.length / 2);
  const left = await hand(tx, events.slice(0, middle), options);
  const right = await hand(tx, events.slice(middle), options);
  return { delivered: left.delivered + right.delivered, refused: left.refused + right.refused };
}

async function refuse(tx: Tx, id: string, why: string, options: DeliveryOptions): Promise<void> {
  await markRefused(tx, id, why, options.clock.now());
  options.log.error({ event: id }, 'the socle refused an audit event; it is kept in client.outbox');
}
