import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Processor time since some instant, in milliseconds. */
export interface ProcessorTime {
  readonly at: number;
  /** Of the whole machine. */
  readonly busy: number;
  readonly idle: number;
  /** Of this process and of the others that were named. */
  readonly own: number;
}

// Linux counts in hundredths of a second wherever it runs (USER_HZ).
const TICK_MS = 10;

/** Reads the counters of the machine and of these processes; undefined where the system does not show them. */
export function readProcessorTime(pids: Iterable<number>): ProcessorTime | undefined {
  let busy = 0;
  let idle = 0;
  for (const { times } of cpus()) {
    busy += times.user + times.nice + times.sys + times.irq;
    idle += times.idle;
  }
  const { user, system } = process.cpuUsage();
  let own = (user + system) / 1000;
  for (const pid of pids) {
    try {
      own += parseTicks(readFileSync(`/proc/${pid}/stat`, 'utf8')) * TICK_MS;
    } catch {
      return undefined;
    }
  }
  return { at: performance.now(), busy, idle, own };
}

/** User and system time of proc(5)'s `stat`; the name before them may hold anything. */
function parseTicks(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** Between two readings: processors that others used, and the share of all that nobody did. */
export function compareProcessorTime(before: ProcessorTime, after: ProcessorTime) {
  const span = Math.max(1, after.at - before.at);
  const others = Math.max(0, after.busy - before.busy - (after.own - before.own)) / span;
  const idle = after.idle - before.idle;
  return { others, idleShare: idle / Math.max(1, idle + after.busy - before.busy) };
}
