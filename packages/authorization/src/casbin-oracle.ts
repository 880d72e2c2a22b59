import { invariant } from '@socle/base';
import { openCasbinBucket, type CasbinBucket } from './casbin-engine.ts';
import type { Resolver } from './compile-closures.ts';
import type { Decision, Environment, Resource } from './facts.ts';
import type { Policies } from './load-policies.ts';
import { buildMatcherFunctions } from './matcher-functions.ts';
import { toCasbinRow } from './rules.ts';
import { selectRules } from './select-rules.ts';
import { buildPlace, type Subject } from './subject.ts';

/** A decision on what was checked already: the index of the deciding rule, or -1. Throws what the matcher throws. */
export type OracleDecide = (
  action: string,
  subject: Subject,
  resource: Resource,
  environment: Environment,
) => number;

/** Opens Casbin itself over the policies, one enforcer for each action: the oracle of every compiled form. */
export function openCasbinOracle(policies: Policies, resolver: Resolver): OracleDecide {
  const functions = buildMatcherFunctions(resolver.relations, resolver.conditions);
  const indexes = new Map(policies.rules.map((rule, index) => [rule.id, index]));
  const buckets = new Map<string, CasbinBucket>();
  for (const [action, type] of policies.vocabulary.actions) {
    const rows = selectRules(policies, type.name, action).map(toCasbinRow);
    buckets.set(action, openCasbinBucket(policies.model.text, rows, functions));
  }
  return (action, subject, resource, environment) => {
    const type = policies.vocabulary.actions.get(action)!;
    const place = buildPlace(resource, subject.facts);
    const [allowed, row] = buckets
      .get(action)!
      .enforce([subject, place, type.name, action, resource, environment]);
    if (row.length === 0) {
      invariant(!allowed, 'Casbin allows without a rule');
      return -1;
    }
    const index = indexes.get(row[0]!);
    invariant(
      index !== undefined && (policies.rules[index]!.effect === 'allow') === allowed,
      'the verdict is not that of the rule',
    );
    return index;
  };
}

/** The verdict of each rule, in the order of `policies.rules`. */
export function buildVerdicts(policies: Policies): readonly Decision[] {
  return policies.rules.map((rule) =>
    Object.freeze({ allowed: rule.effect === 'allow', rule: rule.id, basis: rule.effect }),
  );
}
