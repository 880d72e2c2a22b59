import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  generateModule,
  loadModule,
  loadPolicies,
  openEngine,
  type DecisionRequest,
  type Engine,
  type PersonFacts,
} from '@socle/authorization';
import { AbilityBuilder, createMongoAbility, type MongoAbility } from '@casl/ability';
import { StringAdapter, newEnforcer, newModelFromString } from 'casbin';
import type { BenchResult } from './result.ts';

const PEOPLE = 2000;
const ROUNDS = 7;
const ROUND_MS = 150;
const NOW = new Date('2026-11-23T10:00:00Z');

interface Case {
  readonly request: DecisionRequest;
  readonly facts: PersonFacts;
}

/**
 * The compiled forms beside the same rules by hand, in CASL, and node-casbin as its documentation shows it, on
 * the same requests: each is first compared with the hand-written one, then all are measured in turn, round by round,
 * so that a busy machine slows them alike. Figures are medians.
 */
export async function run(): Promise<BenchResult[]> {
  const policies = await loadPolicies(fileURLToPath(new URL('../policies', import.meta.url)));
  const cases = buildCases();
  const closures = openEngine(policies);
  const { engine: module, openMs: moduleMs } = await openModule(policies);
  const casbin = openEngine(policies, { form: 'casbin' });
  const plain = await openPlainCasbin(policies.rules.length);
  const abilities = cases.map(({ facts }) => buildAbility(facts));
  const contenders = new Map<string, (index: number) => boolean>([
    ['hand', (index) => decideByHand(cases[index]!.request, cases[index]!.facts)],
    ['hand and checks', (index) => decideWithChecks(cases[index]!.request, cases[index]!.facts).allowed],
    ['closures', askEngine(closures, cases)],
    ['module', askEngine(module, cases)],
    ['casbin', askEngine(casbin, cases)],
    ['casl', (index) => abilities[index]!.can('read', cases[index]!.request.resource)],
    ['casl built', (index) => buildAbility(cases[index]!.facts).can('read', cases[index]!.request.resource)],
    ['plain', (index) => plain.enforceSync(`p${index}`, 's1', 'o1', 'read')],
  ]);
  let allowed = 0;
  for (const index of cases.keys()) {
    const expected = contenders.get('hand')!(index);
    if (expected) allowed += 1;
    for (const name of ['hand and checks', 'closures', 'module', 'casbin', 'casl', 'casl built'])
      assert.equal(contenders.get(name)!(index), expected, `${name} and the hand-written rules must agree`);
  }
  const rates = measure(contenders);
  const rate = (name: string): number => rates.get(name)!;
  const row = (name: string, value: number, unit: string, target?: string): BenchResult => ({
    name,
    value,
    unit,
    ...(target === undefined ? {} : { target }),
  });
  return [
    row('the rules of marks by hand', rate('hand'), '1/s'),
    row('the same by hand, with the checks of the request', rate('hand and checks'), '1/s'),
    row('share of the requests that are allowed', allowed / cases.length, 'ratio'),
    row('compiled to a module', rate('module'), '1/s'),
    row('compiled to closures', rate('closures'), '1/s'),
    row('through Casbin, rows kept by object and action', rate('casbin'), '1/s'),
    row('plain node-casbin, enforceSync, as many rules', rate('plain'), '1/s'),
    row('CASL, the ability of each person kept', rate('casl'), '1/s'),
    row('CASL, the ability built for each request', rate('casl built'), '1/s'),
    row('closures ÷ CASL kept', rate('closures') / rate('casl'), 'ratio'),
    row(
      'cost of the module ÷ by hand with checks',
      rate('hand and checks') / rate('module'),
      'ratio',
      '≤ 1.5',
    ),
    row(
      'cost of the closures ÷ by hand with checks',
      rate('hand and checks') / rate('closures'),
      'ratio',
      '≤ 2.5',
    ),
    row('cost of the module ÷ by hand, nothing checked', rate('hand') / rate('module'), 'ratio'),
    row('cost of the closures ÷ by hand, nothing checked', rate('hand') / rate('closures'), 'ratio'),
    row('closures ÷ plain node-casbin', rate('closures') / rate('plain'), 'ratio', '≥ 300'),
    row(
      'compiling to closures',
      medianOf(20, () => openEngine(policies)),
      'ms',
      '≤ 20',
    ),
    row(
      'writing the module',
      medianOf(20, () => generateModule(policies)),
      'ms',
      '≤ 20',
    ),
    row('writing, loading and opening the module', moduleMs, 'ms'),
  ];
}

