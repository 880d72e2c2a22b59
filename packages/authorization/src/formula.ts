import type { MatcherNode } from './casbin-engine.ts';
import type { Policies } from './load-policies.ts';
import { COLUMNS } from './model-check.ts';
import { ANYONE } from './roles.ts';
import { toCasbinRow, type Rule } from './rules.ts';

/** What is left of the matcher for one rule, object and action: a formula over roles, relations and conditions. */
export type Formula =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'role'; readonly role: string; readonly scope: string }
  | { readonly kind: 'relation'; readonly name: string }
  | { readonly kind: 'condition'; readonly name: string }
  | { readonly kind: 'not'; readonly of: Formula }
  | { readonly kind: 'and' | 'or'; readonly all: readonly Formula[] };

/** A matcher that passed the front end and that the compiler does not specialise: Casbin itself decides by it. */
export class UncompilableMatcher extends Error {}

const TRUE: Formula = { kind: 'constant', value: true };
const FALSE: Formula = { kind: 'constant', value: false };

/**
 * Puts the row, the object and the action into the matcher and folds what that settles. `anyone`, `any` and `always`
 * ask for nothing, and fold to true.
 *
 * @throws UncompilableMatcher when the matcher compares or passes a token in a way that has no plain meaning.
 */
export function specialise(policies: Policies, rule: Rule, object: string, action: string): Formula {
  const row = toCasbinRow(rule);
  const known = new Map<string, string>([
    ['r_obj', object],
    ['r_act', action],
    ...COLUMNS.map((column, index) => [`p_${column}`, row[index]!] as const),
  ]);
  return fold(policies.model.matcher.node, known);
}

function fold(node: MatcherNode, known: ReadonlyMap<string, string>): Formula {
  switch (node.type) {
    case 'LogicalExpression': {
      const kind = node['operator'] === '&&' ? 'and' : 'or';
      const left = fold(node['left'] as MatcherNode, known);
      return join(kind, left, () => fold(node['right'] as MatcherNode, known));
    }
    case 'BinaryExpression': {
      const equal =
        readText(node['left'] as MatcherNode, known) === readText(node['right'] as MatcherNode, known);
      return equal === (node['operator'] === '==') ? TRUE : FALSE;
    }
    case 'UnaryExpression': {
      const of = fold(node['argument'] as MatcherNode, known);
      return of.kind === 'constant' ? { kind: 'constant', value: !of.value } : { kind: 'not', of };
    }
    case 'CallExpression':
      return foldCall(node, known);
    default:
      throw new UncompilableMatcher(`the form ${node.type}`);
  }
}

/** Joins in the order of evaluation; what stands after a settled operand is never evaluated, as in Casbin. */
function join(kind: 'and' | 'or', left: Formula, readRight: () => Formula): Formula {
  const settles = kind === 'or';
  if (left.kind === 'constant') return left.value === settles ? left : readRight();
  const right = readRight();
  if (right.kind === 'constant' && right.value !== settles) return left;
  const operands = (formula: Formula): readonly Formula[] =>
    formula.kind === kind ? formula.all : [formula];
  return { kind, all: [...operands(left), ...operands(right)] };
}

function foldCall(node: MatcherNode, known: ReadonlyMap<string, string>): Formula {
  const name = String((node['callee'] as MatcherNode)['name']);
  const given = node['arguments'] as readonly MatcherNode[];
  const requireTokens = (...tokens: readonly (string | undefined)[]): void => {
    for (const [index, token] of tokens.entries())
      if (token !== undefined && given[index]!['name'] !== token)
        throw new UncompilableMatcher(`argument ${index + 1} of ${name}`);
  };
  switch (name) {
    case 'hasRole': {
      requireTokens('r_sub', undefined, 'r_dom');
      const [role, scope] = [readText(given[1]!, known), readText(given[3]!, known)];
      return role === ANYONE ? TRUE : { kind: 'role', role, scope };
    }
    case 'related': {
      requireTokens(undefined, 'r_sub', 'r_res');
      const relation = readText(given[0]!, known);
      return relation === 'any' ? TRUE : { kind: 'relation', name: relation };
    }
    case 'holds': {
      requireTokens(undefined, 'r_sub', 'r_res', 'r_env');
      const condition = readText(given[0]!, known);
      return condition === 'always' ? TRUE : { kind: 'condition', name: condition };
    }
    default:
      throw new UncompilableMatcher(`the function ${name}`);
  }
}

function readText(node: MatcherNode, known: ReadonlyMap<string, string>): string {
  if (node.type === 'Literal') return String(node['value']);
  const text = known.get(String(node['name']));
  if (text === undefined) throw new UncompilableMatcher(`${String(node['name'])} where a text is needed`);
  return text;
}

/** Every role that a formula asks for. */
export function listRoles(formula: Formula): readonly { readonly role: string; readonly scope: string }[] {
  switch (formula.kind) {
    case 'role':
      return [formula];
    case 'not':
      return listRoles(formula.of);
    case 'and':
    case 'or':
      return formula.all.flatMap(listRoles);
    default:
      return [];
  }
}
