import { requireNoProblem, type PolicyProblem } from './errors.ts';
import type {
  ChildFact,
  DecisionRequest,
  PersonFacts,
  Resource,
  RoleFact,
  RoleScope,
  TeachingFact,
} from './facts.ts';
import { listFolder, loadPolicyText, type Policies } from './load-policies.ts';
import { YamlMap, readYaml, reportIn, type ReportProblem, type YamlValue } from './yaml-reader.ts';

/** An invented school with its people and things, for the tests of policies and for explanations without a database. */
export interface Fixtures {
  readonly now: Date;
  readonly acr: string;
  readonly people: ReadonlyMap<string, PersonFacts>;
  readonly resources: ReadonlyMap<string, Resource>;
}

/** The file that holds them, inside the policies folder. */
const FIXTURES_FILE = 'fixtures/school.yaml';
const ENTITIES_FILE = 'entities.yaml';

/**
 * Loads the fixtures of a policies folder.
 *
 * @throws PolicyError `policy_refused` with every problem, or `policy_unreadable`.
 */
export function loadFixtures(folder: string, policies: Policies): Promise<Fixtures> {
  return loadFixturesOf(folder, FIXTURES_FILE, policies);
}

/**
 * Loads `entities.yaml` of a policies folder, in the form of the fixtures: people and things that are served in place of a
 * territory's, to certify the interface with. Undefined where there is none.
 *
 * @throws PolicyError as {@link loadFixtures}.
 */
export async function loadEntities(folder: string, policies: Policies): Promise<Fixtures | undefined> {
  const names = await listFolder(folder, '.');
  return names.includes(ENTITIES_FILE) ? loadFixturesOf(folder, ENTITIES_FILE, policies) : undefined;
}

async function loadFixturesOf(folder: string, file: string, policies: Policies): Promise<Fixtures> {
  const problems: PolicyProblem[] = [];
  const text = await loadPolicyText(folder, file);
  const fixtures = readFixtures(text, policies, reportIn(file, problems));
  requireNoProblem(problems);
  return fixtures;
}

/** The request of a person of the fixtures. `at` and `acr` default to those of the fixtures. */
export function buildFixtureRequest(
  fixtures: Fixtures,
  person: string,
  action: string,
  resource: Resource,
  options: { readonly at?: Date; readonly acr?: string } = {},
): DecisionRequest {
  const environment = { now: options.at ?? fixtures.now, acr: options.acr ?? fixtures.acr };
  return { subject: person, action, resource, environment };
}

/** Members of a resource that a test may add or change, over those of the fixtures. */
export function readResource(map: YamlMap, base: Resource): Resource {
  const changed: Record<string, unknown> = { ...base };
  for (const member of TEXT_MEMBERS) {
    const value = map.optionalText(member);
    if (value !== undefined) changed[member] = value;
  }
  for (const member of ['published', 'closed']) {
    const value = map.flag(member);
    if (value !== undefined) changed[member] = value;
  }
  for (const member of map.texts('without')) delete changed[member];
  map.finish();
  return Object.freeze(changed as unknown as Resource);
}

/**
 * Adds properties written `name=value` to a resource, as a command line gives them.
 *
 * @throws PolicyError `policy_refused` for a property that resources do not have, or a flag that is neither.
 */
export function readResourceProperties(base: Resource, properties: readonly string[]): Resource {
  const problems: PolicyProblem[] = [];
  const changed: Record<string, unknown> = { ...base };
  for (const [index, property] of properties.entries()) {
    const cut = property.indexOf('=');
    const [name, value] = [property.slice(0, cut), property.slice(cut + 1)];
    const refuse = (problem: string, instead: string): void => {
      problems.push({ file: '--prop', line: index + 1, problem, instead });
    };
    if (TEXT_MEMBERS.some((member) => member === name) && value !== '') changed[name] = value;
    else if (name !== 'published' && name !== 'closed')
      refuse(
        'not a property of a resource',
        `one of ${TEXT_MEMBERS.join(', ')}, published, closed, as name=value`,
      );
    else if (value === 'true' || value === 'false') changed[name] = value === 'true';
    else refuse(`"${name}" is neither true nor false`, `${name}=true`);
  }
  requireNoProblem(problems);
  return Object.freeze(changed as unknown as Resource);
}

const TEXT_MEMBERS = ['id', 'school', 'academy', 'region', 'division', 'subject', 'pupil', 'owner'] as const;

type Schools = PersonFacts['schools'];

function readFixtures(text: string, policies: Policies, report: ReportProblem): Fixtures {
  const root = new YamlMap(readYaml(text, report), 'the fixtures', report);
  const now = root.instant('now') ?? new Date(Number.NaN);
  const acr = root.text('acr');
  const schools: Schools = new Map(
    [...root.entries('schools')].map(([id, value]) => {
      const map = new YamlMap(value, `school "${id}"`, report);
      const school = {
        academy: map.text('academy'),
        region: map.text('region'),
        controller: map.text('controller'),
      };
      map.finish();
      return [id, school];
    }),
  );
  const divisions = new Map(
    [...root.entries('divisions')].map(([id, value]) => {
      const map = new YamlMap(value, `division "${id}"`, report);
      const school = map.text('school');
      if (!schools.has(school))
        report(map.line, `school "${school}" is not in the fixtures`, 'a school above');
      map.finish();
      return [id, school];
    }),
  );
  const context = { divisions, schools, policies, report };
  const drafts = [...root.entries('people')].map(([id, value]) => readPerson(id, value, context));
  const byId = new Map(drafts.map((draft) => [draft.facts.person, draft.facts]));
  const people = new Map(
    drafts.map(({ facts, children }) => [
      facts.person,
      Object.freeze({ ...facts, children: children.map((link) => completeChild(link, byId, report)) }),
    ]),
  );
  const resources = new Map(
    [...root.entries('resources')].map(([id, value]) => {
      const map = new YamlMap(value, `resource "${id}"`, report);
      const type = map.text('type');
      if (!policies.vocabulary.objects.has(type))
        report(map.line, `type "${type}" is not in the vocabulary`, 'an object of vocabulary.yaml');
      return [id, readResource(map, { type })];
    }),
  );
  root.finish();
  if (people.size === 0 || resources.size === 0)
    report(root.line, 'no people or no resources', 'at least one of each');
  return { now, acr, people, resources };
}

