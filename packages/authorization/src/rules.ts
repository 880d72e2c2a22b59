import { readCasbinRows } from './casbin-engine.ts';
import { COLUMNS } from './model-check.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { ReportProblem } from './yaml-reader.ts';

/** One row of a policy file. */
export interface Rule {
  /** Stable (`GRA-012`): explanations, coverage and the audit log quote it. */
  readonly id: string;
  readonly role: string;
  readonly scope: string;
  /** An object type, or `*`. */
  readonly object: string;
  /** An action, or `*`. */
  readonly action: string;
  readonly relation: string;
  readonly condition: string;
  readonly effect: 'allow' | 'deny';
  readonly file: string;
  readonly line: number;
}

const ROW_HINT = `p, ${COLUMNS.join(', ')}`;
const ID = /^[A-Z]{3}-[0-9]{3}$/;
const TOKEN = /^(\*|[A-Za-z0-9_.-]+)$/;

/**
 * Reads the rows of one policy file strictly, then with Casbin's own loader, and compares: Casbin alone drops a row
 * of an undeclared type, accepts a short one, and takes an `eft` it does not know for "no effect".
 */
export function readRules(
  file: string,
  csv: string,
  modelText: string,
  vocabulary: Vocabulary,
  report: ReportProblem,
): readonly Rule[] {
  const rules: Rule[] = [];
  let rows = 0;
  let sound = true;
  const refuse: ReportProblem = (line, problem, instead) => {
    sound = false;
    report(line, problem, instead);
  };
  for (const [index, raw] of csv.split('\n').entries()) {
    const line = index + 1;
    if (raw.includes('\r')) refuse(line, 'a carriage return', 'lines that end in a line feed alone');
    if (raw.trim() === '' || raw.trimStart().startsWith('#')) continue;
    rows += 1;
    const rule = readRow(
      file,
      line,
      raw.split(',').map((cell) => cell.trim()),
      vocabulary,
      refuse,
    );
    if (rule !== undefined) rules.push(rule);
  }
  if (rows === 0) refuse(0, 'no rule in the file', `at least one row: ${ROW_HINT}`);
  if (sound) compareWithCasbin(rules, readCasbinRows(modelText, csv), refuse);
  return rules;
}

/** The row as Casbin holds it. */
export function toCasbinRow(rule: Rule): readonly string[] {
  return [
    rule.id,
    rule.role,
    rule.scope,
    rule.object,
    rule.action,
    rule.relation,
    rule.condition,
    rule.effect,
  ];
}

function readRow(
  file: string,
  line: number,
  cells: readonly string[],
  vocabulary: Vocabulary,
  report: ReportProblem,
): Rule | undefined {
  const [kind, ...values] = cells;
  if (kind !== 'p') {
    report(
      line,
      `a row of type "${kind}", which Casbin would drop or take for people's roles`,
      `a row of type p: ${ROW_HINT}`,
    );
    return undefined;
  }
  if (values.length !== COLUMNS.length) {
    const missing = values.length < COLUMNS.length ? COLUMNS.slice(values.length).join(', ') : undefined;
    const problem = `${values.length} columns after p, not ${COLUMNS.length}${missing === undefined ? '' : ` (${missing} missing)`}`;
    report(line, problem, ROW_HINT);
    return undefined;
  }
  for (const [index, value] of values.entries()) {
    if (!TOKEN.test(value)) {
      report(
        line,
        `column ${COLUMNS[index]} is empty or holds other than a plain name`,
        'letters, digits, _ . - or a lone *',
      );
      return undefined;
    }
  }
  const [id, role, scope, object, action, relation, condition, effect] = values as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const known = (what: string, value: string, names: Iterable<string>): void => {
    const all = [...names];
    if (!all.includes(value))
      report(line, `${what} "${value}" is not in the vocabulary`, nearest(value, all));
  };
  if (!ID.test(id))
    report(line, `"${id}" is not a rule id`, 'three capitals, a dash, three digits (GRA-012)');
  known('role', role, vocabulary.roles);
  known('scope', scope, vocabulary.scopes);
  if (object !== '*') known('object', object, vocabulary.objects.keys());
  if (action !== '*') known('action', action, vocabulary.actions.keys());
  known('relation', relation, vocabulary.relations);
  known('condition', condition, vocabulary.conditions);
  if (object !== '*' && action !== '*' && vocabulary.objects.get(object)?.actions.includes(action) === false)
    report(
      line,
      `action "${action}" does not act on "${object}": the rule could never hold`,
      `an action of ${object}`,
    );
  if (effect !== 'allow' && effect !== 'deny') {
    report(line, `effect "${effect}": Casbin would ignore the row`, nearest(effect, ['allow', 'deny']));
    return undefined;
  }
  return Object.freeze({ id, role, scope, object, action, relation, condition, effect, file, line });
}

function compareWithCasbin(
  rules: readonly Rule[],
  loaded: readonly (readonly string[])[],
  report: ReportProblem,
): void {
  const ours = rules.map((rule) => toCasbinRow(rule).join(','));
  const theirs = loaded.map((row) => row.join(','));
  if (ours.length !== theirs.length || ours.some((row, index) => row !== theirs[index]))
    report(
      0,
      `Casbin loads ${theirs.length} other rows than the ${ours.length} written`,
      'one plain row a line',
    );
}

/** The word that was probably meant, or all of them. */
function nearest(value: string, names: readonly string[]): string {
  const ranked = names
    .map((name) => ({ name, distance: distanceBetween(value, name) }))
    .toSorted((left, right) => left.distance - right.distance);
  const best = ranked[0];
  if (best !== undefined && best.distance <= Math.max(2, Math.floor(best.name.length / 3)))
    return `"${best.name}"`;
  return `one of ${names.join(', ')}`;
}

/** Levenshtein's distance. */
function distanceBetween(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const substituted = previous[j - 1]! + (left[i - 1] === right[j - 1] ? 0 : 1);
      current.push(Math.min(substituted, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[right.length]!;
}
