import type { CommandIo } from './command.ts';
import { EXIT } from './command.ts';
import { runPolicyLint } from './policy-lint.ts';
import { runPolicyMutate } from './policy-mutate.ts';
import { runPolicyTest } from './policy-test.ts';

/** `socle policy check`: test, lint and mutate in one process, for an editor's save; exit code 1 when any of them fails. */
export async function runPolicyCheck(args: readonly string[], io: CommandIo): Promise<number> {
  for (const run of [runPolicyTest, runPolicyLint, runPolicyMutate]) {
    const code = await run(args, io);
    if (code !== EXIT.done) return code;
  }
  return EXIT.done;
}