interface Context {
  readonly divisions: ReadonlyMap<string, string>;
  readonly schools: Schools;
  readonly policies: Policies;
  readonly report: ReportProblem;
}

interface ChildLink {
  readonly line: number;
  readonly child: string;
  readonly exercise: ChildFact['exercise'];
  readonly kind: ChildFact['kind'];
  readonly window: { readonly from?: Date; readonly to?: Date };
}

function readPerson(
  id: string,
  value: YamlValue,
  context: Context,
): { readonly facts: PersonFacts; readonly children: readonly ChildLink[] } {
  const { report, schools } = context;
  const map = new YamlMap(value, `person "${id}"`, report);
  map.text('says');
  const birthDate = map.optionalText('birthDate');
  const facts: PersonFacts = {
    person: id,
    revision: 1,
    suspended: map.flag('suspended') ?? false,
    ...(birthDate === undefined ? {} : { birthDate }),
    roles: map.list('roles').map((item) => readRole(item, context)),
    teaches: map.list('teaches').map((item) => readTeaching(item, context)),
    headTeacherOf: map.list('headTeacherOf').map((item) => readTeaching(item, context)),
    memberOf: map.list('memberOf').map((item) => readTeaching(item, context)),
    children: [],
    schools,
  };
  const children = map.list('children').map((item) => readChild(item, report));
  map.finish();
  return { facts, children };
}

function readRole(item: YamlValue, { policies, report, schools }: Context): RoleFact {
  const map = new YamlMap(item, 'a role', report);
  const role = map.text('role');
  if (!policies.vocabulary.roles.has(role))
    report(map.line, `role "${role}" is not in the vocabulary`, 'a role of vocabulary.yaml');
  const held = (['school', 'academy', 'region'] satisfies RoleScope[]).flatMap((scope) => {
    const domain = map.optionalText(scope);
    return domain === undefined ? [] : [{ scope: scope as RoleScope, domain }];
  });
  const { scope, domain } = held[0] ?? { scope: 'school', domain: '' };
  if (held.length !== 1)
    report(map.line, 'a role holds in one place', 'school: …, or academy: …, or region: …');
  if (scope === 'school' && !schools.has(domain))
    report(map.line, `school "${domain}" is not in the fixtures`, 'a school above');
  const window = readWindow(map);
  map.finish();
  return { role, scope, domain, ...window };
}

function readTeaching(item: YamlValue, { divisions, report }: Context): TeachingFact {
  const map = new YamlMap(item, 'a class or group', report);
  const division = map.text('division');
  const school = divisions.get(division);
  if (school === undefined)
    report(map.line, `division "${division}" is not in the fixtures`, 'a division above');
  const subject = map.optionalText('subject');
  const window = readWindow(map);
  map.finish();
  return { school: school ?? '', division, ...(subject === undefined ? {} : { subject }), ...window };
}

const EXERCISES: readonly ChildFact['exercise'][] = ['joint', 'sole', 'none', 'suspended', 'withdrawn'];
const KINDS: readonly ChildFact['kind'][] = ['legal', 'in_charge', 'contact'];

function readChild(item: YamlValue, report: ReportProblem): ChildLink {
  const map = new YamlMap(item, 'a child', report);
  const pick = <Name extends string>(key: string, allowed: readonly Name[]): Name => {
    const text = map.text(key);
    const found = allowed.find((name) => name === text);
    if (found === undefined)
      report(map.line, `${key} "${text}" is not known`, `one of ${allowed.join(', ')}`);
    return found ?? allowed[0]!;
  };
  const link = {
    line: map.line,
    child: map.text('child'),
    exercise: pick('exercise', EXERCISES),
    kind: pick('kind', KINDS),
    window: readWindow(map),
  };
  map.finish();
  return link;
}

/** A child's schools and classes are those of the child, so that the fixtures cannot say two things. */
function completeChild(
  link: ChildLink,
  people: ReadonlyMap<string, PersonFacts>,
  report: ReportProblem,
): ChildFact {
  const child = people.get(link.child);
  if (child === undefined)
    report(link.line, `child "${link.child}" is not in the fixtures`, 'a person above');
  return {
    child: link.child,
    exercise: link.exercise,
    kind: link.kind,
    schools: (child?.roles ?? []).filter((role) => role.role === 'pupil').map((role) => role.domain),
    divisions: (child?.memberOf ?? []).map((member) => member.division),
    ...link.window,
  };
}

function readWindow(map: YamlMap): { readonly from?: Date; readonly to?: Date } {
  const from = map.instant('from');
  const to = map.instant('to');
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}
