import { spawn } from 'node:child_process';
import path from 'node:path';

/** One command of a larger one. */
export interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs every step in turn, prints a line for each, and gives 0 when all passed, else 1. */
export async function runSteps(steps: readonly Step[]): Promise<number> {
  const failed: string[] = [];
  for (const step of steps) {
    const startedAt = Date.now();
    const code = await run(step);
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${step.name} (${seconds} s)`);
    if (code !== 0) failed.push(step.name);
  }
  if (failed.length > 0) console.log(`failed: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
}

function run(step: Step): Promise<number> {
  const bin = path.resolve('node_modules/.bin');
  const child = spawn(step.command, step.args, {
    stdio: 'inherit',
    env: { ...process.env, ...step.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` },
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
