import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { AbilityBuilder, createMongoAbility, type MongoAbility } from '@casl/ability';
import { preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import {
  loadPolicies,
  openEngine,
  type DecisionRequest,
  type PersonFacts,
  type Resource,
} from '@socle/authorization';
import { StringAdapter, newEnforcer, newModelFromString } from 'casbin';
import type { BenchResult } from './result.ts';

const PEOPLE = 1_200;
const ROUNDS = 5;
const ROUND_MS = 200;
const NOW = new Date('2026-11-23T10:00:00Z');
const TYPE = 'grades.mark';
const ACTION = 'grades.mark.read';

interface Case {
  readonly request: DecisionRequest;
  readonly facts: PersonFacts;
}

/**
 * The rule of reading a mark in five engines, on the same requests. The oracle is a table written with the requests: each
 * says by construction whether it is allowed, and knows no engine. Every engine answers every request as the table
 * does, or nothing is measured. All are then timed in turn, round by round, so that a busy machine slows them alike.
 */
export async function run(): Promise<BenchResult[]> {
  const { cases, expected } = buildCases();
  const engine = openEngine(await loadPolicies(fileURLToPath(new URL('../policies', import.meta.url))));
  const abilities = cases.map(({ facts }) => buildAbility(facts));
  const contenders = new Map<string, (index: number) => boolean>([
    ['socle', (index) => engine.decide(cases[index]!.request, cases[index]!.facts).allowed],
    ['casl kept', (index) => abilities[index]!.can('read', cases[index]!.request.resource)],
    ['casl built', (index) => buildAbility(cases[index]!.facts).can('read', cases[index]!.request.resource)],
    ['cedar', openCedar(cases)],
    ['casbin', await openPlainCasbin(cases)],
  ]);
  let compared = 0;
  for (const [name, decide] of contenders) {
    for (const [index, allowed] of expected.entries()) {
      assert.equal(decide(index), allowed, `${name} and the table differ on request ${index}`);
      compared += 1;
    }
  }
  const allowed = expected.filter(Boolean).length;
  assert.ok(allowed > PEOPLE / 4 && allowed < (PEOPLE * 3) / 4, 'both verdicts are asked for');
  const rates = measure(contenders);
  const rate = (name: string): number => rates.get(name)!;
  return [
    { name: 'answers compared with the table, without a difference', value: compared, unit: 'answers' },
    { name: 'share of the requests that are allowed', value: allowed / PEOPLE, unit: 'ratio' },
    { name: 'Socle, compiled to closures', value: rate('socle'), unit: '1/s' },
    { name: 'CASL, the ability of each person kept', value: rate('casl kept'), unit: '1/s' },
    { name: 'CASL, the ability built for each request', value: rate('casl built'), unit: '1/s' },
    { name: 'Cedar (wasm), policies parsed before', value: rate('cedar'), unit: '1/s' },
    { name: 'node-casbin, enforceSync on the same rules', value: rate('casbin'), unit: '1/s' },
    { name: 'Socle ÷ CASL kept', value: rate('socle') / rate('casl kept'), unit: 'ratio' },
    { name: 'Socle ÷ CASL built', value: rate('socle') / rate('casl built'), unit: 'ratio' },
    { name: 'Socle ÷ Cedar', value: rate('socle') / rate('cedar'), unit: 'ratio' },
    // five rows here; `authorization` measures as many rows as the policies have, where the limit of 300 is held
    { name: 'Socle ÷ node-casbin of five rows', value: rate('socle') / rate('casbin'), unit: 'ratio' },
  ];
}

/** Requests in twelve kinds, each with the verdict that the rules of marks give it, by its construction. */
function buildCases(): { readonly cases: readonly Case[]; readonly expected: readonly boolean[] } {
  const kinds: readonly {
    readonly role: string;
    readonly published: boolean;
    readonly allowed: boolean;
    readonly suspended?: boolean;
    readonly elsewhere?: boolean;
    readonly subject?: string;
    readonly pupil?: 'self' | 'child' | 'other';
    readonly exercise?: 'joint' | 'withdrawn';
  }[] = [
    { role: 'pupil', published: true, pupil: 'self', allowed: true },
    { role: 'pupil', published: false, pupil: 'self', allowed: false },
    { role: 'pupil', published: true, pupil: 'other', allowed: false },
    { role: 'guardian', published: true, pupil: 'child', exercise: 'joint', allowed: true },
    { role: 'guardian', published: true, pupil: 'child', exercise: 'withdrawn', allowed: false },
    { role: 'guardian', published: true, pupil: 'other', exercise: 'joint', allowed: false },
    { role: 'teacher', published: false, subject: 'maths', allowed: true },
    { role: 'teacher', published: true, subject: 'french', allowed: false },
    { role: 'head', published: true, allowed: true },
    { role: 'head', published: true, elsewhere: true, allowed: false },
    { role: 'head', published: true, suspended: true, allowed: false },
    { role: 'teacher', published: true, subject: 'maths', allowed: true },
  ];
  const schools = new Map(
    ['s1', 's2'].map((id) => [id, { academy: 'a1', region: 'r1', controller: id }] as const),
  );
  const cases = Array.from({ length: PEOPLE }, (_, index): Case => {
    const kind = kinds[index % kinds.length]!;
    const person = `p${index}`;
    const pupils = { self: person, child: `c${index}`, other: 'somebody' };
    return {
      request: {
        subject: person,
        action: ACTION,
        resource: {
          type: TYPE,
          id: `m${index}`,
          school: 's1',
          division: 'd1',
          subject: 'maths',
          pupil: pupils[kind.pupil ?? 'other'],
          published: kind.published,
          closed: false,
        },
        environment: { now: NOW, acr: 'password' },
      },
      facts: {
        person,
        revision: 1,
        suspended: kind.suspended === true,
        roles: [{ role: kind.role, scope: 'school', domain: kind.elsewhere ? 's2' : 's1' }],
        teaches: kind.subject === undefined ? [] : [{ school: 's1', division: 'd1', subject: kind.subject }],
        headTeacherOf: [],
        memberOf: [],
        children:
          kind.exercise === undefined
            ? []
            : [
                {
                  child: pupils.child,
                  exercise: kind.exercise,
                  kind: 'legal',
                  schools: ['s1'],
                  divisions: ['d1'],
                },
              ],
        schools,
      },
    };
  });
  return { cases, expected: cases.map((_, index) => kinds[index % kinds.length]!.allowed) };
}

/** What one person may read, as conditions over the mark. */
function buildAbility(facts: PersonFacts): MongoAbility {
  const { can, cannot, build } = new AbilityBuilder(createMongoAbility);
  if (!facts.suspended) {
    for (const { role, domain: school } of facts.roles) {
      if (role === 'head') can('read', TYPE, { school, published: true });
      if (role === 'pupil') can('read', TYPE, { school, published: true, pupil: facts.person });
      if (role === 'teacher')
        for (const { division, subject } of facts.teaches)
          can('read', TYPE, { school, division, ...(subject && { subject }) });
      if (role === 'guardian')
        for (const { child } of facts.children) can('read', TYPE, { school, published: true, pupil: child });
    }
    for (const { child, exercise } of facts.children)
      if (exercise !== 'joint' && exercise !== 'sole') cannot('read', TYPE, { pupil: child });
  }
  return build({ detectSubjectType: (resource) => (resource as unknown as Resource).type });
}

const CEDAR = `
permit (principal, action == Action::"read", resource)
when { principal.roles.contains({ role: "pupil", school: resource.school }) && resource.published && resource.pupil == principal.id };
permit (principal, action == Action::"read", resource)
when { principal.roles.contains({ role: "head", school: resource.school }) && resource.published };
permit (principal, action == Action::"read", resource)
when { principal.roles.contains({ role: "guardian", school: resource.school }) && resource.published && principal.children.contains(resource.pupil) };
permit (principal, action == Action::"read", resource)
when { principal.roles.contains({ role: "teacher", school: resource.school })
  && principal.teaches.contains({ division: resource.division, subject: resource.subject }) };
forbid (principal, action, resource) when { principal.suspended };
forbid (principal, action, resource) when { principal.withdrawn.contains(resource.pupil) };
`;

/** Cedar with its policies parsed once; the person and the mark go with each request, as they must. */
function openCedar(cases: readonly Case[]): (index: number) => boolean {
  const parsed = preparsePolicySet('marks', { staticPolicies: CEDAR });
  assert.equal(parsed.type, 'success');
  const calls = cases.map(({ request, facts }) => {
    const { type: _type, id, ...mark } = request.resource;
    const principal = { type: 'Person', id: facts.person };
    const resource = { type: 'Mark', id: id! };
    const hasAuthority = ({ exercise }: PersonFacts['children'][number]): boolean =>
      exercise === 'joint' || exercise === 'sole';
    return {
      principal,
      action: { type: 'Action', id: 'read' },
      resource,
      context: {},
      preparsedPolicySetId: 'marks',
      entities: [
        {
          uid: principal,
          attrs: {
            id: facts.person,
            suspended: facts.suspended,
            roles: facts.roles.map(({ role, domain }) => ({ role, school: domain })),
            teaches: facts.teaches.map(({ division, subject }) => ({ division, subject: subject! })),
            children: facts.children.filter(hasAuthority).map(({ child }) => child),
            withdrawn: facts.children.filter((link) => !hasAuthority(link)).map(({ child }) => child),
          },
          parents: [],
        },
        { uid: resource, attrs: { ...mark } as Record<string, string | boolean>, parents: [] },
      ],
    };
  });
  return (index) => {
    const answer = statefulIsAuthorized(calls[index]!);
    assert.equal(answer.type, 'success');
    return answer.response.decision === 'allow';
  };
}

/** node-casbin with attributes of the request, as its documentation shows: every row scanned, the matcher interpreted. */
async function openPlainCasbin(cases: readonly Case[]): Promise<(index: number) => boolean> {
  const model = newModelFromString(`[request_definition]
r = sub, obj, act
[policy_definition]
p = role, act, rel, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = r.act == p.act && hasRole(r.sub, p.role, r.obj) && related(p.rel, r.sub, r.obj)
`);
  const rows = [
    'p, pupil, read, self, allow',
    'p, guardian, read, child, allow',
    'p, teacher, read, teaches, allow',
    'p, head, read, published, allow',
    'p, anyone, read, forbidden, deny',
  ];
  const enforcer = await newEnforcer(model, new StringAdapter(rows.join('\n')));
  await enforcer.addFunction(
    'hasRole',
    (facts: PersonFacts, role: string, mark: Resource) =>
      role === 'anyone' || facts.roles.some((held) => held.role === role && held.domain === mark.school),
  );
  await enforcer.addFunction('related', (relation: string, facts: PersonFacts, mark: Resource) => {
    const link = facts.children.find(({ child }) => child === mark.pupil);
    const hasAuthority = link?.exercise === 'joint' || link?.exercise === 'sole';
    switch (relation) {
      case 'self':
        return mark.published === true && mark.pupil === facts.person;
      case 'child':
        return mark.published === true && hasAuthority;
      case 'teaches':
        return facts.teaches.some(
          ({ division, subject }) => division === mark.division && subject === mark.subject,
        );
      case 'published':
        return mark.published === true;
      default:
        return facts.suspended || (link !== undefined && !hasAuthority);
    }
  });
  return (index) => enforcer.enforceSync(cases[index]!.facts, cases[index]!.request.resource, 'read');
}

/** Decisions a second of each, the median of rounds in which each has its turn. */
function measure(contenders: ReadonlyMap<string, (index: number) => boolean>): ReadonlyMap<string, number> {
  const rounds = new Map([...contenders.keys()].map((name) => [name, [] as number[]]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, decide] of contenders) {
      const start = performance.now();
      let done = 0;
      while (performance.now() - start < ROUND_MS) {
        const turns = name === 'cedar' || name === 'casbin' ? 10 : 500;
        for (let turn = 0; turn < turns; turn += 1) decide((done + turn) % PEOPLE);
        done += turns;
      }
      // the first round warms up
      if (round > 0) rounds.get(name)!.push(done / ((performance.now() - start) / 1000));
    }
  }
  return new Map(
    [...rounds].map(([name, rates]) => [name, rates.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)]!]),
  );
}
