import { setPriority } from 'node:os';
import type { Config } from '../config.ts';

/** Scheduling priority of work that may wait (0 is ordinary, 19 the least). At 10, ordinary work gets nine parts in ten. */
const BEHIND = 10;

/**
 * Lets an import use what the processors have left: this process, and the server's processes that work for it where the server
 * is the embedded one. So people who sign in meanwhile are served first. Nothing changes where the system does not allow it.
 */
export function runBehind(config: Config): { readonly onBackend?: (pid: number) => void } {
  yieldTo(0);
  // the number of a process on another machine would be somebody else's here
  if (config.databaseUrl !== undefined) return {};
  const seen = new Set<number>();
  return {
    onBackend(pid) {
      if (!seen.has(pid)) yieldTo(pid);
      seen.add(pid);
    },
  };
}

function yieldTo(pid: number): void {
  try {
    setPriority(pid, BEHIND);
  } catch {
    // the system forbids it: the import runs at the ordinary priority
  }
}
