import { isTrueOf } from './decidable-conditions.ts';
import type { Decision, Environment, Resource } from './facts.ts';
import { covers } from './lint-policies.ts';
import type { Policies } from './load-policies.ts';
import type { Rule } from './rules.ts';
import { selectRules } from './select-rules.ts';

/** A decision as the log keeps it: what was asked and how it came out, without the person's facts. */
export interface PastDecision {
  readonly action: string;
  readonly allowed: boolean;
  readonly basis: Decision['basis'];
  readonly rule?: string;
  /** As far as the log tells. */
  readonly resource: Omit<Resource, 'type'>;
  readonly acr?: string;
}

/** What other policies make of a past decision. `depends`: on facts of the person that the log does not keep. */
type ReplayVerdict = 'allowed' | 'denied' | 'depends';

/** One past decision under other policies. */
export interface Replay {
  readonly verdict: ReplayVerdict;
  /** The rules that settle it, or on which it depends. */
  readonly rules: readonly string[];
}

type Holding = 'holds' | 'fails' | 'unknown';

/**
 * What `after` would have made of a decision that `before` took, on the same facts. The facts are not in the log, but
 * the decision tells of them: which rule held, and which ones did not. From that, and from the resource, the verdict
 * follows or is said to depend; it is never guessed. Undefined for a decision that was an error, or whose rule `before`
 * does not have.
 */
export function replayDecision(before: Policies, after: Policies, past: PastDecision): Replay | undefined {
  const type = before.vocabulary.actions.get(past.action);
  if (type === undefined || past.basis === 'error') return undefined;
  // under another matcher, the same words of a rule may mean something else
  if (before.model.text !== after.model.text) return { verdict: 'depends', rules: [] };
  const known = readHoldings(selectRules(before, type.name, past.action), past);
  if (known === undefined) return undefined;
  const newType = after.vocabulary.actions.get(past.action);
  if (newType === undefined) return { verdict: 'denied', rules: [] };
  const rules = selectRules(after, newType.name, past.action);
  const judged = rules.map((rule) => ({ rule, holding: inferHolding(rule, known, past) }));
  const denials = judged.filter(({ rule }) => rule.effect === 'deny');
  const permissions = judged.filter(({ rule }) => rule.effect === 'allow');
  const sureDenial = denials.find(({ holding }) => holding === 'holds');
  if (sureDenial) return { verdict: 'denied', rules: [sureDenial.rule.id] };
  const possible = permissions.filter(({ holding }) => holding !== 'fails');
  if (possible.length === 0) return { verdict: 'denied', rules: [] };
  const doubts = denials.filter(({ holding }) => holding === 'unknown');
  const sure = permissions.findLast(({ holding }) => holding === 'holds');
  if (sure && doubts.length === 0) return { verdict: 'allowed', rules: [sure.rule.id] };
  return { verdict: 'depends', rules: (sure ? doubts : [...doubts, ...possible]).map(({ rule }) => rule.id) };
}

/** Which rules of the old policies held, by what they decided. */
function readHoldings(
  rules: readonly Rule[],
  past: PastDecision,
): readonly { readonly rule: Rule; readonly holding: Holding }[] | undefined {
  const deciding = rules.findIndex((rule) => rule.id === past.rule);
  if (past.basis === 'none')
    return past.rule === undefined ? rules.map((rule) => ({ rule, holding: 'fails' as const })) : undefined;
  if (deciding === -1 || rules[deciding]!.effect !== past.basis) return undefined;
  return rules.map((rule, index) => {
    if (index === deciding) return { rule, holding: 'holds' };
    if (past.basis === 'deny') return { rule, holding: 'unknown' };
    // an allowed decision had no denial, and the rule reported is the last one that allows
    return { rule, holding: rule.effect === 'deny' || index > deciding ? 'fails' : 'unknown' };
  });
}

function inferHolding(
  rule: Rule,
  known: readonly { readonly rule: Rule; readonly holding: Holding }[],
  past: PastDecision,
): Holding {
  const environment: Omit<Environment, 'now'> = past.acr === undefined ? {} : { acr: past.acr };
  for (const { rule: old, holding } of known) {
    if (holding === 'holds' && covers(rule, old)) return 'holds';
    if (holding === 'fails' && covers(old, rule)) return 'fails';
  }
  return isTrueOf(rule.condition, past.resource, environment) === false ? 'fails' : 'unknown';
}
