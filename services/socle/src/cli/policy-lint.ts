import { parseArgs } from 'node:util';
import { lintPolicies, loadPhrases, loadPolicies } from '@socle/authorization';
import { EXIT, type CommandIo } from './command.ts';
import { findPoliciesFolder } from './policy-folder.ts';
import { print } from './session.ts';

/**
 * `socle policy lint`: exit code 1 when there is an error, or a word of the vocabulary that no sentence can be made with;
 * notices alone do not fail.
 */
export async function runPolicyLint(args: readonly string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean' }, policies: { type: 'string' } },
  });
  const folder = findPoliciesFolder(values.policies, io);
  const policies = await loadPolicies(folder);
  await loadPhrases(folder, policies);
  const result = lintPolicies(policies);
  const errors = result.findings.filter((finding) => finding.severity === 'error');
  print(io, values.json, result, [
    ...result.findings.map(
      (finding) => `${finding.file}:${finding.line}: ${finding.severity}: ${finding.kind}: ${finding.says}`,
    ),
    `${result.rules} rules, ${result.pairs} pairs compared: ${errors.length} errors, ${result.findings.length - errors.length} notices`,
  ]);
  return errors.length === 0 ? EXIT.done : EXIT.refused;
}
