import { parseArgs } from 'node:util';
import { testPolicies } from '@socle/authorization';
import { EXIT, type CommandIo } from './command.ts';
import { findPoliciesFolder } from './policy-folder.ts';
import { print } from './session.ts';

/** `socle policy coverage`: how often each rule was seen deciding and not holding; exit code 1 when one never was. */
export async function runPolicyCoverage(args: readonly string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean' }, policies: { type: 'string' } },
  });
  const { coverage, digest } = await testPolicies(findPoliciesFolder(values.policies, io));
  const both = coverage.filter(({ deciding, failing }) => deciding > 0 && failing > 0).length;
  print(io, values.json, { policies: digest, coverage }, [
    ...coverage.map(
      ({ rule, file, line, deciding, failing }) =>
        `${deciding > 0 && failing > 0 ? ' ' : '!'} ${rule}  decided ${deciding}  did not hold ${failing}  ${file}:${line}`,
    ),
    `${both} of ${coverage.length} rules seen both ways`,
  ]);
  return coverage.length > 0 && both === coverage.length ? EXIT.done : EXIT.refused;
}
