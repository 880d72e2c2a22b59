import type { Resource } from './facts.ts';
import { readResource, type Fixtures } from './fixtures.ts';
import type { Policies } from './load-policies.ts';
import { YamlMap, readYaml, type ReportProblem, type YamlValue } from './yaml-reader.ts';

/** One test of tests.yaml: an action on a resource, and what becomes of every person of the fixtures. */
export interface PolicyCase {
  readonly file: string;
  readonly line: number;
  readonly says: string;
  readonly action: string;
  readonly resource: Resource;
  readonly at: Date | undefined;
  readonly acr: string | undefined;
  /** Who is allowed, and by which rule. */
  readonly allow: ReadonlyMap<string, string>;
  /** Who is denied by a rule, and by which. Everybody else is denied because no rule allows. */
  readonly deny: ReadonlyMap<string, string>;
}

/** Reads a tests.yaml. What it names must exist, and `rest: deny` must be said. */
export function readPolicyCases(
  file: string,
  text: string,
  policies: Policies,
  fixtures: Fixtures,
  report: ReportProblem,
): readonly PolicyCase[] {
  const root = new YamlMap(readYaml(text, report), 'the tests', report);
  const items = root.list('tests');
  if (items.length === 0) report(root.line, 'no test in the file', 'tests: with at least one');
  root.finish();
  return items.map((item) => readCase(file, item, policies, fixtures, report));
}

function readCase(
  file: string,
  item: YamlValue,
  policies: Policies,
  fixtures: Fixtures,
  report: ReportProblem,
): PolicyCase {
  const map = new YamlMap(item, 'a test', report);
  const says = map.text('says');
  const action = map.text('action');
  const type = policies.vocabulary.actions.get(action);
  if (type === undefined)
    report(map.line, `action "${action}" is not in the vocabulary`, 'an action of vocabulary.yaml');
  const on = map.text('on');
  const base = fixtures.resources.get(on);
  if (base === undefined)
    report(map.line, `resource "${on}" is not in the fixtures`, 'a resource of fixtures/school.yaml');
  else if (type !== undefined && base.type !== type.name)
    report(map.line, `"${on}" is a ${base.type}, on which "${action}" does not act`, `a ${type.name}`);
  const resource = map.has('with')
    ? readResource(new YamlMap(map.value('with'), 'with', report), base ?? { type: '' })
    : (base ?? { type: '' });
  const test = {
    file,
    line: map.line,
    says,
    action,
    resource,
    at: map.instant('at'),
    acr: map.optionalText('acr'),
    allow: readVerdicts(map, 'allow', policies, fixtures, report),
    deny: readVerdicts(map, 'deny', policies, fixtures, report),
  };
  if (map.text('rest') !== 'deny') report(map.line, 'what becomes of the rest is not said', 'rest: deny');
  for (const person of test.allow.keys())
    if (test.deny.has(person)) report(map.line, `"${person}" is both allowed and denied`, 'one of the two');
  map.finish();
  return test;
}

function readVerdicts(
  map: YamlMap,
  key: 'allow' | 'deny',
  policies: Policies,
  fixtures: Fixtures,
  report: ReportProblem,
): ReadonlyMap<string, string> {
  const verdicts = new Map<string, string>();
  for (const [person, value] of map.entries(key)) {
    const rule = value.kind === 'scalar' ? String(value.value) : '';
    const known = policies.rules.find((candidate) => candidate.id === rule);
    if (!fixtures.people.has(person))
      report(value.line, `"${person}" is not in the fixtures`, 'a person of fixtures/school.yaml');
    if (known === undefined) report(value.line, `"${rule}" is no rule`, 'the id of the rule that decides');
    else if (known.effect !== key) report(value.line, `${rule} does not ${key}`, `a rule that does`);
    verdicts.set(person, rule);
  }
  return verdicts;
}
