import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { buildMatrix, loadPhrases, loadPolicies, printMatrix } from '@socle/authorization';
import { EXIT, type CommandIo } from './command.ts';
import { findPoliciesFolder } from './policy-folder.ts';

/** `socle policy matrix`: who may do what, as a page to print; with `--json`, its cells. */
export async function runPolicyMatrix(args: readonly string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      lang: { type: 'string' },
      out: { type: 'string' },
      json: { type: 'boolean' },
      policies: { type: 'string' },
    },
  });
  const language = values.lang ?? 'fr';
  if (language !== 'fr' && language !== 'en') {
    io.stderr('socle policy matrix: --lang takes fr or en. See socle policy --help.\n');
    return EXIT.usage;
  }
  const folder = findPoliciesFolder(values.policies, io);
  const policies = await loadPolicies(folder);
  const text = values.json
    ? `${JSON.stringify({ policies: policies.digest, ...buildMatrix(policies) }, null, 2)}\n`
    : printMatrix(policies, await loadPhrases(folder, policies), language);
  if (values.out === undefined) io.stdout(text);
  else await writeFile(values.out, text);
  return EXIT.done;
}
