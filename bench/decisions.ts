import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { loadPolicies, openEngine, type DecisionRequest, type PersonFacts } from '@socle/authorization';
import { StringAdapter, newEnforcer, newModelFromString } from 'casbin';
import type { BenchResult } from './result.ts';

const SECONDS = 2;
const PEOPLE = 2000;
const NOW = new Date('2026-11-23T10:00:00Z');

/** Decisions a second: our engine, the same question by hand, and plain Casbin in its usual form with as many rules. */
export async function run(): Promise<BenchResult[]> {
  const policies = await loadPolicies(fileURLToPath(new URL('../policies', import.meta.url)));
  const engine = openEngine(policies);
  const cases = buildCases();
  for (const { request, facts } of cases)
    assert.equal(engine.decide(request, facts).allowed, decideByHand(request, facts), 'the two must agree');
  const engineRate = measure((index) => {
    const { request, facts } = cases[index % cases.length]!;
    return engine.decide(request, facts).allowed;
  });
  const handRate = measure((index) => {
    const { request, facts } = cases[index % cases.length]!;
    return decideByHand(request, facts);
  });
  const plain = await openPlainCasbin(policies.rules.length);
  const plainRate = measure((index) => plain.enforceSync(`p${index % PEOPLE}`, 's1', 'o1', 'read'));
  const opened = process.hrtime.bigint();
  for (let round = 0; round < 20; round += 1) openEngine(policies);
  const openMs = Number(process.hrtime.bigint() - opened) / 1e6 / 20;
  return [
    { name: 'decisions through Casbin, rows kept by object and action', value: engineRate.rate, unit: '1/s' },
    { name: 'share of those that allow', value: engineRate.share, unit: 'ratio' },
    { name: 'plain node-casbin, enforceSync, as many rules', value: plainRate.rate, unit: '1/s' },
    {
      name: 'engine ÷ plain node-casbin',
      value: engineRate.rate / plainRate.rate,
      unit: 'ratio',
      target: '≥ 5',
    },
    { name: 'the same question by hand ÷ engine', value: handRate.rate / engineRate.rate, unit: 'ratio' },
    { name: 'opening an engine', value: openMs, unit: 'ms', target: '≤ 20' },
  ];
}

function measure(decide: (index: number) => boolean): { readonly rate: number; readonly share: number } {
  for (let index = 0; index < 2000; index += 1) decide(index);
  let done = 0;
  let allowed = 0;
  const start = process.hrtime.bigint();
  const end = start + BigInt(SECONDS) * 1_000_000_000n;
  while (process.hrtime.bigint() < end) {
    for (let turn = 0; turn < 100; turn += 1) {
      if (decide(done)) allowed += 1;
      done += 1;
    }
  }
  return { rate: done / (Number(process.hrtime.bigint() - start) / 1e9), share: allowed / done };
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
