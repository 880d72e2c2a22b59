import { invariant } from '@socle/base';
import { buildVerdicts } from '../casbin-oracle.ts';
import { compileBucket, type BucketOn } from '../compile-closures.ts';
import { planBuckets, type PlannedBucket } from '../compile-plan.ts';
import type { Engine } from '../engine.ts';
import type { Decision, DecisionRequest, Resource } from '../facts.ts';
import { UncompilableMatcher, type Formula } from '../formula.ts';
import { buildResourceCheck } from '../subject.ts';
import type { FactsReplica } from './facts-replica.ts';
import {
  openIntegerPlaces,
  openIntegerSubject,
  readNumbered,
  readQuestion,
  type IntegerSubject,
} from './integer-facts.ts';
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
  /**
   * The verdicts on many questions, in their order, those of {@link decide}. Of a territory that no cache holds, most of
   * a decision is waiting for memory: here people are read ahead, so that the waits are side by side.
   */
  decideAll(requests: readonly DecisionRequest[]): readonly Decision[];
}

/** Questions whose people are read ahead together: their facts stay in the nearest cache until they are judged. */
const AHEAD = 64;

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
    return facts === undefined ? NONE : engine.decide({ ...request, subject: facts.person }, facts);
  };
  const judge = (request: DecisionRequest, person?: number, pupil?: number): Decision => {
    try {
      const bucket = buckets.get(request.action);
      if (bucket === undefined) invariant(false, 'the action is not in the vocabulary');
      if (bucket.decide === undefined) return decidePlainly(request);
      if (request.resource.type !== bucket.type) invariant(false, 'the action does not act on this type');
      const resource = bucket.check(request.resource);
      const isKnown =
        person === undefined
          ? readQuestion(subject, places, request, resource)
          : readNumbered(subject, places, request, resource, person, pupil!);
      if (!isKnown) return NONE;
      if (Number.isNaN(subject.at)) invariant(false, 'the request has no instant');
      const index = bucket.decide(subject, resource, request.environment);
      return index === -1 ? NONE : verdicts[index]!;
    } catch {
      return ERROR;
    }
  };
  const { table } = replica.rows;
  const [people, pupils] = [new Int32Array(AHEAD), new Int32Array(AHEAD)];

  return {
    onIntegers,
    decide: (request) => judge(request),
    decideAll(requests) {
      const decisions: Decision[] = [];
      const subjects: (string | undefined)[] = [];
      const asked: (string | undefined)[] = [];
      for (let start = 0; start < requests.length; start += AHEAD) {
        const count = Math.min(AHEAD, requests.length - start);
        subjects.length = count;
        asked.length = count;
        for (let index = 0; index < count; index += 1) {
          const { subject: person, resource } = requests[start + index]!;
          subjects[index] = person;
          asked[index] = resource.pupil;
        }
        table.findAll(subjects, people);
        table.findAll(asked, pupils);
        replica.rows.touch(people, count);
        replica.rows.touch(pupils, count);
        for (let index = 0; index < count; index += 1)
          decisions.push(judge(requests[start + index]!, people[index]!, pupils[index]!));
      }
      return decisions;
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
