import { evaluateMatcherNode, type MatcherFunctions } from './casbin-engine.ts';
import { buildCasbinRequest, type Engine } from './engine.ts';
import type { Decision, DecisionRequest, PersonFacts } from './facts.ts';
import type { Policies } from './load-policies.ts';
import type { ConjunctName } from './matcher-check.ts';
import { buildMatcherFunctions } from './matcher-functions.ts';
import { COLUMNS } from './model-check.ts';
import { toCasbinRow, type Rule } from './rules.ts';
import { selectRules } from './select-rules.ts';

/** How one conjunct of the matcher came out for one rule. */
export interface ConjunctOutcome {
  readonly name: ConjunctName;
  /** What the rule asks there, in the vocabulary's words (`teaches`, `guardian in school`). */
  readonly asks: string;
  readonly holds: boolean;
}

/** How one rule came out. */
export interface RuleOutcome {
  readonly rule: Rule;
  /** True when every conjunct holds. */
  readonly holds: boolean;
  readonly conjuncts: readonly ConjunctOutcome[];
  /** The first conjunct that fails; undefined when the rule holds. */
  readonly firstFailing: ConjunctOutcome | undefined;
}

/** Why a decision came out as it did. */
export interface Explanation {
  readonly decision: Decision;
  /** The rule that decided, when one did. */
  readonly deciding: RuleOutcome | undefined;
  /** Every rule for this object and action that allows and did not decide, the nearest to holding first. */
  readonly nearest: readonly RuleOutcome[];
  /** What failed, when the basis is `error`. Never holds a value of the request. */
  readonly failure: string | undefined;
}

/**
 * Explains the decision of an engine on a request: which rule decided, and for each other rule that could have
 * allowed, the first conjunct that failed. The decision itself is Casbin's.
 */
export function explain(engine: Engine, request: DecisionRequest, facts: PersonFacts): Explanation {
  const decision = engine.decide(request, facts);
  let outcomes: readonly RuleOutcome[];
  try {
    outcomes = evaluateRules(engine.policies, request, facts);
  } catch (error) {
    const failure = error instanceof Error ? error.message : 'unknown failure';
    return { decision, deciding: undefined, nearest: [], failure };
  }
  const deciding = outcomes.find((outcome) => outcome.rule.id === decision.rule);
  const nearest = outcomes
    .filter((outcome) => outcome.rule.effect === 'allow' && outcome !== deciding)
    .toSorted((left, right) => countHolding(right) - countHolding(left));
  return { decision, deciding, nearest, failure: undefined };
}

/** Evaluates each rule for the request's object and action, conjunct by conjunct, with Casbin's evaluator. */
export function evaluateRules(
  policies: Policies,
  request: DecisionRequest,
  facts: PersonFacts,
  functions: MatcherFunctions = buildMatcherFunctions(),
): readonly RuleOutcome[] {
  const values = buildCasbinRequest(policies, request, facts);
  const [sub, dom, obj, act, res, env] = values;
  const given = { r_sub: sub, r_dom: dom, r_obj: obj, r_act: act, r_res: res, r_env: env, ...functions };
  return selectRules(policies, request.resource.type, request.action).map((rule) => {
    const row = toCasbinRow(rule);
    const context = {
      ...given,
      ...Object.fromEntries(COLUMNS.map((column, index) => [`p_${column}`, row[index]])),
    };
    const conjuncts = policies.model.matcher.conjuncts.map((conjunct) => ({
      name: conjunct.name,
      asks: describe(rule, conjunct.name, conjunct.text),
      holds: evaluateMatcherNode(conjunct.node, context) === true,
    }));
    const firstFailing = conjuncts.find((conjunct) => !conjunct.holds);
    return { rule, holds: firstFailing === undefined, conjuncts, firstFailing };
  });
}

function describe(rule: Rule, name: ConjunctName, text: string): string {
  switch (name) {
    case 'role':
      return `${rule.role} in ${rule.scope}`;
    case 'other':
      return text;
    default:
      return rule[name];
  }
}

function countHolding(outcome: RuleOutcome): number {
  return outcome.conjuncts.filter((conjunct) => conjunct.holds).length;
}
