import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

/** What a run of the command line gave. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Runs `socle <args>` as its own process, with the variables of a territory and nothing else. */
export async function runSocle(
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<CommandResult> {
  const program = path.resolve(import.meta.dirname, '../../services/socle/src/main.ts');
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, ...args], {
      env: { ...env },
      maxBuffer: MAX_OUTPUT_BYTES,
    });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as CommandResult;
    return { code, stdout, stderr };
  }
}