function askEngine(engine: Engine, cases: readonly Case[]): (index: number) => boolean {
  return (index) => engine.decide(cases[index]!.request, cases[index]!.facts).allowed;
}

async function openModule(policies: Awaited<ReturnType<typeof loadPolicies>>) {
  const folder = await mkdtemp(path.join(tmpdir(), 'socle-bench-'));
  try {
    const start = performance.now();
    const file = path.join(folder, 'policies.mjs');
    await writeFile(file, generateModule(policies));
    const engine = openEngine(policies, { module: await loadModule(policies, file) });
    return { engine, openMs: performance.now() - start };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Decisions a second of each, the median of rounds in which each has its turn. */
function measure(contenders: ReadonlyMap<string, (index: number) => boolean>): ReadonlyMap<string, number> {
  const rounds = new Map([...contenders.keys()].map((name) => [name, [] as number[]]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, decide] of contenders) {
      const start = performance.now();
      let done = 0;
      while (performance.now() - start < ROUND_MS) {
        const slow = name === 'plain' ? 10 : 500;
        for (let turn = 0; turn < slow; turn += 1) decide((done + turn) % PEOPLE);
        done += slow;
      }
      // The first round warms up.
      if (round > 0) rounds.get(name)!.push(done / ((performance.now() - start) / 1000));
    }
  }
  return new Map([...rounds].map(([name, rates]) => [name, median(rates)]));
}

function medianOf(times: number, work: () => unknown): number {
  return median(
    Array.from({ length: times }, () => {
      const start = performance.now();
      work();
      return performance.now() - start;
    }),
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)]!;
}
function buildCases(): readonly { readonly request: DecisionRequest; readonly facts: PersonFacts }[] {
  const schools = new Map([['s1', { academy: 'a1', region: 'r1', controller: 's1' }]]);
  const roles = ['pupil', 'guardian', 'teacher', 'head', 'cpe'];
  return Array.from({ length: PEOPLE }, (_, index) => {
    const role = roles[index % roles.length]!;
    const person = `p${index}`;
    const pupil = role === 'pupil' ? person : 'child';
    const facts: PersonFacts = {
      person,
      revision: 1,
      suspended: index % 50 === 0,
      roles: [{ role, scope: 'school', domain: 's1' }],
      teaches: role === 'teacher' ? [{ school: 's1', division: `d${index % 3}`, subject: 'maths' }] : [],
      headTeacherOf: [],
      memberOf: [],
      children:
        role === 'guardian'
          ? [
              {
                child: 'child',
                exercise: index % 4 ? 'joint' : 'none',
                kind: 'legal',
                schools: ['s1'],
                divisions: ['d1'],
              },
            ]
          : [],
      schools,
    };
    const resource = {
      type: 'grades.mark',
      school: 's1',
      division: 'd1',
      subject: 'maths',
      pupil,
      published: index % 7 !== 0,
      closed: false,
    };
    return {
      request: { subject: person, action: 'grades.mark.read', resource, environment: { now: NOW } },
      facts,
    };
  });
}

