import { readFile, readdir } from 'node:fs/promises';
import { setPriority } from 'node:os';

/** Ten steps down: beside a busy thread of the usual priority, one of these gets about a tenth of a core. */
const HASHING_PRIORITY = 10;
const TASKS = '/proc/self/task';

/**
 * Lets hashing take the cores that nothing else wants: on Linux, the threads on which it runs yield to the one that answers
 * requests, so that a flood of passwords slows sign-ins down and little else. What else runs there (signatures of clients, file
 * reads) takes microseconds. Elsewhere, and where the system refuses, nothing changes. Call it after a first hash, which starts
 * the threads.
 * @returns how many threads yield.
 */
export async function lowerHashingPriority(): Promise<number> {
  const tasks = await readdir(TASKS).catch(() => []);
  let lowered = 0;
  for (const task of tasks) {
    const name = await readFile(`${TASKS}/${task}/comm`, 'utf8').catch(() => '');
    if (name.trim() !== 'libuv-worker') continue;
    try {
      // Linux takes a thread's id where POSIX says a process's (setpriority(2), NOTES).
      setPriority(Number(task), HASHING_PRIORITY);
      lowered += 1;
    } catch {
      return lowered;
    }
  }
  return lowered;
}
