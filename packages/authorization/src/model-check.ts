import { parseMatcher, readCasbinModel, type CasbinModel, type MatcherNode } from './casbin-engine.ts';
import type { PolicyProblem } from './errors.ts';
import { checkMatcher, type CheckedMatcher } from './matcher-check.ts';

/** A model that passed the strict front end. */
export interface PolicyModel {
  /** The text, as Casbin is given it. */
  readonly text: string;
  readonly effect: PolicyEffect;
  readonly matcher: CheckedMatcher;
}

/** The two ways to combine rules: some rule allows; and, in `allow-and-no-deny`, no rule denies. */
type PolicyEffect = 'allow' | 'allow-and-no-deny';

const REQUEST = ['sub', 'dom', 'obj', 'act', 'res', 'env'];
/** The columns of a policy row after its `p`. */
export const COLUMNS = ['id', 'role', 'scope', 'obj', 'act', 'rel', 'cond', 'eft'] as const;

const EFFECTS: ReadonlyMap<string, PolicyEffect> = new Map([
  ['some(where (p_eft == allow))', 'allow'],
  ['some(where (p_eft == allow)) && !some(where (p_eft == deny))', 'allow-and-no-deny'],
]);

const SECTIONS: ReadonlyMap<string, string> = new Map([
  ['request_definition', 'r'],
  ['policy_definition', 'p'],
  ['policy_effect', 'e'],
  ['matchers', 'm'],
]);

const MODEL_HINT = 'the four sections of the reference model, one definition in each';

/**
 * Reads a model strictly, then with Casbin's own loader, and compares. Casbin alone ignores unknown sections, cuts
 * a matcher at `#` or `;`, joins lines that end in a backslash and evaluates whatever it is given.
 *
 * @returns the model, or undefined when `problems` got something that makes it unusable.
 */
export function checkModel(file: string, text: string, problems: PolicyProblem[]): PolicyModel | undefined {
  const before = problems.length;
  const report = (line: number, problem: string, instead: string): void => {
    problems.push({ file, line, problem, instead });
  };
  const definitions = readDefinitions(text, report);
  for (const [section, key] of SECTIONS) {
    if (!definitions.has(key)) report(0, `no section [${section}] that defines "${key}"`, MODEL_HINT);
  }
  if (problems.length > before) return undefined;
  const lineOf = (key: string): number => definitions.get(key)!.line;

  let loaded: CasbinModel;
  let node: MatcherNode;
  try {
    loaded = readCasbinModel(text);
    node = parseMatcher(loaded.matcher);
  } catch (error) {
    report(lineOf('m'), `Casbin cannot read it (${(error as Error).message})`, 'a matcher that parses');
    return undefined;
  }
  compareTokens(loaded.request, 'r', REQUEST, (problem, instead) => report(lineOf('r'), problem, instead));
  compareTokens(loaded.policy, 'p', COLUMNS, (problem, instead) => report(lineOf('p'), problem, instead));
  const effect = EFFECTS.get(loaded.effect);
  if (effect === undefined) {
    report(
      lineOf('e'),
      'an effect that is not one of the two known',
      '"some(where (p.eft == allow)) && !some(where (p.eft == deny))", or its first half alone',
    );
  }
  if (loaded.definitions.length !== SECTIONS.size) {
    report(0, `Casbin loaded other definitions (${loaded.definitions.join(', ')})`, MODEL_HINT);
  }
  const matcher = checkMatcher(
    node,
    loaded.matcher,
    [...loaded.request, ...loaded.policy],
    (problem, instead) => report(lineOf('m'), problem, instead),
  );
  if (problems.length > before || effect === undefined || matcher === undefined) return undefined;
  return Object.freeze({ text, effect, matcher });
}

type Report = (line: number, problem: string, instead: string) => void;

function readDefinitions(text: string, report: Report): Map<string, { line: number }> {
  const definitions = new Map<string, { line: number }>();
  let section: string | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = index + 1;
    const content = raw.trim();
    if (content === '' || content.startsWith('#')) continue;
    if (raw.includes('\r')) report(line, 'a carriage return', 'lines that end in a line feed alone');
    const header = /^\[([a-z_]+)\]$/.exec(content);
    if (header !== null) {
      section = header[1]!;
      if (!SECTIONS.has(section)) report(line, `section [${section}] is not allowed`, sectionHint(section));
      continue;
    }
    if (/[#;]/.test(content))
      report(
        line,
        'a comment mark inside a definition: Casbin cuts the line there',
        'comments on lines of their own',
      );
    if (content.endsWith('\\'))
      report(line, 'a definition over several lines', 'one line for each definition');
    const key = /^([a-z]+[0-9]*)\s*=/.exec(content)?.[1];
    if (key === undefined || section === undefined || SECTIONS.get(section) !== key) {
      report(line, 'not a definition that this section may hold', MODEL_HINT);
    } else if (definitions.has(key)) {
      report(line, `"${key}" is defined twice: the last one would win`, 'one definition');
    } else {
      definitions.set(key, { line });
    }
  }
  return definitions;
}

function sectionHint(section: string): string {
  return section === 'role_definition'
    ? 'no g: people have their roles in the directory, not in the policies'
    : MODEL_HINT;
}

function compareTokens(
  loaded: readonly string[],
  prefix: string,
  expected: readonly string[],
  report: (problem: string, instead: string) => void,
): void {
  const found = loaded.map((token) => token.slice(prefix.length + 1));
  if (found.join() !== expected.join()) {
    report(`"${prefix}" is not what the resolver gives`, `${prefix} = ${expected.join(', ')}`);
  }
}
