import { spawn } from 'node:child_process';

/**
 * Runs a TypeScript program in a process of its own, and kills it with SIGKILL a random moment after its first line, within so
 * many milliseconds, unless it ends before.
 *
 * @returns the whole lines that it said.
 */
export function runAndKillAtRandom(
  program: string,
  args: readonly string[],
  withinMs: number,
): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    let timer: NodeJS.Timeout | undefined;
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      timer ??= setTimeout(() => child.kill('SIGKILL'), Math.random() * withinMs);
    });
    child.once('error', reject);
    child.once('close', () => {
      clearTimeout(timer);
      // What follows the last end of line was cut by the kill.
      resolve(text.split('\n').slice(0, -1));
    });
  });
}
