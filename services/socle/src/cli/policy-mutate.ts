import { parseArgs } from 'node:util';
import { mutatePolicies } from '@socle/authorization';
import { EXIT, type CommandIo } from './command.ts';
import { findPoliciesFolder } from './policy-folder.ts';
import { print } from './session.ts';

/** The share of changes that the tests must see. */
const MIN_SCORE = 0.95;

/** `socle policy mutate`: exit code 1 when the tests of a policy file see less than 95 % of its changes. */
export async function runPolicyMutate(args: readonly string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean' }, policies: { type: 'string' } },
  });
  const result = await mutatePolicies(findPoliciesFolder(values.policies, io));
  print(io, values.json, result, [
    ...result.survivors.map(({ file, line, rule, change }) => `${file}:${line}: survived: ${rule} ${change}`),
    ...result.modules.map(
      ({ file, mutants, score }) => `${file}: ${mutants} changes, ${(score * 100).toFixed(1)} % seen`,
    ),
    `${result.mutants} changes, ${result.killed} seen by the tests: ${(result.score * 100).toFixed(1)} %`,
  ]);
  const enough = result.mutants > 0 && result.modules.every(({ score }) => score >= MIN_SCORE);
  return enough ? EXIT.done : EXIT.refused;
}
