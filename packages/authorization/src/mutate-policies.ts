import { invariant } from '@socle/base';
import { openEngine } from './engine.ts';
import { buildFixtureRequest } from './fixtures.ts';
import { loadPolicySuite, type PolicySuite } from './policy-suite.ts';
import { ANYONE } from './roles.ts';
import type { Rule } from './rules.ts';

/** A change of one rule that no test sees. */
export interface SurvivingMutant {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  /** What was changed (`relation self → any`). */
  readonly change: string;
}

/** The outcome of {@link mutatePolicies}. */
export interface MutationResult {
  readonly mutants: number;
  readonly killed: number;
  /** Killed mutants ÷ all of them. */
  readonly score: number;
  readonly survivors: readonly SurvivingMutant[];
  /** The same for each policy file: one that is badly tested must not hide behind the others. */
  readonly modules: readonly { readonly file: string; readonly mutants: number; readonly score: number }[];
}

/**
 * Changes one rule at a time (takes it away, widens its role, relation or condition, moves its scope, turns its
 * effect) and asks whether some test sees it. A survivor is a hole in tests.yaml, or a word in the rule that adds nothing.
 *
 * @throws PolicyError when the folder is refused; InvariantViolation when its tests fail before any change.
 */
export async function mutatePolicies(folder: string): Promise<MutationResult> {
  const suite = await loadPolicySuite(folder);
  invariant(!isSeen(suite, suite.policies.rules), 'the policies fail their tests: mend them before mutating');
  const survivors: SurvivingMutant[] = [];
  let mutants = 0;
  const byFile = new Map<string, number>();
  for (const [index, rule] of suite.policies.rules.entries()) {
    for (const { change, replacement } of buildMutants(rule, suite)) {
      mutants += 1;
      byFile.set(rule.file, (byFile.get(rule.file) ?? 0) + 1);
      const rules = suite.policies.rules.toSpliced(index, 1, ...replacement);
      // A rule has no say in the tests of other actions.
      const cases = suite.cases.filter((test) => rule.action === '*' || rule.action === test.action);
      const asked =
        rule.action === '*' ? rules : rules.filter(({ action }) => action === '*' || action === rule.action);
      if (!isSeen({ ...suite, cases }, asked))
        survivors.push({ rule: rule.id, file: rule.file, line: rule.line, change });
    }
  }
  const killed = mutants - survivors.length;
  const modules = [...byFile].map(([file, count]) => {
    const survived = survivors.filter((survivor) => survivor.file === file).length;
    return { file, mutants: count, score: (count - survived) / count };
  });
  return { mutants, killed, score: mutants === 0 ? 0 : killed / mutants, survivors, modules };
}

/** Each change of one word of a rule, and its absence. */
export function buildMutants(
  rule: Rule,
  suite: PolicySuite,
): readonly { readonly change: string; readonly replacement: readonly Rule[] }[] {
  const changes: readonly Partial<Rule>[] = [
    ...(rule.role === ANYONE ? [] : [{ role: ANYONE }]),
    ...(rule.relation === 'any' ? [] : [{ relation: 'any' }]),
    ...(rule.condition === 'always' ? [] : [{ condition: 'always' }]),
    { effect: rule.effect === 'allow' ? 'deny' : 'allow' },
    // The scope of a rule for anyone is not looked at.
    ...(rule.role === ANYONE ? [] : [...suite.policies.vocabulary.scopes])
      .filter((scope) => scope !== rule.scope)
      .map((scope) => ({ scope })),
  ];
  return [
    { change: 'taken away', replacement: [] },
    ...changes.map((change) => {
      const [[column, value]] = Object.entries(change) as [[keyof Rule, string]];
      return { change: `${column} ${rule[column]} → ${value}`, replacement: [{ ...rule, ...change }] };
    }),
  ];
}

/** True when some test has another verdict, or another deciding rule, than it says. */
function isSeen({ policies, fixtures, cases }: PolicySuite, rules: readonly Rule[]): boolean {
  const engine = openEngine({ ...policies, rules });
  return cases.some((test) =>
    [...fixtures.people.values()].some((facts) => {
      const request = buildFixtureRequest(fixtures, facts.person, test.action, test.resource, {
        ...(test.at === undefined ? {} : { at: test.at }),
        ...(test.acr === undefined ? {} : { acr: test.acr }),
      });
      const decision = engine.decide(request, facts);
      const expected = test.allow.get(facts.person);
      return (
        decision.allowed !== (expected !== undefined) ||
        decision.rule !== (expected ?? test.deny.get(facts.person))
      );
    }),
  );
}
