import { isSocleError, type Log } from '@socle/base';
import type { DeliveryRound } from './event.ts';

/** A loop that delivers until it is stopped. */
export interface DeliveryLoop {
  /** Starts; again changes nothing. */
  start(): void;
  /** There is something to deliver: do not wait for the next turn. */
  wake(): void;
  /** Stops once the round in hand has ended. */
  stop(): Promise<void>;
}

/** Between two looks at an outbox that nobody said anything about: another instance may have queued events. */
const IDLE_MS = 2_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 60_000;

export function openDeliveryLoop(deliver: () => Promise<DeliveryRound>, log: Log): DeliveryLoop {
  let running: Promise<void> | undefined;
  let stopped = false;
  let awake = false;
  let interrupt = () => {};

  function pause(ms: number, wakeable: boolean): Promise<void> {
    if (stopped || (wakeable && awake)) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      timer.unref();
      interrupt = () => {
        if (!stopped && !wakeable) return;
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!stopped) {
      awake = false;
      try {
        const round = await deliver();
        failures = 0;
        if (!round.more) await pause(IDLE_MS, true);
      } catch (error) {
        failures += 1;
        const code = isSocleError(error) ? error.code : 'unexpected';
        log.warn({ code, failures }, 'audit events could not be delivered; they wait in the outbox');
        // New events do not shorten this pause: the socle is asked less and less often while it is down.
        await pause(backoffMs(failures), false);
      }
    }
  }

  return {
    start() {
      running ??= run();
    },
    wake() {
      awake = true;
      interrupt();
    },
    async stop() {
      stopped = true;
      interrupt();
      await running;
    },
  };
}

/** Doubles from half a second to a minute, with up to a quarter of chance so that instances do not march in step. */
export function backoffMs(failures: number): number {
  const full = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 10));
  return full * (0.75 + Math.random() * 0.25);
}
