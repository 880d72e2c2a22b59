import { openEngine, type Engine } from './engine.ts';
import { evaluateRules } from './explain.ts';
import type { Decision } from './facts.ts';
import { buildFixtureRequest, type Fixtures } from './fixtures.ts';
import { predicates } from './invariant-predicates.ts';
import { buildPeopleVariants, buildResourceVariants } from './invariant-worlds.ts';
import type { Invariant } from './invariants.ts';
import type { Policies } from './load-policies.ts';
import type { PolicyCase } from './policy-cases.ts';
import { loadPolicySuite } from './policy-suite.ts';

/** One thing that the policies do and should not, or do not and should. */
export interface PolicyTestFailure {
  readonly kind: 'case' | 'invariant' | 'coverage' | 'hollow';
  readonly file: string;
  readonly line: number;
  readonly says: string;
  readonly expected: string;
  readonly found: string;
}

/** How much was seen. A count of zero is a failure, not a success. */
export interface PolicyTestCounts {
  readonly rules: number;
  /** Rules that decided in some test. */
  readonly rulesSeenDeciding: number;
  /** Rules that did not hold in some test of their action. */
  readonly rulesSeenFailing: number;
  readonly people: number;
  readonly resources: number;
  readonly tests: number;
  readonly decisions: number;
  readonly allowed: number;
  readonly deniedByRule: number;
  readonly invariants: number;
  readonly invariantDecisions: number;
}

/** One thing that was tried, whether it failed or not: a test, an invariant, or the coverage of a rule. */
export interface TriedCheck {
  readonly kind: 'case' | 'invariant' | 'coverage';
  readonly file: string;
  readonly line: number;
  readonly says: string;
}

/** How often a rule was seen in the tests, both ways. */
export interface RuleCoverage {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  /** Tests and people for whom it decided. */
  readonly deciding: number;
  /** Tests of its action and people for whom it did not hold. */
  readonly failing: number;
}

/** The outcome of {@link testPolicies}. */
export interface PolicyTestResult {
  readonly passed: boolean;
  readonly digest: string;
  readonly counts: PolicyTestCounts;
  readonly failures: readonly PolicyTestFailure[];
  readonly tried: readonly TriedCheck[];
  readonly coverage: readonly RuleCoverage[];
}

/**
 * Tries the policies of a folder: every tests.yaml against every person of the fixtures, every invariant in every
 * variant of people and resources, and the coverage of rules both ways. Decides with the engine, offline.
 *
 * @throws PolicyError when a file is refused or unreadable; failing tests are in the result, not thrown.
 */
export async function testPolicies(folder: string): Promise<PolicyTestResult> {
  const { policies, fixtures, cases, invariants } = await loadPolicySuite(folder);
  return tryPolicies(policies, fixtures, cases, invariants);
}

/** As {@link testPolicies}, on what was already read. */
function tryPolicies(
  policies: Policies,
  fixtures: Fixtures,
  cases: readonly PolicyCase[],
  invariants: readonly Invariant[],
): PolicyTestResult {
  const engine = openEngine(policies);
  const failures: PolicyTestFailure[] = [];
  const tried = tryCases(engine, fixtures, cases, failures);
  const invariantDecisions = tryInvariants(engine, fixtures, invariants, failures);
  for (const rule of policies.rules) {
    const place = { kind: 'coverage' as const, file: rule.file, line: rule.line, says: rule.id };
    if (!tried.deciding.has(rule.id))
      failures.push({ ...place, expected: 'a test in which the rule decides', found: 'none' });
    if (!tried.failing.has(rule.id))
      failures.push({
        ...place,
        expected: 'a test of its action in which the rule does not hold',
        found: 'none',
      });
  }
  return {
    passed: failures.length === 0,
    digest: policies.digest,
    counts: {
      rules: policies.rules.length,
      rulesSeenDeciding: tried.deciding.size,
      rulesSeenFailing: tried.failing.size,
      people: fixtures.people.size,
      resources: fixtures.resources.size,
      tests: cases.length,
      decisions: tried.decisions,
      allowed: tried.allowed,
      deniedByRule: tried.deniedByRule,
      invariants: invariants.length,
      invariantDecisions,
    },
    failures,
    tried: [
      ...cases.map(({ file, line, says }) => ({ kind: 'case' as const, file, line, says })),
      ...invariants.map(({ id, line, says }) => ({
        kind: 'invariant' as const,
        file: 'invariants.yaml',
        line,
        says: `${id} ${says}`,
      })),
      ...policies.rules.map(({ id, file, line }) => ({ kind: 'coverage' as const, file, line, says: id })),
    ],
    coverage: policies.rules.map(({ id, file, line }) => ({
      rule: id,
      file,
      line,
      deciding: tried.deciding.get(id) ?? 0,
      failing: tried.failing.get(id) ?? 0,
    })),
  };
}

