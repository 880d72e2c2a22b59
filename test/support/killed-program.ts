import { spawn } from 'node:child_process';

/**
 * Runs a TypeScript program in a process of its own, and kills it with SIGKILL at its n-th line that starts with `word`.
 *
 * @returns the lines that it said before it ended.
 */
export function runUntilKilled(
  program: string,
  args: readonly string[],
  at: { readonly word: string; readonly line: number },
): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.split('\n').filter((said) => said.startsWith(at.word)).length >= at.line)
        child.kill('SIGKILL');
    });
    child.once('error', reject);
    child.once('close', () => resolve(text.trim().split('\n')));
  });
}
