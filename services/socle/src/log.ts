import { pino } from 'pino';
import type { Log } from '@socle/base';

/** The service's log: one JSON line an event on stderr, so that stdout stays the commands' own. */
export function openLog(level: string): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  );
}
