import type { Policies } from './load-policies.ts';
import { ANYONE } from './roles.ts';
import type { Rule } from './rules.ts';

/** What a reader of the policies should look at. `error` fails `socle policy lint`; `notice` does not. */
export interface LintFinding {
  readonly severity: 'error' | 'notice';
  readonly kind: 'duplicate' | 'subsumed' | 'overridden' | 'wildcard' | 'unused';
  readonly file: string;
  readonly line: number;
  readonly says: string;
}

/** The outcome of {@link lintPolicies}, with how many rules were compared. */
export interface LintResult {
  readonly rules: number;
  readonly pairs: number;
  readonly findings: readonly LintFinding[];
}

/**
 * Looks for rules that say nothing (a copy, a narrower copy of another, one that a denial always beats), for rules
 * that allow too much (a wildcard, anyone whatever the relation), and for words of the vocabulary that no rule uses.
 */
export function lintPolicies(policies: Policies): LintResult {
  const { rules } = policies;
  const findings: LintFinding[] = [];
  let pairs = 0;
  for (const rule of rules) {
    for (const other of rules) {
      if (other === rule) continue;
      pairs += 1;
      const found = compareRules(rule, other, rules);
      if (found !== undefined) findings.push(found);
    }
    findings.push(...lintRule(rule));
  }
  findings.push(...lintVocabulary(policies));
  return { rules: rules.length, pairs, findings };
}

function compareRules(rule: Rule, other: Rule, rules: readonly Rule[]): LintFinding | undefined {
  if (!covers(other, rule)) return undefined;
  const at = { severity: 'error' as const, file: rule.file, line: rule.line };
  if (other.effect !== rule.effect) {
    if (other.effect === 'allow') return undefined;
    return {
      ...at,
      kind: 'overridden',
      says: `${rule.id} never allows: ${other.id} denies all that it covers`,
    };
  }
  if (covers(rule, other)) {
    // Two equal rules are told of once, at the second.
    if (rules.indexOf(other) > rules.indexOf(rule)) return undefined;
    return { ...at, kind: 'duplicate', says: `${rule.id} says what ${other.id} says` };
  }
  return { ...at, kind: 'subsumed', says: `${rule.id} adds nothing: ${other.id} covers it` };
}

/** True when `wide` holds wherever `narrow` does, by the words alone. */
export function covers(wide: Rule, narrow: Rule): boolean {
  return (
    within(wide.object, narrow.object, '*') &&
    within(wide.action, narrow.action, '*') &&
    (wide.role === ANYONE || (wide.role === narrow.role && wide.scope === narrow.scope)) &&
    within(wide.relation, narrow.relation, 'any') &&
    within(wide.condition, narrow.condition, 'always')
  );
}

function within(wide: string, narrow: string, all: string): boolean {
  return wide === all || wide === narrow;
}

function lintRule(rule: Rule): readonly LintFinding[] {
  if (rule.effect !== 'allow') return [];
  const at = { severity: 'error' as const, kind: 'wildcard' as const, file: rule.file, line: rule.line };
  const findings: LintFinding[] = [];
  if (rule.object === '*' || rule.action === '*')
    findings.push({ ...at, says: `${rule.id} allows whatever the object or the action: name them` });
  if (rule.role === ANYONE && rule.relation === 'any')
    findings.push({
      ...at,
      says: `${rule.id} allows everybody, whatever the relation: name a role or a relation`,
    });
  return findings;
}

function lintVocabulary({ rules, vocabulary }: Policies): readonly LintFinding[] {
  const unused = (what: string, names: Iterable<string>, used: ReadonlySet<string>): readonly LintFinding[] =>
    [...names]
      .filter((name) => !used.has(name))
      .map((name) => ({
        severity: 'notice',
        kind: 'unused',
        file: 'vocabulary.yaml',
        line: 0,
        says: `${what} "${name}" is in no rule that applies by name`,
      }));
  return [
    ...unused('role', vocabulary.roles, new Set(rules.map((rule) => rule.role))),
    ...unused('action', vocabulary.actions.keys(), new Set(rules.map((rule) => rule.action))),
    ...unused('relation', vocabulary.relations, new Set(rules.map((rule) => rule.relation))),
    ...unused('condition', vocabulary.conditions, new Set(rules.map((rule) => rule.condition))),
  ];
}