function tryCases(
  engine: Engine,
  fixtures: Fixtures,
  cases: readonly PolicyCase[],
  failures: PolicyTestFailure[],
) {
  const deciding = new Map<string, number>();
  const failing = new Map<string, number>();
  const count = (seen: Map<string, number>, rule: string): void => {
    seen.set(rule, (seen.get(rule) ?? 0) + 1);
  };
  let decisions = 0;
  let allowed = 0;
  let deniedByRule = 0;
  for (const test of cases) {
    for (const facts of fixtures.people.values()) {
      const request = buildFixtureRequest(fixtures, facts.person, test.action, test.resource, {
        ...(test.at === undefined ? {} : { at: test.at }),
        ...(test.acr === undefined ? {} : { acr: test.acr }),
      });
      const decision = engine.decide(request, facts);
      decisions += 1;
      if (decision.allowed) allowed += 1;
      if (decision.basis === 'deny') deniedByRule += 1;
      if (decision.rule !== undefined) count(deciding, decision.rule);
      const expected = sayExpected(test, facts.person);
      const found = sayDecision(decision);
      if (expected !== found)
        failures.push({
          kind: 'case',
          file: test.file,
          line: test.line,
          says: `${test.says} (${facts.person})`,
          expected,
          found,
        });
      if (decision.basis === 'error') continue;
      for (const outcome of evaluateRules(engine.policies, request, facts))
        if (!outcome.holds) count(failing, outcome.rule.id);
    }
  }
  return { deciding, failing, decisions, allowed, deniedByRule };
}

function sayExpected(test: PolicyCase, person: string): string {
  const allow = test.allow.get(person);
  if (allow !== undefined) return `allowed by ${allow}`;
  const deny = test.deny.get(person);
  return deny === undefined ? 'denied, no rule allows' : `denied by ${deny}`;
}

function sayDecision(decision: Decision): string {
  if (decision.basis === 'error') return 'denied, an error';
  if (decision.rule === undefined) return 'denied, no rule allows';
  return `${decision.allowed ? 'allowed' : 'denied'} by ${decision.rule}`;
}

/** Decides every action in every world once, then holds each invariant against the verdicts. */
function tryInvariants(
  engine: Engine,
  fixtures: Fixtures,
  invariants: readonly Invariant[],
  failures: PolicyTestFailure[],
): number {
  const seen = new Map(
    invariants.map((invariant) => [invariant, { held: 0, allowedElsewhere: 0, broken: 0 }]),
  );
  const people = buildPeopleVariants(fixtures, engine.policies);
  const resources = buildResourceVariants(fixtures);
  let decisions = 0;
  for (const resource of resources) {
    for (const action of engine.policies.vocabulary.objects.get(resource.type)!.actions) {
      for (const facts of people) {
        // signed in as strongly as rules ask: what a password alone is refused would put nothing to the test
        const request = buildFixtureRequest(fixtures, facts.person, action, resource, { acr: 'factor' });
        const decision = engine.decide(request, facts);
        decisions += 1;
        for (const [invariant, count] of seen) {
          if (!invariant.actions.includes(action)) continue;
          const applies = invariant.when.every((name) =>
            predicates.get(name)!(facts, resource, fixtures.now),
          );
          if (!applies) count.allowedElsewhere += decision.allowed ? 1 : 0;
          else if (!decision.allowed) count.held += 1;
          else if (count.broken++ === 0)
            failures.push({
              kind: 'invariant',
              file: 'invariants.yaml',
              line: invariant.line,
              says: `${invariant.id} ${invariant.says} (${facts.person}, ${action})`,
              expected: 'denied',
              found: sayDecision(decision),
            });
        }
      }
    }
  }
  for (const [invariant, count] of seen) {
    const place = {
      kind: 'hollow' as const,
      file: 'invariants.yaml',
      line: invariant.line,
      says: invariant.id,
    };
    if (count.held + count.broken === 0)
      failures.push({ ...place, expected: 'a world in which it is put to the test', found: 'none' });
    if (count.allowedElsewhere === 0)
      failures.push({ ...place, expected: 'an allowed request just outside of it', found: 'none' });
  }
  return decisions;
}
