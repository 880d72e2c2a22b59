import { invariant } from '@socle/base';
import { buildVerdicts, openCasbinOracle, type OracleDecide } from './casbin-oracle.ts';
import { compileClosures, type Resolver } from './compile-closures.ts';
import type { CompiledBucket, CompiledPolicies } from './compile-plan.ts';
import { conditions as knownConditions } from './conditions.ts';
import type { Decision, DecisionRequest, PersonFacts, Resource } from './facts.ts';
import { UncompilableMatcher } from './formula.ts';
import type { Policies } from './load-policies.ts';
import { relations as knownRelations } from './relations.ts';
import { openShadow, type ShadowOptions } from './shadow.ts';
import { buildPlace, buildResourceCheck, buildSubject, checkResource } from './subject.ts';

/** Decides. Immutable: to change the policies, open another engine and swap the reference. */
export interface Engine {
  /** The policies it decides by. */
  readonly policies: Policies;
  /** What decides: rules compiled to closures, to a generated module, or Casbin itself. */
  readonly form: 'closures' | 'module' | 'casbin';
  /**
   * May the subject of `request` do this? Never throws: whatever fails is a denial with basis `error`. Costs well
   * under a microsecond when compiled; a request that does not fit the vocabulary is an error too.
   */
  decide(request: DecisionRequest, facts: PersonFacts): Decision;
}

/** What an engine may be opened with. */
export interface EngineOptions {
  /** Told of each failure that became a denial, so that the service can count and log it. */
  readonly onError?: (error: unknown) => void;
  /** `casbin` lets Casbin take every decision: some ten microseconds each. Compiled unless said. */
  readonly form?: 'compiled' | 'casbin';
  /** A module that was generated for these policies ({@link loadModule}), in place of closures. */
  readonly module?: CompiledPolicies;
  /** Asks Casbin too for a sample of the decisions, and tells when the two differ. */
  readonly shadow?: ShadowOptions;
  /** The relations and conditions that rules ask; those of the package unless a test wants to break one. */
  readonly resolver?: Partial<Resolver>;
}

const ERROR: Decision = Object.freeze({ allowed: false, basis: 'error' });
const NONE: Decision = Object.freeze({ allowed: false, basis: 'none' });

interface Bucket {
  readonly type: string;
  readonly check: (resource: Resource) => Resource;
  readonly decide: CompiledBucket;
}

/**
 * Opens an engine. The policies are compiled; a matcher that the compiler does not know is left to Casbin itself.
 * The verdict and the rule are those of Casbin in every form (`differential.property.test.ts`).
 *
 * @throws InvariantViolation when `module` was generated for other policies.
 */
export function openEngine(policies: Policies, options: EngineOptions = {}): Engine {
  const resolver: Resolver = { relations: knownRelations, conditions: knownConditions, ...options.resolver };
  const compiled = options.form === 'casbin' ? undefined : (options.module ?? compile(policies, resolver));
  invariant(
    compiled === undefined || compiled.digest === policies.digest,
    'the module was generated for other policies',
  );
  const oracle = compiled === undefined || options.shadow ? openCasbinOracle(policies, resolver) : undefined;
  const verdicts = buildVerdicts(policies);
  const shadow = options.shadow && openShadow(policies, oracle!, options.shadow);
  const buckets = new Map<string, Bucket>();
  for (const [action, type] of policies.vocabulary.actions) {
    const decide = compiled === undefined ? askOracle(oracle!, action) : compiled.buckets.get(action);
    invariant(decide !== undefined, 'an action was not compiled');
    const watched = shadow === undefined ? decide : shadow(action, decide);
    buckets.set(action, { type: type.name, check: buildResourceCheck(type), decide: watched });
  }

  return Object.freeze({
    policies,
    form: compiled?.form ?? 'casbin',
    decide: (request: DecisionRequest, facts: PersonFacts): Decision => {
      try {
        const bucket = buckets.get(request.action);
        if (bucket === undefined) invariant(false, 'the action is not in the vocabulary');
        checkRequest(request, facts, bucket.type);
        const resource = bucket.check(request.resource);
        const subject = buildSubject(request.subject, facts, request.environment.now);
        const index = bucket.decide(subject, resource, request.environment);
        return index === -1 ? NONE : verdicts[index]!;
      } catch (error) {
        tell(options.onError, error);
        return ERROR;
      }
    },
  });
}

function compile(policies: Policies, resolver: Resolver): CompiledPolicies | undefined {
  try {
    return compileClosures(policies, resolver);
  } catch (error) {
    if (error instanceof UncompilableMatcher) return undefined;
    throw error;
  }
}

function askOracle(oracle: OracleDecide, action: string): CompiledBucket {
  return (subject, resource, environment) => oracle(action, subject, resource, environment);
}

function checkRequest(request: DecisionRequest, facts: PersonFacts, type: string): void {
  if (request.resource.type !== type) invariant(false, 'the action does not act on this type');
  if (typeof facts.suspended !== 'boolean')
    invariant(false, 'the facts do not say whether the person is suspended');
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
  checkRequest(request, facts, type.name);
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
