/** The only source of the present moment: a parameter, so that tests own time. */
export interface Clock {
  /** The present instant. */
  now(): Date;
}

/** The machine's clock. */
export const systemClock: Clock = Object.freeze({ now: () => new Date() });

/** A clock that moves only when told to. */
export interface ManualClock extends Clock {
  set(instant: Date): void;
  advanceSeconds(seconds: number): void;
}

/** Opens a clock that stands at `startAt` until moved. */
export function buildManualClock(startAt: Date): ManualClock {
  let current = startAt.getTime();
  return {
    now: () => new Date(current),
    set: (instant) => {
      current = instant.getTime();
    },
    advanceSeconds: (seconds) => {
      current += seconds * 1000;
    },
  };
}
