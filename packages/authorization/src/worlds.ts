import type { ChildFact, DecisionRequest, PersonFacts, Resource, RoleFact, TeachingFact } from './facts.ts';
import type { Policies } from './load-policies.ts';
import { ANYONE } from './roles.ts';
import type { Rule } from './rules.ts';

/** A question in a small invented world. */
export interface World {
  readonly request: DecisionRequest;
  readonly facts: PersonFacts;
}

const NOW = Date.UTC(2026, 10, 23, 10);
const SCHOOLS: PersonFacts['schools'] = new Map([
  ['s1', { academy: 'a1', region: 'g1', controller: 's1' }],
  ['s2', { academy: 'a2', region: 'g1', controller: 's2' }],
]);
const EXERCISES: readonly ChildFact['exercise'][] = ['joint', 'sole', 'none', 'suspended', 'withdrawn'];
const KINDS: readonly ChildFact['kind'][] = ['legal', 'legal', 'legal', 'in_charge', 'contact'];

/**
 * Makes worlds aimed at the rules of the policies: each world takes one rule and is drawn so that it often holds,
 * often just fails. The same seed gives the same worlds.
 */
export function buildWorlds(policies: Policies, seed: number): () => World {
  const draw = openDraw(seed);
  const { one, chance } = draw;
  const actions = [...policies.vocabulary.actions.keys()];
  const roles = [...policies.vocabulary.roles].filter((role) => role !== ANYONE);
  return () => {
    const rule = one(policies.rules);
    const action = rule.action === '*' ? one(actions) : rule.action;
    const type = policies.vocabulary.actions.get(action)!;
    const resource = buildResource(draw, type.name, type.needs, rule);
    const facts = buildFacts(draw, rule, roles);
    const acr = one(['badge', 'password', 'factor', 'passkey', undefined]);
    const environment = { now: new Date(NOW), ...(acr === undefined ? {} : { acr }) };
    const stray = chance(0.01) ? one(actions) : action;
    return { request: { subject: facts.person, action: stray, resource, environment }, facts };
  };
}

type Draw = ReturnType<typeof openDraw>;

function openDraw(seed: number) {
  let state = seed >>> 0;
  /** Mulberry32: a short generator that is good enough to spread worlds. Between 0 and 1. */
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const chance = (share: number): boolean => next() < share;
  const one = <Item>(items: readonly Item[]): Item => items[Math.floor(next() * items.length)]!;
  const some = <Item>(atMost: number, build: () => Item): readonly Item[] =>
    Array.from({ length: Math.floor(next() * (atMost + 1)) }, build);
  /** The usual thing, or now and then another. */
  const mostly = <Item>(usual: Item, others: readonly Item[]): Item => (chance(0.8) ? usual : one(others));
  const window = (): { readonly from?: Date; readonly to?: Date } => {
    const edge = (): Date => new Date(NOW + one([-1000, -1, 0, 1, 1000]));
    return { ...(chance(0.1) && { from: edge() }), ...(chance(0.1) && { to: edge() }) };
  };
  return { chance, one, some, mostly, window };
}

function buildResource(draw: Draw, type: string, needs: readonly string[], rule: Rule): Resource {
  const { chance, mostly, one } = draw;
  const flag = (usual: boolean): boolean | undefined => (chance(0.75) ? usual : one([!usual, undefined]));
  const members: Record<string, unknown> = { type };
  const give = (member: string, share: number, value: unknown): void => {
    if ((needs.includes(member) || chance(share)) && !chance(0.01) && value !== undefined)
      members[member] = value;
  };
  // Where nothing says the school, a wide role must be able to hold.
  const placed = needs.includes('school') || rule.scope === 'school' || chance(0.3);
  if (placed) give('school', 0.95, mostly('s1', ['s2', 's3']));
  give('academy', placed ? 0.1 : 0.8, mostly('a1', ['a2']));
  give('region', placed ? 0.1 : 0.8, mostly('g1', ['g2']));
  give('division', 0.7, mostly('d1', ['d2']));
  give('subject', 0.7, one(['maths', 'maths', 'french']));
  give('pupil', 0.8, rule.role === 'guardian' ? mostly('c1', ['p1', 'p2']) : one(['p1', 'p1', 'c1', 'p2']));
  give('owner', 0.7, mostly('p1', ['p2']));
  if (type !== 'directory.division') give('id', 0.6, one(['p1', 'p2', 'x1']));
  give('published', 0.9, flag(true));
  give('closed', 0.9, flag(false));
  return members as unknown as Resource;
}

function buildFacts(draw: Draw, rule: Rule, roles: readonly string[]): PersonFacts {
  const { chance, mostly, one, some, window } = draw;
  const teaching = (): TeachingFact => ({
    school: mostly('s1', ['s2']),
    division: mostly('d1', ['d2']),
    ...(chance(0.8) && { subject: one(['maths', 'maths', 'french']) }),
    ...window(),
  });
  const child = (): ChildFact => ({
    child: mostly('c1', ['p2', 'p1']),
    exercise: chance(0.85) ? one(['joint', 'sole']) : one(EXERCISES),
    kind: one(KINDS),
    schools: one([['s1'], ['s1'], ['s1', 's2'], ['s2'], []]),
    divisions: one([['d1'], ['d1'], ['d1', 'd2'], ['d2'], []]),
    ...window(),
  });
  const role = (name: string, scope: RoleFact['scope']): RoleFact => ({
    role: name,
    scope,
    domain:
      scope === 'school'
        ? mostly('s1', ['s2', 'a1'])
        : mostly(scope === 'academy' ? 'a1' : 'g1', ['s1', 'a2']),
    ...window(),
  });
  const aimed =
    rule.role === ANYONE || chance(0.15) ? [] : [role(rule.role, rule.scope as RoleFact['scope'])];
  const born = one(['2008-11-23', '2008-11-24', '2015-01-30', '1980-02-29', undefined]);
  return {
    person: 'p1',
    revision: 1,
    suspended: chance(rule.condition === 'suspended' ? 0.7 : 0.03),
    ...(born === undefined ? {} : { birthDate: born }),
    roles: [
      ...aimed,
      ...some(2, () => role(one(roles), one(['school', 'school', 'school', 'academy', 'region'] as const))),
    ],
    teaches: [...(rule.relation.startsWith('teaches') ? [teaching()] : []), ...some(2, teaching)],
    headTeacherOf: [...(rule.relation === 'head_teacher_of' ? [teaching()] : []), ...some(2, teaching)],
    memberOf: [...(rule.relation === 'member_of' ? [teaching()] : []), ...some(2, teaching)],
    children: [...(rule.role === 'guardian' ? [child()] : []), ...some(2, child)],
    schools: SCHOOLS,
  };
}
