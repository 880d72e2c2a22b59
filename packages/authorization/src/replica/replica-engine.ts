import { invariant } from '@socle/base';
import { buildVerdicts } from '../casbin-oracle.ts';
import { compileBucket, type BucketOn } from '../compile-closures.ts';
import { planBuckets, type PlannedBucket } from '../compile-plan.ts';
import type { Engine } from '../engine.ts';
import type { Decision, DecisionRequest, Resource } from '../facts.ts';
import { UncompilableMatcher, type Formula } from '../formula.ts';
import { buildResourceCheck } from '../subject.ts';
import type { FactsReplica } from './facts-replica.ts';
import { openIntegerPlaces, openIntegerSubject, readQuestion, type IntegerSubject } from './integer-facts.ts';
import { buildIntegerForm, integerConditions, integerRelations } from './integer-rules.ts';

/** Decides for everybody of a replica, on its integers: nothing is read out, nothing is allocated for a person. */
export interface ReplicaEngine {
  /** Actions decided on integers, of all; the others are decided on plain facts, ten times slower. */
  readonly onIntegers: number;
  /**
   * May the subject of `request` do this, by the facts that the replica has reached? Never throws: whatever fails is
   * a denial with basis `error`. A person that the replica does not know gets nothing (`none`).
   */
  decide(request: DecisionRequest): Decision;
}

interface Bucket {
  readonly type: string;
  readonly check: (resource: Resource) => Resource;
  /** Undefined where a rule asks what has no form on integers. */
  readonly decide: BucketOn<IntegerSubject> | undefined;
}

const ERROR: Decision = Object.freeze({ allowed: false, basis: 'error' });
const NONE: Decision = Object.freeze({ allowed: false, basis: 'none' });

/** Binds the policies of an engine to a replica. Verdict, rule and basis are those of the engine on the facts read out. */
export function openReplicaEngine(engine: Engine, replica: FactsReplica): ReplicaEngine {
  const { policies } = engine;
  const verdicts = buildVerdicts(policies);
  const form = buildIntegerForm(replica.rows);
  const places = openIntegerPlaces(replica);
  const subject = openIntegerSubject(replica);
  const planned = new Map(planUnlessCasbin(engine).map((bucket) => [bucket.action, bucket]));
  const buckets = new Map<string, Bucket>();
  let onIntegers = 0;
  for (const [action, type] of policies.vocabulary.actions) {
    const bucket = planned.get(action);
    const decide = bucket !== undefined && isOnIntegers(bucket) ? compileBucket(bucket, form) : undefined;
    if (decide !== undefined) onIntegers += 1;
    buckets.set(action, { type: type.name, check: buildResourceCheck(type), decide });
  }

  const decidePlainly = (request: DecisionRequest): Decision => {
    const facts = replica.readFacts(request.subject, request.environment.now);
    return facts === undefined ? NONE : engine.decide(request, facts);
  };

  return {
    onIntegers,
    decide(request) {
      try {
        const bucket = buckets.get(request.action);
        if (bucket === undefined) invariant(false, 'the action is not in the vocabulary');
        if (bucket.decide === undefined) return decidePlainly(request);
        if (request.resource.type !== bucket.type) invariant(false, 'the action does not act on this type');
        const resource = bucket.check(request.resource);
        if (!readQuestion(subject, places, request.subject, resource, request.environment.now)) return NONE;
        if (Number.isNaN(subject.at)) invariant(false, 'the request has no instant');
        const index = bucket.decide(subject, resource, request.environment);
        return index === -1 ? NONE : verdicts[index]!;
      } catch {
        return ERROR;
      }
    },
  };
}

function planUnlessCasbin({ policies, form }: Engine): readonly PlannedBucket[] {
  if (form === 'casbin') return [];
  try {
    return planBuckets(policies);
  } catch (error) {
    if (error instanceof UncompilableMatcher) return [];
    throw error;
  }
}

function isOnIntegers({ denials, allowances }: PlannedBucket): boolean {
  return [...denials, ...allowances].every(({ formula }) => hasIntegerForm(formula));
}

function hasIntegerForm(formula: Formula): boolean {
  switch (formula.kind) {
    case 'relation':
      return integerRelations.has(formula.name);
    case 'condition':
      return integerConditions.has(formula.name);
    case 'not':
      return hasIntegerForm(formula.of);
    case 'and':
    case 'or':
      return formula.all.every(hasIntegerForm);
    default:
      return true;
  }
}
