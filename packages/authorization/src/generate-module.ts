import { planBuckets, roleKey, type PlannedBucket, type PlannedRule } from './compile-plan.ts';
import { listRoles, type Formula } from './formula.ts';
import type { Policies } from './load-policies.ts';

/**
 * Writes policies as the text of a JavaScript module: the fast form, and one that can be read beside the rows. It
 * imports nothing, names its policies' digest, and holds no word that is not of the closed vocabulary.
 *
 * @throws UncompilableMatcher
 */
export function generateModule(policies: Policies): string {
  const buckets = planBuckets(policies);
  const names = (kind: 'relation' | 'condition'): readonly string[] => [
    ...new Set(
      buckets.flatMap(({ denials, allowances }) =>
        [...denials, ...allowances].flatMap(({ formula }) => listCalls(formula, kind)),
      ),
    ),
  ];
  const calls: Calls = { relations: names('relation'), conditions: names('condition') };
  return [
    `// Generated from the policies ${policies.digest}. Not to be edited: it is compared with them when it is loaded.`,
    `export const digest = ${JSON.stringify(policies.digest)};`,
    'export function build({ relations, conditions, isCurrent, hasRole, buildPlace, requireBoolean: ask }) {',
    ...calls.relations.map((name, index) => `  const r${index} = relations.get(${JSON.stringify(name)});`),
    ...calls.conditions.map((name, index) => `  const c${index} = conditions.get(${JSON.stringify(name)});`),
    '  return new Map([',
    ...buckets.flatMap((bucket) => printBucket(bucket, calls)),
    '  ]);',
    '}',
    '',
  ].join('\n');
}

interface Calls {
  readonly relations: readonly string[];
  readonly conditions: readonly string[];
}

function printBucket(bucket: PlannedBucket, calls: Calls): readonly string[] {
  const print = (rule: PlannedRule): string => printFormula(rule.formula, bucket, calls);
  const denialsAskRoles = bucket.denials.some(({ formula }) => listRoles(formula).length > 0);
  const denials = bucket.denials.map(
    (rule) => `      if (${print(rule)}) return ${rule.index}; // ${rule.rule.id}`,
  );
  const roles = printRoles(bucket);
  return [
    `    [${JSON.stringify(bucket.action)}, (s, res, env) => {`,
    ...(denialsAskRoles ? [...roles, ...denials] : [...denials, ...roles]),
    '      let deciding = -1;',
    ...bucket.allowances.map((rule) =>
      bucket.firstAllows
        ? `      if (${print(rule)}) return ${rule.index}; // ${rule.rule.id}`
        : `      if (${print(rule)}) deciding = ${rule.index}; // ${rule.rule.id}`,
    ),
    '      return deciding;',
    '    }],',
  ];
}

/** The roles held over the resource's place, as bits: what `readRoleMask` reads, with the names written out. */
function printRoles({ roleBits }: PlannedBucket): readonly string[] {
  const byScope = new Map<string, (readonly [string, number])[]>();
  for (const [key, bit] of roleBits) {
    const [scope, role] = key.split(' ') as [string, string];
    byScope.set(scope, [...(byScope.get(scope) ?? []), [role, bit]]);
  }
  if (byScope.size === 0) return ['      const roles = 0;'];
  const wide = byScope.has('academy') || byScope.has('region');
  return [
    '      let roles = 0;',
    '      const { school } = res;',
    ...(wide
      ? [
          '      const { academy, region } = school === undefined ? res : (s.facts.schools.get(school) ?? {});',
        ]
      : []),
    '      for (const fact of s.facts.roles) {',
    ...[...byScope].flatMap(([scope, bits]) => [
      `        if (fact.scope === "${scope}" && ${scope} !== undefined && fact.domain === ${scope})`,
      '          switch (fact.role) {',
      ...bits.map(
        ([role, bit]) =>
          `            case ${JSON.stringify(role)}: if ((roles & ${bit}) === 0 && isCurrent(fact, s)) roles |= ${bit}; break;`,
      ),
      '          }',
    ]),
    '      }',
  ];
}

function printFormula(formula: Formula, bucket: PlannedBucket, calls: Calls): string {
  switch (formula.kind) {
    case 'constant':
      return String(formula.value);
    case 'role': {
      const bit = bucket.roleBits.get(roleKey(formula.scope, formula.role));
      return bit === undefined
        ? `hasRole(s, ${JSON.stringify(formula.role)}, buildPlace(res, s.facts), ${JSON.stringify(formula.scope)})`
        : `(roles & ${bit}) !== 0`;
    }
    case 'relation':
      return `ask(r${calls.relations.indexOf(formula.name)}(s, res))`;
    case 'condition':
      return `ask(c${calls.conditions.indexOf(formula.name)}(s, res, env))`;
    case 'not':
      return `!(${printFormula(formula.of, bucket, calls)})`;
    default:
      return `(${formula.all.map((operand) => printFormula(operand, bucket, calls)).join(formula.kind === 'and' ? ' && ' : ' || ')})`;
  }
}

function listCalls(formula: Formula, kind: 'relation' | 'condition'): readonly string[] {
  if (formula.kind === kind) return [formula.name];
  if (formula.kind === 'not') return listCalls(formula.of, kind);
  if (formula.kind === 'and' || formula.kind === 'or')
    return formula.all.flatMap((operand) => listCalls(operand, kind));
  return [];
}
