import { availableParallelism } from 'node:os';
import { IdentityError } from './errors.ts';

/** A bounded line in front of password hashing. */
export interface PasswordQueue {
  /**
   * Runs `work` when a place is free.
   * @throws IdentityError `password_queue_full` (503, `details.retryAfterSeconds`) when the line is full.
   */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Hashes in flight and waiting, for metrics. */
  usage(): { readonly running: number; readonly waiting: number };
}

const RETRY_AFTER_SECONDS = 5;

/**
 * Opens a line of `concurrency` places (default: the number of cores, since more would make every other
 * signature and DNS look-up of the process wait behind them) and at most `maxWaiting` callers (default 128 a core: two
 * seconds of work for it). Who floods with passwords waits there, which costs nothing, instead of asking again at once.
 */
export function openPasswordQueue(
  options: { readonly concurrency?: number; readonly maxWaiting?: number } = {},
): PasswordQueue {
  const concurrency = options.concurrency ?? availableParallelism();
  const maxWaiting = options.maxWaiting ?? concurrency * 128;
  const waiting: (() => void)[] = [];
  let running = 0;

  return {
    usage: () => ({ running, waiting: waiting.length }),
    async run(work) {
      if (running >= concurrency) {
        if (waiting.length >= maxWaiting) {
          throw new IdentityError('password_queue_full', {
            status: 503,
            publicMessage: 'Many people are signing in at this moment. Try again in a few seconds.',
            details: { retryAfterSeconds: RETRY_AFTER_SECONDS },
          });
        }
        await new Promise<void>((resolve) => waiting.push(resolve));
      } else {
        running += 1;
      }
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        // The place is handed over, not freed and taken, so that nobody slips in between.
        if (next) next();
        else running -= 1;
      }
    },
  };
}
