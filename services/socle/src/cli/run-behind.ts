import { setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { compareProcessorTime, readProcessorTime, type ProcessorTime } from './processor-time.ts';

/** Scheduling priority of work that may wait (0 is ordinary, 19 the least). At 10, ordinary work gets nine parts in ten. */
const BEHIND = 10;
/** Others are being served, and little is left over: processors that they use, and the share of all that is idle. */
const OTHERS_AT_LEAST = 0.4;
const IDLE_SHARE_AT_MOST = 0.3;
/** How long work waits then, in its own time: it keeps one part in six. */
const WAITS = 5;
const LONGEST_WAIT_MS = 5_000;
const SHORTEST_READING_MS = 100;

/** What an import is given so that it uses what the processors have left. */
export interface Behind {
  readonly onBackend?: (pid: number) => void;
  readonly giveWay?: (workedMs: number) => Promise<void>;
}

/**
 * Lets an import use what the processors have left: this process, and the server's processes that work for it where the server
 * is the embedded one, get a low priority; and while it reads and after each school the import waits as long as others keep the processors busy, because
 * a system may weigh priorities only within a session (sched(7), autogroup). So people who sign in meanwhile are served first.
 * Nothing changes where the system does not allow it, or does not show who uses the processors.
 */
export function runBehind(config: Config): Behind {
  yieldTo(0);
  // the number of a process on another machine would be somebody else's here
  if (config.databaseUrl !== undefined) return {};
  const seen = new Set<number>();
  let last: ProcessorTime | undefined;
  let waitUntil = 0;
  return {
    onBackend(pid) {
      if (seen.has(pid)) return;
      yieldTo(pid);
      seen.add(pid);
      last = undefined;
    },
    async giveWay(workedMs) {
      const now = readProcessorTime(seen);
      if (now && last && now.at - last.at >= SHORTEST_READING_MS) {
        waitUntil = Math.max(waitUntil, now.at + waitAfter(workedMs, compareProcessorTime(last, now)));
        last = now;
      }
      last ??= now;
      const left = waitUntil - performance.now();
      if (left > 0) await sleep(left);
    },
  };
}

/** For how long work gives way, in milliseconds, after it worked for so long beside others. */
export function waitAfter(
  workedMs: number,
  use: { readonly others: number; readonly idleShare: number },
): number {
  if (use.others < OTHERS_AT_LEAST || use.idleShare > IDLE_SHARE_AT_MOST) return 0;
  return Math.min(LONGEST_WAIT_MS, workedMs * WAITS);
}

function yieldTo(pid: number): void {
  try {
    setPriority(pid, BEHIND);
  } catch {
    // the system forbids it: the import runs at the ordinary priority
  }
}
