import { requireNoProblem, type PolicyProblem } from './errors.ts';
import { loadFixtures, type Fixtures } from './fixtures.ts';
import { readInvariants, type Invariant } from './invariants.ts';
import { listFolder, loadPolicies, loadPolicyText, type Policies } from './load-policies.ts';
import { readPolicyCases, type PolicyCase } from './policy-cases.ts';
import { reportIn } from './yaml-reader.ts';

/** Policies with all that tries them. */
export interface PolicySuite {
  readonly policies: Policies;
  readonly fixtures: Fixtures;
  readonly cases: readonly PolicyCase[];
  readonly invariants: readonly Invariant[];
}

/** Loads a policies folder with its fixtures, tests and invariants. @throws PolicyError */
export async function loadPolicySuite(folder: string): Promise<PolicySuite> {
  const policies = await loadPolicies(folder);
  const fixtures = await loadFixtures(folder, policies);
  const problems: PolicyProblem[] = [];
  const cases: PolicyCase[] = [];
  const modules = await listFolder(folder, 'modules');
  for (const file of ['cross/tests.yaml', ...modules.map((name) => `modules/${name}/tests.yaml`)]) {
    const text = await loadPolicyText(folder, file);
    cases.push(...readPolicyCases(file, text, policies, fixtures, reportIn(file, problems)));
  }
  const text = await loadPolicyText(folder, 'invariants.yaml');
  const invariants = readInvariants(text, policies, reportIn('invariants.yaml', problems));
  requireNoProblem(problems);
  return { policies, fixtures, cases, invariants };
}
