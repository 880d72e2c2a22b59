import type { EventId } from '@socle/base';
import type { Database } from '@socle/db';
import { AuditError } from './errors.ts';

/** Waits for events to be covered by a checkpoint; one statement asks for all waiters. */
export interface SealWatch {
  wait(eventId: EventId, timeoutMs: number): Promise<number>;
  close(): void;
}

const POLL_MS = 20;

interface Waiter {
  readonly eventId: EventId;
  readonly deadline: number;
  readonly resolve: (leafIndex: number) => void;
  readonly reject: (error: unknown) => void;
}

/** See SealWatch. A leaf and the checkpoint that covers it are written by one statement, so the leaf is enough. */
export function openSealWatch(database: Database): SealWatch {
  let waiters: Waiter[] = [];
  let timer: NodeJS.Timeout | undefined;

  async function poll(): Promise<void> {
    const asked = waiters;
    try {
      const rows = await database.query<{ event_id: string; leaf_index: number }>(
        'SELECT event_id, leaf_index FROM audit.leaves WHERE event_id = ANY($1::uuid[])',
        [asked.map((waiter) => waiter.eventId)],
      );
      const places = new Map(rows.map((row) => [row.event_id, row.leaf_index]));
      const now = performance.now();
      waiters = waiters.filter((waiter) => {
        const place = places.get(waiter.eventId);
        if (place !== undefined) waiter.resolve(place);
        else if (now >= waiter.deadline) waiter.reject(notSealed());
        else return true;
        return false;
      });
    } catch (error) {
      for (const waiter of asked) waiter.reject(error);
      waiters = waiters.filter((waiter) => !asked.includes(waiter));
    }
    timer = waiters.length > 0 ? setTimeout(() => void poll(), POLL_MS) : undefined;
  }

  return {
    wait: (eventId, timeoutMs) =>
      new Promise((resolve, reject) => {
        waiters.push({ eventId, deadline: performance.now() + timeoutMs, resolve, reject });
        if (timer === undefined) timer = setTimeout(() => void poll(), 0);
      }),
    close() {
      clearTimeout(timer);
      for (const waiter of waiters) waiter.reject(notSealed());
      waiters = [];
    },
  };
}

function notSealed(): AuditError {
  return new AuditError('audit_event_not_sealed', {
    status: 503,
    publicMessage: 'No checkpoint covers this event yet: the sequencer is late or down. Check that it runs.',
  });
}
