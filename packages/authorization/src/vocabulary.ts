import { conditions } from './conditions.ts';
import { MEMBERS, SENSITIVITIES, type ObjectType } from './object-type.ts';
import { relations } from './relations.ts';
import { YamlMap, readYaml, type ReportProblem, type YamlValue } from './yaml-reader.ts';

/** The closed vocabulary: what a rule may name. */
export interface Vocabulary {
  readonly roles: ReadonlySet<string>;
  readonly scopes: ReadonlySet<string>;
  readonly objects: ReadonlyMap<string, ObjectType>;
  /** Each action with the type it acts on. */
  readonly actions: ReadonlyMap<string, ObjectType>;
  readonly relations: ReadonlySet<string>;
  readonly conditions: ReadonlySet<string>;
}

const SCOPES = ['school', 'academy', 'region'];

/**
 * Reads vocabulary.yaml and compares its relations and conditions with the functions that exist, both ways. That of an
 * earlier release may lack the functions that were written since (`isEarlier`).
 */
export function readVocabulary(
  text: string,
  report: ReportProblem,
  options: { readonly isEarlier?: boolean } = {},
): Vocabulary {
  const root = new YamlMap(readYaml(text, report), 'the vocabulary', report);
  const objects = new Map<string, ObjectType>();
  const actions = new Map<string, ObjectType>();
  const roles = names(root, 'roles', report);
  const scopes = names(root, 'scopes', report);
  for (const [name, value] of root.entries('objects')) {
    const object = readObject(name, value, report);
    objects.set(name, object);
    for (const action of object.actions) {
      if (!action.startsWith(`${name}.`))
        report(value.line, `action "${action}" is not one of "${name}"`, `${name}.<verb>`);
      actions.set(action, object);
    }
  }
  const vocabulary = {
    roles,
    scopes,
    objects,
    actions,
    relations: names(root, 'relations', report),
    conditions: names(root, 'conditions', report),
  };
  root.finish();
  const coded = { scope: SCOPES, relation: [...relations.keys()], condition: [...conditions.keys()] };
  for (const [what, written] of [
    ['scope', vocabulary.scopes],
    ['relation', vocabulary.relations],
    ['condition', vocabulary.conditions],
  ] as const) {
    const known = options.isEarlier ? coded[what].filter((name) => written.has(name)) : coded[what];
    compare(what, written, new Set(known), root.line, report);
  }
  if (!roles.has('anyone'))
    report(root.line, 'the role "anyone" is missing', 'anyone: Any person that is known.');
  return Object.freeze(vocabulary);
}

function readObject(name: string, value: YamlValue, report: ReportProblem): ObjectType {
  const map = new YamlMap(value, `object "${name}"`, report);
  requireName(name, value.line, report);
  const object: ObjectType = {
    name,
    says: map.text('says'),
    owner: map.text('owner'),
    sensitivity: oneOf(map.text('sensitivity'), SENSITIVITIES, map.line, report),
    placed: oneOf(map.text('placed'), ['school', 'territory'] as const, map.line, report),
    needs: map.texts('needs').map((member) => oneOf(member, MEMBERS, map.line, report)),
    idIs: optional(map.optionalText('idIs'), (member) => oneOf(member, MEMBERS, map.line, report)),
    actions: [...map.entries('actions')].map(([action, says]) => {
      requireName(action, says.line, report);
      return action;
    }),
  };
  map.finish();
  if (object.actions.length === 0) report(map.line, `object "${name}" has no action`, 'at least one action');
  if (object.placed === 'school' && !object.needs.includes('school'))
    report(map.line, `object "${name}" lives in a school but does not need one`, 'needs: [school, …]');
  return Object.freeze(object);
}

function names(root: YamlMap, key: string, report: ReportProblem): ReadonlySet<string> {
  const found = root.entries(key);
  if (found.size === 0) report(root.line, `"${key}" is empty`, `${key}: with at least one name`);
  for (const [name, value] of found) {
    requireName(name, value.line, report);
    if (value.kind !== 'scalar' || typeof value.value !== 'string' || value.value.trim() === '')
      report(value.line, `"${name}" is not explained`, `${name}: one sentence`);
  }
  return new Set(found.keys());
}

function requireName(name: string, line: number, report: ReportProblem): void {
  if (!/^[a-z][a-z_]*(\.[a-z][a-z_]*)*$/.test(name))
    report(line, `"${name}" is not a name`, 'small letters and underscores, parts joined by dots');
}

function oneOf<const Name extends string>(
  value: string,
  allowed: readonly Name[],
  line: number,
  report: ReportProblem,
): Name {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) report(line, `"${value}" is not known here`, `one of ${allowed.join(', ')}`);
  return found ?? allowed[0]!;
}

function optional<Value, Result>(
  value: Value | undefined,
  then: (value: Value) => Result,
): Result | undefined {
  return value === undefined ? undefined : then(value);
}

function compare(
  what: string,
  written: ReadonlySet<string>,
  coded: ReadonlySet<string>,
  line: number,
  report: ReportProblem,
): void {
  for (const name of written)
    if (!coded.has(name))
      report(line, `${what} "${name}" has no function`, `one of ${[...coded].join(', ')}`);
  for (const name of coded)
    if (!written.has(name))
      report(line, `${what} "${name}" is not in the vocabulary`, `${name}: one sentence`);
}
