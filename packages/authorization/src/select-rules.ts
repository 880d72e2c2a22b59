import type { Policies } from './load-policies.ts';
import type { Rule } from './rules.ts';

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
