import type { Database } from '@socle/db';
import { HINT_CHANNEL } from './hint-channel.ts';

/** Tells the sequencer that events wait. */
export interface Hint {
  /** Cheap: many calls make one notification. */
  give(): void;
  close(): void;
}

const PACE_MS = 50;

/**
 * Notifies from a connection of its own after the commit, never inside the business transaction: PostgreSQL
 * serialises the commits of all transactions that notify. A hint that is lost costs one polling interval.
 */
export function openHint(database: Database): Hint {
  let timer: NodeJS.Timeout | undefined;
  return {
    give() {
      timer ??= setTimeout(() => {
        timer = undefined;
        database.query('SELECT pg_notify($1, $2)', [HINT_CHANNEL, '']).catch(() => {});
      }, PACE_MS).unref();
    },
    close() {
      clearTimeout(timer);
    },
  };
}
