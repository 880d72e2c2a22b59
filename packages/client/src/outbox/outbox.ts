import type { Clock, Log } from '@socle/base';
import type { Tx } from '@socle/db';
import { ClientError } from '../errors.ts';
import type { ModuleDatabase } from '../module/module-database.ts';
import type { SocleCalls } from '../socle/module-token.ts';
import { buildWireEvent } from './check-event.ts';
import { deliverBatch } from './deliver.ts';
import { openDeliveryLoop } from './delivery-loop.ts';
import type { DeliveryRound, ModuleActions, ModuleEvent, OutboxStatus } from './event.ts';
import { insertEvent, loadStatus } from './store.ts';

/** The module's way to the log. See `Client.audit`. */
export interface Outbox {
  append(tx: Tx, event: ModuleEvent): Promise<string>;
  deliverOnce(): Promise<DeliveryRound>;
  status(): Promise<OutboxStatus>;
  start(): void;
  stop(): Promise<void>;
}

export interface OutboxOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly actions: ModuleActions;
  readonly database: ModuleDatabase;
  readonly calls: SocleCalls;
  readonly clock: Clock;
  readonly log: Log;
  readonly limit: number;
}

export function openOutbox(options: OutboxOptions): Outbox {
  const deliverOnce = () => deliverBatch(options);
  const loop = openDeliveryLoop(deliverOnce, options.log);
  return {
    async append(tx, event) {
      const now = options.clock.now();
      const wire = buildWireEvent(event, { actions: options.actions, clientId: options.clientId, now });
      const row = { id: wire.id, event: JSON.stringify(wire), now, limit: options.limit };
      if (!(await insertEvent(tx, row))) {
        throw new ClientError('audit_outbox_full', {
          status: 503,
          publicMessage:
            'Too many records wait to be kept safely, so nothing more is done for now. Try again later.',
          details: { limit: options.limit },
        });
      }
      tx.afterCommit(loop.wake);
      return wire.id;
    },
    deliverOnce,
    status: () => loadStatus(options.database, options.clock.now()),
    start: loop.start,
    stop: loop.stop,
  };
}
