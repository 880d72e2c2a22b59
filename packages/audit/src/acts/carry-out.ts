import type { EventId } from '@socle/base';
import { sqlState, type Database } from '@socle/db';
import type { Audit } from '../audit.ts';
import { AuditError } from '../errors.ts';
import type { EventActor, NewEvent } from '../event.ts';

/** What every act on the log itself needs. */
export interface ActOptions {
  /** Logged in as `socle_app`. */
  readonly database: Database;
  readonly audit: Audit;
  /** Who orders it. */
  readonly actor: EventActor;
  /** The controller in whose name. */
  readonly controller: string;
  /** How long to wait for the order's checkpoint. Default 5 000 ms. */
  readonly sealTimeoutMs?: number;
}

const NO_ORDER = 'P0002';
const RESTRICTED = '23001';
const LOCK_TIMEOUT = '55P03';

/**
 * Logs an order, waits until it is in the signed tree, then has the database do it: an interruption leaves an order
 * that was not carried out, never an act of which the log does not tell. Doing it again is harmless.
 *
 * @param act name of the function of schema `audit`; it takes the order's id, then `values`.
 * @throws AuditError `audit_event_not_sealed` when no sequencer runs, `audit_act_refused` when the database refuses.
 */
export async function carryOut<T>(
  options: ActOptions,
  order: Omit<NewEvent, 'actor' | 'controller' | 'outcome'>,
  act: string,
  values: readonly unknown[] = [],
): Promise<{ readonly orderId: EventId; readonly result: T }> {
  const orderId = await options.audit.record({
    ...order,
    actor: options.actor,
    controller: options.controller,
    outcome: 'success',
  });
  await options.audit.sealed(orderId, options.sealTimeoutMs ?? 5_000);
  const parameters = values.map((_, index) => `, $${index + 2}`).join('');
  try {
    const [row] = await options.database.query<{ result: T }>(
      `SELECT audit.${act}($1${parameters}) AS result`,
      [orderId, ...values],
    );
    return { orderId, result: row!.result };
  } catch (error) {
    throw explain(error);
  }
}

function explain(error: unknown): unknown {
  const state = sqlState(error);
  if (state === LOCK_TIMEOUT) return refuseAct('the log was too busy; try again', error);
  if (state !== NO_ORDER && state !== RESTRICTED) return error;
  return refuseAct(error instanceof Error ? error.message : 'the database forbids it', error);
}

/** Says why an act on the log is not done. */
export function refuseAct(why: string, cause?: unknown): AuditError {
  return new AuditError('audit_act_refused', {
    status: 409,
    publicMessage: `The log refuses this: ${why}.`,
    cause,
  });
}
