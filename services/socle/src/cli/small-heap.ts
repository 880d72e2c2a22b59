import { spawn } from 'node:child_process';

/**
 * Limits of the heap, in MiB, for commands that stream: V8 otherwise lets garbage wait while the machine has room, and an import
 * of a 300 MB feed keeps 315 MB resident where it needs 175. What is live at once does not depend on the feed's size.
 */
const FLAGS = ['--max-semi-space-size=2', '--max-old-space-size=128'];
const STREAMING_COMMANDS = new Set(['import']);

/** True when this command should run in a process with a small heap, and this process is not one. */
export function needsSmallHeap(args: readonly string[], execArgv: readonly string[]): boolean {
  return STREAMING_COMMANDS.has(args[0] ?? '') && !execArgv.includes(FLAGS[0]!);
}

/** Runs this very command line in a process with a small heap and gives its exit code. Signals go through. */
export function runWithSmallHeap(program: string, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, ...FLAGS, program, ...args], {
    stdio: 'inherit',
  });
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGINT', forward).on('SIGTERM', forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