function decideByHand({ resource, environment }: DecisionRequest, facts: PersonFacts): boolean {
  if (facts.suspended) return false;
  const valid = (window: { readonly from?: Date; readonly to?: Date }): boolean =>
    (window.from === undefined || window.from <= environment.now) &&
    (window.to === undefined || environment.now < window.to);
  const has = (role: string): boolean =>
    facts.roles.some((held) => held.role === role && held.domain === resource.school && valid(held));
  const link = facts.children.find((child) => child.child === resource.pupil && valid(child));
  const authority = link?.exercise === 'joint' || link?.exercise === 'sole';
  if (link !== undefined && link.kind === 'legal' && !authority) return false;
  if (
    has('teacher') &&
    facts.teaches.some(
      (fact) => fact.division === resource.division && fact.subject === resource.subject && valid(fact),
    )
  )
    return true;
  if (resource.published !== true) return false;
  return (
    (has('pupil') && resource.pupil === facts.person) ||
    has('head') ||
    (has('guardian') && authority && link?.kind === 'legal') ||
    (has('head_teacher') &&
      facts.headTeacherOf.some((fact) => fact.division === resource.division && valid(fact)))
  );
}

/** The duties of an engine by hand: the request is whole, the facts are the subject's, a failure is a denial. */
function decideWithChecks(request: DecisionRequest, facts: PersonFacts): { allowed: boolean; basis: string } {
  const { resource, environment } = request;
  const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
  const isOptionalText = (value: unknown): boolean => value === undefined || isText(value);
  const isOptionalFlag = (value: unknown): boolean => value === undefined || typeof value === 'boolean';
  try {
    const whole =
      request.action === 'grades.mark.read' &&
      resource.type === 'grades.mark' &&
      isText(request.subject) &&
      facts.person === request.subject &&
      typeof facts.suspended === 'boolean' &&
      !Number.isNaN(environment.now.getTime()) &&
      isText(resource.school) &&
      isText(resource.division) &&
      isText(resource.subject) &&
      isOptionalText(resource.id) &&
      isOptionalText(resource.academy) &&
      isOptionalText(resource.region) &&
      isOptionalText(resource.pupil) &&
      isOptionalText(resource.owner) &&
      isOptionalFlag(resource.published) &&
      isOptionalFlag(resource.closed);
    if (!whole) return { allowed: false, basis: 'error' };
    return decideByHand(request, facts)
      ? { allowed: true, basis: 'allow' }
      : { allowed: false, basis: 'none' };
  } catch {
    return { allowed: false, basis: 'error' };
  }
}

/** The same rules for CASL: what one person may read, as conditions over the resource. */
function buildAbility(facts: PersonFacts): MongoAbility {
  const { can, cannot, build } = new AbilityBuilder(createMongoAbility);
  const schoolsAs = (role: string): string[] =>
    facts.roles.filter((held) => held.role === role).map((held) => held.domain);
  const type = 'grades.mark';
  if (!facts.suspended) {
    for (const school of schoolsAs('head')) can('read', type, { school, published: true });
    for (const school of schoolsAs('pupil'))
      can('read', type, { school, published: true, pupil: facts.person });
    for (const school of schoolsAs('teacher'))
      for (const { division, subject } of facts.teaches)
        can('read', type, { school, division, ...(subject && { subject }) });
    for (const school of schoolsAs('guardian'))
      for (const link of facts.children)
        if (link.kind === 'legal') can('read', type, { school, published: true, pupil: link.child });
    for (const link of facts.children)
      if (link.exercise !== 'joint' && link.exercise !== 'sole') cannot('read', type, { pupil: link.child });
  }
  return build({ detectSubjectType: (resource) => (resource as { type: string }).type });
}

/** Casbin as its own documentation shows it: people in g, every rule scanned. */
async function openPlainCasbin(rules: number) {
  const model = newModelFromString(`[request_definition]
r = sub, dom, obj, act
[policy_definition]
p = sub, dom, obj, act, eft
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = g(r.sub, p.sub, r.dom) && r.dom == p.dom && r.obj == p.obj && r.act == p.act
`);
  const rows = Array.from(
    { length: rules },
    (_, index) => `p, role${index % 13}, s1, o${index % 13}, read, allow`,
  );
  const people = Array.from({ length: PEOPLE }, (_, index) => `g, p${index}, role${index % 13}, s1`);
  return newEnforcer(model, new StringAdapter([...rows, ...people].join('\n')));
}
