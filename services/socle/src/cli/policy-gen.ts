import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { findNearMisses, printNearMisses } from '@socle/authorization';
import { EXIT, type CommandIo } from './command.ts';
import { findPoliciesFolder } from './policy-folder.ts';

/** `socle policy gen tests`: prints near-miss tests; exit code 1 when there is none, or the file exists already. */
export async function runPolicyGen(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { rule: { type: 'string' }, out: { type: 'string' }, policies: { type: 'string' } },
  });
  if (positionals.length !== 1 || positionals[0] !== 'tests') {
    io.stderr('socle policy gen: say tests. See socle policy --help.\n');
    return EXIT.usage;
  }
  const misses = await findNearMisses(findPoliciesFolder(values.policies, io), values.rule);
  if (misses.length === 0) {
    io.stderr(
      'socle policy gen tests: no rule that allows is so called, or no person of the fixtures nearly has it.\n',
    );
    return EXIT.refused;
  }
  const text = printNearMisses(misses);
  if (values.out === undefined) {
    io.stdout(text);
    return EXIT.done;
  }
  try {
    // tests that people wrote are never written over
    await writeFile(values.out, text, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    io.stderr('socle policy gen tests: the file exists and is left as it is; give another --out.\n');
    return EXIT.refused;
  }
  return EXIT.done;
}
