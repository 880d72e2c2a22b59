import { readFile, readdir } from 'node:fs/promises';

// Linux counts in ticks of USER_HZ, which is 100 on every architecture that Node runs on.
const MS_PER_TICK = 10;

/** CPU that a process has used since it began, all its threads together, user and system, in ms. */
export async function cpuMsOf(pid: number): Promise<number> {
  const { own } = await readStat(pid);
  return own;
}

/** CPU of a PostgreSQL server in ms: the postmaster, its live processes, and those that ended. */
export async function cpuMsOfPostgres(postmaster: number): Promise<number> {
  const { own, ended } = await readStat(postmaster);
  let total = own + ended;
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // A process may end between the listing and the reading; the postmaster counts it from then on.
    const stat = await readStat(Number(name)).catch(() => undefined);
    if (stat?.parent === postmaster) total += stat.own;
  }
  return total;
}

/** Memory of a process that is in RAM, in MB; `peak` since it began. */
export async function memoryMbOf(pid: number): Promise<{ readonly now: number; readonly peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (label: string) => Number(new RegExp(`^${label}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]);
  return { now: kilobytes('VmRSS') / 1024, peak: kilobytes('VmHWM') / 1024 };
}

async function readStat(pid: number): Promise<{ parent: number; own: number; ended: number }> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name may hold spaces and brackets: fields are counted after its last bracket (proc(5)).
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = (at: number) => Number(fields[at]) * MS_PER_TICK;
  return { parent: Number(fields[1]), own: ticks(11) + ticks(12), ended: ticks(13) + ticks(14) };
}
