import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { testPolicies } from '@socle/authorization';
import { EXIT, type CommandIo } from './command.ts';
import { findPoliciesFolder } from './policy-folder.ts';
import { printJunit } from './policy-junit.ts';
import { print } from './session.ts';

/** `socle policy test`: exit code 1 when a test, an invariant or the coverage fails. */
export async function runPolicyTest(args: readonly string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean' }, junit: { type: 'string' }, policies: { type: 'string' } },
  });
  const result = await testPolicies(findPoliciesFolder(values.policies, io));
  if (values.junit !== undefined) await writeFile(values.junit, printJunit(result));
  const { counts } = result;
  print(io, values.json, result, [
    ...result.failures.map(
      (failure) =>
        `${failure.file}:${failure.line}: ${failure.kind}: ${failure.says}: expected ${failure.expected}, found ${failure.found}`,
    ),
    `${counts.tests} tests over ${counts.people} people: ${counts.decisions} decisions, ${counts.allowed} allowed, ${counts.deniedByRule} denied by a rule`,
    `${counts.invariants} invariants over ${counts.invariantDecisions} decisions`,
    `${counts.rules} rules: ${counts.rulesSeenDeciding} seen deciding, ${counts.rulesSeenFailing} seen not holding`,
    result.passed ? 'passed' : `failed: ${result.failures.length} failures`,
  ]);
  return result.passed ? EXIT.done : EXIT.refused;
}
