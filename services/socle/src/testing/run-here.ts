import { runCommandLine } from '../cli/command-line.ts';

/** Runs `socle <args>` in this process, and gives its exit code and all that it wrote. */
export async function runHere(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const code = await runCommandLine(args, {
    stdout: (text) => {
      written.stdout += text;
    },
    stderr: (text) => {
      written.stderr += text;
    },
    env,
  });
  return { code, ...written };
}
