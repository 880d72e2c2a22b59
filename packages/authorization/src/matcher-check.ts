import type { MatcherNode } from './casbin-engine.ts';

/** What one conjunct of the matcher asks about. */
export type ConjunctName = 'object' | 'action' | 'role' | 'relation' | 'condition' | 'other';

/** One operand of the matcher's outermost `&&`. */
interface Conjunct {
  readonly name: ConjunctName;
  readonly text: string;
  readonly node: MatcherNode;
}

/** A matcher in which every identifier is declared and every form is known. */
export interface CheckedMatcher {
  readonly text: string;
  readonly node: MatcherNode;
  readonly conjuncts: readonly Conjunct[];
  /** True when a row for another object or action can never hold, so that rows may be kept by object and action. */
  readonly indexable: boolean;
}

const OBJECT_CONJUNCT = '((p_obj == "*") || (r_obj == p_obj))';
const ACTION_CONJUNCT = '((p_act == "*") || (r_act == p_act))';
/** Every column but the id and the effect narrows a rule, so the matcher must look at each. */
const COLUMNS_IN_USE = ['p_role', 'p_scope', 'p_obj', 'p_act', 'p_rel', 'p_cond'];

/** The functions of the resolver and how many arguments each takes. */
const FUNCTION_ARITY: ReadonlyMap<string, number> = new Map([
  ['hasRole', 4],
  ['related', 3],
  ['holds', 4],
]);

const FORMS =
  'tokens of r and p, texts in double quotes, ==, !=, !, &&, || and calls of hasRole, related, holds';
const OPERATORS = new Set(['==', '!=']);

type Report = (problem: string, instead: string) => void;

/**
 * Walks a parsed matcher and refuses all that is not plainly a boolean formula over declared names: no member
 * access, no method, no `eval`, no arithmetic, no order (`null < "15"` holds), no undeclared identifier (which
 * would be `undefined`, and equal to any other).
 *
 * @returns the matcher, or undefined when something was reported.
 */
export function checkMatcher(
  node: MatcherNode,
  text: string,
  tokens: readonly string[],
  report: Report,
): CheckedMatcher | undefined {
  let sound = true;
  const refuse: Report = (problem, instead) => {
    sound = false;
    report(problem, instead);
  };
  checkFormula(node, new Set(tokens), refuse);
  if (!sound) return undefined;
  const printed = printNode(node);
  for (const column of COLUMNS_IN_USE) {
    if (!new RegExp(`\\b${column}\\b`).test(printed))
      refuse(
        `the matcher never looks at ${column}: each rule would hold whatever it says there`,
        `a conjunct on ${column}`,
      );
  }
  if (!sound) return undefined;
  const conjuncts = splitConjuncts(node).map((operand) =>
    Object.freeze({ name: nameConjunct(operand), text: printNode(operand), node: operand }),
  );
  const texts = new Set(conjuncts.map((conjunct) => conjunct.text));
  const indexable = texts.has(OBJECT_CONJUNCT) && texts.has(ACTION_CONJUNCT);
  return Object.freeze({ text, node, conjuncts: Object.freeze(conjuncts), indexable });
}

function checkNode(node: MatcherNode, tokens: ReadonlySet<string>, report: Report): void {
  switch (node.type) {
    case 'LogicalExpression':
      checkFormula(node['left'] as MatcherNode, tokens, report);
      checkFormula(node['right'] as MatcherNode, tokens, report);
      return;
    case 'BinaryExpression':
      if (!OPERATORS.has(String(node['operator'])))
        report(
          `operator "${String(node['operator'])}" is not allowed in a matcher`,
          '== or !=, or a condition by name',
        );
      checkNode(node['left'] as MatcherNode, tokens, report);
      checkNode(node['right'] as MatcherNode, tokens, report);
      return;
    case 'UnaryExpression':
      if (node['operator'] !== '!') report('an arithmetic sign in a matcher', FORMS);
      checkFormula(node['argument'] as MatcherNode, tokens, report);
      return;
    case 'Identifier':
      if (!tokens.has(String(node['name'])))
        report(`"${String(node['name'])}" is not declared`, `one of ${[...tokens].join(', ')}`);
      return;
    case 'Literal':
      if (typeof node['value'] !== 'string')
        report('a literal that is not a text', 'a text in double quotes');
      return;
    case 'CallExpression':
      checkCall(node, tokens, report);
      return;
    case 'MemberExpression':
      report('a member access in a matcher', 'a relation or a condition of the vocabulary');
      return;
    default:
      report(`the form ${node.type} is not allowed in a matcher`, FORMS);
  }
}

/** An operand of `&&`, `||` or `!` must itself be a formula: a bare text or token is always true. */
function checkFormula(node: MatcherNode, tokens: ReadonlySet<string>, report: Report): void {
  if (node.type === 'Identifier' || node.type === 'Literal')
    report('a bare word where a comparison is needed: it is always true', 'a comparison with == or a call');
  checkNode(node, tokens, report);
}

function checkCall(node: MatcherNode, tokens: ReadonlySet<string>, report: Report): void {
  const callee = node['callee'] as MatcherNode;
  const given = node['arguments'] as readonly MatcherNode[];
  if (callee.type !== 'Identifier') {
    report('a method call in a matcher', 'a relation or a condition of the vocabulary');
    return;
  }
  const name = String(callee['name']);
  const arity = FUNCTION_ARITY.get(name);
  if (arity === undefined) {
    report(`"${name}" is not a function of the resolver`, [...FUNCTION_ARITY.keys()].join(', '));
  } else if (given.length !== arity) {
    report(`${name} takes ${arity} arguments, not ${given.length}`, `${arity} arguments`);
  }
  for (const argument of given) {
    if (argument.type !== 'Identifier' && argument.type !== 'Literal')
      report(`an argument of ${name} that is not a token or a text`, 'a token of r or p');
    else checkNode(argument, tokens, report);
  }
}

function splitConjuncts(node: MatcherNode): MatcherNode[] {
  if (node.type !== 'LogicalExpression' || node['operator'] !== '&&') return [node];
  return [...splitConjuncts(node['left'] as MatcherNode), ...splitConjuncts(node['right'] as MatcherNode)];
}

const SIGNS: readonly (readonly [ConjunctName, RegExp])[] = [
  ['role', /hasRole\(/],
  ['relation', /related\(/],
  ['condition', /holds\(/],
  ['object', /r_obj/],
  ['action', /r_act/],
];

function nameConjunct(node: MatcherNode): ConjunctName {
  const text = printNode(node);
  const found = SIGNS.filter(([, sign]) => sign.test(text));
  return found.length === 1 ? found[0]![0] : 'other';
}

/** The formula as text, for people. */
function printNode(node: MatcherNode): string {
  switch (node.type) {
    case 'LogicalExpression':
    case 'BinaryExpression':
      return `(${printNode(node['left'] as MatcherNode)} ${String(node['operator'])} ${printNode(node['right'] as MatcherNode)})`;
    case 'UnaryExpression':
      return `!${printNode(node['argument'] as MatcherNode)}`;
    case 'Literal':
      return JSON.stringify(node['value']);
    case 'CallExpression':
      return `${printNode(node['callee'] as MatcherNode)}(${(node['arguments'] as MatcherNode[]).map(printNode).join(', ')})`;
    default:
      return String(node['name']);
  }
}
