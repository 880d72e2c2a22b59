// The one file that knows Casbin: its loader, its parser and its decision. The rest of the package sees plain values.
import { default as expressionEval } from '@casbin/expression-eval';
import { Enforcer, FunctionMap, Helper, newModelFromString, type Model } from 'casbin';

/** A node of the matcher as Casbin's parser (jsep) gives it; the strict front end decides what is allowed in it. */
export interface MatcherNode {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** What Casbin's own loader made of a model file. */
export interface CasbinModel {
  /** Tokens of the request, prefixed (`r_sub`). */
  readonly request: readonly string[];
  /** Tokens of a policy row, prefixed (`p_id`). */
  readonly policy: readonly string[];
  readonly effect: string;
  /** The matcher after Casbin's rewriting (`r.sub` becomes `r_sub`) and cutting (comments). */
  readonly matcher: string;
  /** Every definition that was loaded, as `section.key`. */
  readonly definitions: readonly string[];
}

/** The functions that a matcher may call. Synchronous, and strictly boolean. */
export type MatcherFunctions = Readonly<Record<string, (...values: unknown[]) => boolean>>;

/** Decides one request against the rows it was built with. */
export interface CasbinBucket {
  /** @returns the verdict and the row that made it (empty when no row did). */
  enforce(values: readonly unknown[]): readonly [boolean, readonly string[]];
}

/** Reads a model with Casbin's own loader. */
export function readCasbinModel(text: string): CasbinModel {
  const model = newModelFromString(text);
  const definitions = [...model.model].flatMap(([section, keys]) =>
    [...keys.keys()].map((key) => `${section}.${key}`),
  );
  return {
    request: assertion(model, 'r').tokens,
    policy: assertion(model, 'p').tokens,
    effect: assertion(model, 'e').value,
    matcher: assertion(model, 'm').value,
    definitions,
  };
}

/** Reads policy rows with Casbin's own loader; the strict front end compares them with what it read itself. */
export function readCasbinRows(modelText: string, csv: string): readonly (readonly string[])[] {
  const model = newModelFromString(modelText);
  for (const line of csv.split('\n')) {
    if (line !== '') Helper.loadPolicyLine(line, model);
  }
  return assertion(model, 'p').policy;
}

/** Parses a matcher with the parser that Casbin evaluates. Throws its SyntaxError. */
export function parseMatcher(matcher: string): MatcherNode {
  return expressionEval.parse(matcher) as unknown as MatcherNode;
}

/** Evaluates a part of a parsed matcher with Casbin's own evaluator, for explanations. */
export function evaluateMatcherNode(node: MatcherNode, context: Readonly<Record<string, unknown>>): unknown {
  return expressionEval.eval(
    node as unknown as Parameters<typeof expressionEval.eval>[0],
    context,
  ) as unknown;
}

/**
 * Builds the Casbin enforcer of one bucket of rows, in the order given: the last row that allows is the one that
 * Casbin reports, and the first that denies ends the search.
 *
 * Casbin's built-in functions (`regexMatch`, `keyMatch`, …) are not there: a matcher that calls one throws.
 */
export function openCasbinBucket(
  modelText: string,
  rows: readonly (readonly string[])[],
  functions: MatcherFunctions,
): CasbinBucket {
  const model = newModelFromString(modelText);
  assertion(model, 'p').policy = rows.map((row) => [...row]);
  const enforcer = new BareEnforcer(model, functions);
  return { enforce: (values) => enforcer.enforceExSync(...values) as [boolean, string[]] };
}

/** An enforcer with a model, the functions it was given, and nothing that reloads. */
class BareEnforcer extends Enforcer {
  constructor(model: Model, functions: MatcherFunctions) {
    super();
    this.fm = new FunctionMap();
    for (const [name, body] of Object.entries(functions)) this.fm.addFunction(name, body);
    this.setModel(model);
  }
}

function assertion(model: Model, section: string) {
  const found = model.model.get(section)?.get(section);
  if (found === undefined) throw new Error(`the model has no definition "${section}"`);
  return found;
}
