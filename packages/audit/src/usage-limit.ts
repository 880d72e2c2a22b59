import type { Clock } from '@socle/base';
import type { Queryable } from '@socle/db';

/** Usage events that were not kept, since when and until when. */
interface UsageGap {
  readonly count: number;
  readonly from: Date;
  readonly to: Date;
}

/** Keeps usage events (class C) from filling the queue while the sequencer is down. */
export interface UsageLimit {
  /** Whether a usage event may be kept now; one that may not is counted. */
  admit(): Promise<boolean>;
  /** What was dropped since the last gap that was taken; undefined when nothing was, or the queue is still too long. */
  takeGap(): UsageGap | undefined;
  /** Counts again a gap that could not be written. */
  giveBack(gap: UsageGap): void;
}

/** @param most events that may wait before usage events are dropped. Looks at the queue at most once in `lookMs`. */
export function openUsageLimit(options: {
  readonly database: Queryable;
  readonly clock: Clock;
  readonly most: number;
  readonly lookMs: number;
}): UsageLimit {
  const { database, clock, most, lookMs } = options;
  let isFull = false;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;
  let gap: UsageGap | undefined;

  async function look(): Promise<void> {
    const [row] = await database.query<{ full: boolean }>('SELECT audit.queue_exceeds($1) AS full', [most]);
    isFull = row!.full;
    lookedAt = performance.now();
  }

  return {
    async admit() {
      if (performance.now() - lookedAt >= lookMs)
        await (looking ??= look().finally(() => (looking = undefined)));
      if (!isFull) return true;
      const now = clock.now();
      gap = { count: (gap?.count ?? 0) + 1, from: gap?.from ?? now, to: now };
      return false;
    },
    takeGap() {
      if (isFull) return undefined;
      const taken = gap;
      gap = undefined;
      return taken;
    },
    giveBack(lost) {
      gap = { count: lost.count + (gap?.count ?? 0), from: lost.from, to: gap?.to ?? lost.to };
    },
  };
}
