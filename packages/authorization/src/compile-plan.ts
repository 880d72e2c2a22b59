import { selectRules } from './select-rules.ts';
import { listRoles, specialise, type Formula } from './formula.ts';
import type { Policies } from './load-policies.ts';
import type { Rule } from './rules.ts';
import type { Subject } from './subject.ts';
import type { Environment, Resource } from './facts.ts';

/** One rule of a bucket, specialised. */
export interface PlannedRule {
  readonly rule: Rule;
  /** Index of the rule in `policies.rules`: what a compiled bucket answers with. */
  readonly index: number;
  readonly formula: Formula;
}

/** All that can decide one action on its object. */
export interface PlannedBucket {
  readonly action: string;
  readonly object: string;
  readonly denials: readonly PlannedRule[];
  readonly allowances: readonly PlannedRule[];
  /** The roles that the bucket asks for, by their bit; a role without a bit is asked one by one. */
  readonly roleBits: ReadonlyMap<string, number>;
  /** True when the first rule that allows is the one reported (the effect that knows no denial); else the last. */
  readonly firstAllows: boolean;
}

/** The index of the deciding rule, or -1 when none decides. */
export type CompiledBucket = (subject: Subject, resource: Resource, environment: Environment) => number;

/** Policies in a form that decides without Casbin. */
export interface CompiledPolicies {
  readonly form: 'closures' | 'module';
  /** Digest of the policies it was compiled from. */
  readonly digest: string;
  readonly buckets: ReadonlyMap<string, CompiledBucket>;
}

/** Bits of a small integer: roles beyond these are asked one by one. */
const BITS = 30;

/** Plans every action of the vocabulary. @throws UncompilableMatcher */
export function planBuckets(policies: Policies): readonly PlannedBucket[] {
  const indexes = new Map(policies.rules.map((rule, index) => [rule, index]));
  return [...policies.vocabulary.actions].map(([action, type]) => {
    const planned = selectRules(policies, type.name, action)
      .map((rule) => ({
        rule,
        index: indexes.get(rule)!,
        formula: specialise(policies, rule, type.name, action),
      }))
      .filter(({ formula }) => formula.kind !== 'constant' || formula.value);
    const roleBits = new Map<string, number>();
    for (const { role, scope } of planned.flatMap(({ formula }) => listRoles(formula))) {
      const key = roleKey(scope, role);
      if (!roleBits.has(key) && roleBits.size < BITS) roleBits.set(key, 1 << roleBits.size);
    }
    return {
      action,
      object: type.name,
      denials: planned.filter(({ rule }) => rule.effect === 'deny'),
      allowances: planned.filter(({ rule }) => rule.effect === 'allow'),
      roleBits,
      firstAllows: policies.model.effect === 'allow',
    };
  });
}

/** A role at a width, as one text. Neither holds a space: the loader sees to it. */
export function roleKey(scope: string, role: string): string {
  return `${scope} ${role}`;
}
