import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { compareWithCasbin } from '../differential.ts';
import { PolicyError, type PolicyProblem } from '../errors.ts';
import { lintPolicies } from '../lint-policies.ts';
import type { Policies } from '../load-policies.ts';
import { testPolicies } from '../test-policies.ts';

/** Worlds compared in one go, some ten milliseconds: in between, others may work. */
const SLICE = 2000;

/**
 * Tries policies that loaded before they may be in force: nothing allows everybody, the compiled form decides as Casbin does, and
 * the tests and invariants of their folder hold when one is given.
 *
 * @param options.decisions how many worlds are compared with Casbin.
 * @returns how many were.
 * @throws PolicyError `policy_refused` with what is wrong, where, and what to write instead.
 */
export async function checkCandidate(
  policies: Policies,
  options: { readonly decisions: number; readonly seed: number; readonly testsFolder?: string },
): Promise<number> {
  const tooWide = lintPolicies(policies).findings.filter(({ kind }) => kind === 'wildcard');
  refuse(
    tooWide.map(({ file, line, says }) => {
      const [problem, instead] = says.split(': ');
      return { file, line, problem: problem!, instead: instead ?? 'a narrower rule' };
    }),
  );
  if (options.testsFolder !== undefined) {
    const { failures } = await testPolicies(options.testsFolder);
    refuse(
      failures.map(({ file, line, says, expected, found }) => ({
        file,
        line,
        problem: `${says}: found ${found}`,
        instead: `policies that give ${expected}`,
      })),
    );
  }
  let compared = 0;
  for (let slice = 0; compared < options.decisions; slice += 1) {
    const { decisions, mismatches } = compareWithCasbin(policies, {
      decisions: Math.min(SLICE, options.decisions - compared),
      seed: options.seed + slice,
    });
    const instead = 'nothing: report it, the compiler is wrong';
    refuse(mismatches.map((problem) => ({ file: 'the policies', line: 0, problem, instead })));
    compared += decisions;
    await yieldToOthers();
  }
  return compared;
}

function refuse(problems: readonly PolicyProblem[]): void {
  if (problems.length > 0) throw new PolicyError('policy_refused', problems);
}
