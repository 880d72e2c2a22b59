import { invariant } from '@socle/base';
import { openCasbinBucket, type CasbinBucket, type MatcherFunctions } from './casbin-engine.ts';
import type { Decision, DecisionRequest, PersonFacts } from './facts.ts';
import type { Policies } from './load-policies.ts';
import { buildMatcherFunctions } from './matcher-functions.ts';
import { toCasbinRow, type Rule } from './rules.ts';
import { buildPlace, buildSubject, checkResource } from './subject.ts';

/** Decides. Immutable: to change the policies, open another engine and swap the reference. */
export interface Engine {
  /** The policies it decides by. */
  readonly policies: Policies;
  /**
   * May the subject of `request` do this? Never throws: whatever fails is a denial with basis `error`. Costs some
   * ten microseconds; a request that does not fit the vocabulary is an error too.
   */
  decide(request: DecisionRequest, facts: PersonFacts): Decision;
}

/** What an engine may be opened with. */
export interface EngineOptions {
  /** Told of each failure that became a denial, so that the service can count and log it. */
  readonly onError?: (error: unknown) => void;
  /** The functions of the matcher; those of the package unless a test wants to break one. */
  readonly functions?: MatcherFunctions;
}

const ERROR: Decision = Object.freeze({ allowed: false, basis: 'error' });
const NONE: Decision = Object.freeze({ allowed: false, basis: 'none' });

/** Opens an engine in which Casbin itself takes every decision, over the rows of the request's object and action. */
export function openEngine(policies: Policies, options: EngineOptions = {}): Engine {
  const functions = options.functions ?? buildMatcherFunctions();
  const verdicts = new Map(policies.rules.map((rule) => [rule.id, buildVerdict(rule)]));
  const buckets = new Map<string, CasbinBucket>();
  for (const [action, type] of policies.vocabulary.actions) {
    const rows = selectRules(policies, type.name, action).map(toCasbinRow);
    buckets.set(action, openCasbinBucket(policies.model.text, rows, functions));
  }

  const decide = (request: DecisionRequest, facts: PersonFacts): Decision => {
    const values = buildCasbinRequest(policies, request, facts);
    const [allowed, row] = buckets.get(request.action)!.enforce(values);
    if (row.length === 0) {
      invariant(!allowed, 'Casbin allows without a rule');
      return NONE;
    }
    const verdict = verdicts.get(row[0]!);
    invariant(verdict !== undefined && verdict.allowed === allowed, 'the verdict is not that of the rule');
    return verdict;
  };

  return Object.freeze({
    policies,
    decide: (request: DecisionRequest, facts: PersonFacts): Decision => {
      try {
        return decide(request, facts);
      } catch (error) {
        tell(options.onError, error);
        return ERROR;
      }
    },
  });
}

/** The rules that can hold for an object and an action, denials first, otherwise in the order of the files. */
export function selectRules(policies: Policies, object: string, action: string): readonly Rule[] {
  const candidates = policies.model.matcher.indexable
    ? policies.rules.filter(
        (rule) =>
          (rule.object === '*' || rule.object === object) && (rule.action === '*' || rule.action === action),
      )
    : policies.rules;
  return [
    ...candidates.filter((rule) => rule.effect === 'deny'),
    ...candidates.filter((rule) => rule.effect === 'allow'),
  ];
}

/**
 * The values that Casbin gets, in the order of the model's request (`sub, dom, obj, act, res, env`).
 *
 * @throws InvariantViolation when the request does not fit the vocabulary or the facts are another person's.
 */
export function buildCasbinRequest(
  policies: Policies,
  request: DecisionRequest,
  facts: PersonFacts,
): readonly [unknown, unknown, string, string, unknown, unknown] {
  const type = policies.vocabulary.actions.get(request.action);
  invariant(type !== undefined, 'the action is not in the vocabulary');
  invariant(request.resource.type === type.name, 'the action does not act on this type');
  invariant(typeof facts.suspended === 'boolean', 'the facts do not say whether the person is suspended');
  const resource = checkResource(request.resource, type);
  const subject = buildSubject(request.subject, facts, request.environment.now);
  return [subject, buildPlace(resource, facts), type.name, request.action, resource, request.environment];
}

/** A listener that fails must not turn a denial into an exception, which a caller could mistake for a fault. */
function tell(listener: EngineOptions['onError'], error: unknown): void {
  try {
    listener?.(error);
  } catch {
    // Nothing can be told to a listener that fails.
  }
}

function buildVerdict(rule: Rule): Decision {
  const allowed = rule.effect === 'allow';
  return Object.freeze({ allowed, rule: rule.id, basis: rule.effect });
}
