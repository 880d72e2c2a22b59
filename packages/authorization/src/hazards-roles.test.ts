import {
  DefaultRoleManager,
  StringAdapter,
  newCachedEnforcer,
  newEnforcer,
  newModelFromString,
} from 'casbin';
import { describe, expect, it } from 'vitest';
import { openEngine } from './engine.ts';
import { buildMatcherFunctions } from './matcher-functions.ts';
import {
  LEA,
  NOW,
  PUPIL_READS,
  SCHOOL,
  buildFacts,
  buildRequest,
  buildSmallPolicies,
} from './testing/small-policies.ts';
import { buildPlace, buildSubject } from './subject.ts';

// Hazards of node-casbin 5.51.1 in roles and caches: each in plain Casbin, then gone in ours, then the twin.

async function openPlain(csv: string) {
  const model = newModelFromString(
    '[request_definition]\nr = sub, obj, act\n[policy_definition]\np = sub, obj, act, eft\n[role_definition]\ng = _, _\n[policy_effect]\ne = some(where (p.eft == allow)) && !some(where (p.eft == deny))\n[matchers]\nm = g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act\n',
  );
  return newEnforcer(model, new StringAdapter(csv));
}

const engine = openEngine(buildSmallPolicies([PUPIL_READS]));
const functions = buildMatcherFunctions();

describe('hazard 5: g is reflexive', () => {
  it('plain Casbin gives a person whose id is "direction" the role direction', async () => {
    const plain = await openPlain('p, direction, o, x, allow\ng, alice, direction');
    expect(plain.enforceSync('direction', 'o', 'x')).toBe(true);
  });

  it('in ours a person whose id is "pupil" has no role by that', () => {
    const facts = buildFacts({ person: 'pupil' });
    const resource = { ...buildRequest().resource, pupil: 'pupil' };
    const request = buildRequest({ subject: 'pupil', resource });
    expect(engine.decide(request, facts)).toEqual({ allowed: false, basis: 'none' });
    expect(engine.decide(request, { ...facts, roles: LEA.roles }).allowed).toBe(true);
  });
});

describe('hazard 6: g(undefined, undefined) and g("", "") hold', () => {
  it('plain Casbin gives nobody the role of nobody', async () => {
    const plain = await openPlain('p, "", o, x, allow\ng, alice, direction');
    expect(plain.enforceSync(undefined, 'o', 'x')).toBe(true);
    expect(plain.enforceSync('', 'o', 'x')).toBe(true);
  });

  it.each(['hasRole', 'related', 'holds'])(
    'in ours %s throws on a missing argument, at any place',
    (name) => {
      const call = functions[name]!;
      const subject = buildSubject('lea', LEA, NOW);
      const place = buildPlace(buildRequest().resource, LEA);
      const full: Record<string, unknown[]> = {
        hasRole: [subject, 'pupil', place, 'school'],
        related: ['self', subject, buildRequest().resource],
        holds: ['published', subject, buildRequest().resource, { now: NOW }],
      };
      const given = full[name]!;
      for (const missing of [undefined, null, '']) {
        for (const index of given.keys())
          expect(() => call(...given.with(index, missing))).toThrow(/lacks an argument/);
      }
      expect(() => call(...given.slice(1))).toThrow(/takes \d arguments/);
      expect(call(...given)).toBe(true);
    },
  );

  it('a request without subject, or with the facts of another person, is an error', () => {
    for (const subject of ['', undefined as unknown as string, 'noe'])
      expect(engine.decide(buildRequest({ subject }), LEA)).toEqual({ allowed: false, basis: 'error' });
    expect(engine.decide(buildRequest({ subject: '' }), buildFacts({ person: '' })).basis).toBe('error');
  });
});

describe('hazard 8: the CachedEnforcer keeps allows after revocation', () => {
  it('plain Casbin still allows when the policy is gone', async () => {
    const cached = await newCachedEnforcer(plainModel(), new StringAdapter('p, a, o, x, allow'));
    expect(await cached.enforce('a', 'o', 'x')).toBe(true);
    cached.clearPolicy();
    expect(await cached.enforce('a', 'o', 'x')).toBe(true);
  });

  it('ours keeps no verdict: facts without the role deny at once, and allow again with it', () => {
    expect(engine.decide(buildRequest(), LEA).allowed).toBe(true);
    expect(engine.decide(buildRequest(), { ...LEA, roles: [] }).allowed).toBe(false);
    expect(engine.decide(buildRequest(), { ...LEA, suspended: true }).allowed).toBe(false);
    expect(engine.decide(buildRequest(), LEA).allowed).toBe(true);
  });
});

describe('hazard 9: the keys of the CachedEnforcer collide', () => {
  it('plain Casbin answers one request with the verdict of another', async () => {
    const cached = await newCachedEnforcer(plainModel(), new StringAdapter('p, a, b$$c, x, allow'));
    expect(await cached.enforce('a', 'b$$c', 'x')).toBe(true);
    expect(await cached.enforce('a$$b', 'c', 'x')).toBe(true);
  });

  it('ours gives such a subject its own verdict', () => {
    const subject = 'lea$$grades.mark';
    expect(engine.decide(buildRequest(), LEA).allowed).toBe(true);
    expect(engine.decide(buildRequest({ subject }), buildFacts({ person: subject })).allowed).toBe(false);
  });
});

describe('hazard 12: an unknown domain allocates memory for each request', () => {
  it('plain Casbin keeps every domain it was ever asked about', () => {
    const roles = new DefaultRoleManager(10);
    for (let index = 0; index < 1000; index += 1) roles.syncedHasLink('a', 'b', `school-${index}`);
    expect((roles as unknown as { allDomains: Map<string, unknown> }).allDomains.size).toBe(1001);
  });

  it('ours holds nothing that could grow: roles and schools are frozen through a thousand unknown schools', () => {
    const facts = Object.freeze({
      ...LEA,
      roles: Object.freeze([...LEA.roles]),
      schools: new Map(LEA.schools),
    });
    for (let index = 0; index < 1000; index += 1) {
      const resource = { ...buildRequest().resource, school: `school-${index}` };
      expect(engine.decide(buildRequest({ resource }), facts)).toEqual({ allowed: false, basis: 'none' });
    }
    expect(facts.schools.size).toBe(1);
    expect(engine.decide(buildRequest(), facts).allowed).toBe(true);
  });
});

describe('hazard 16: a role chain over 10 is cut', () => {
  it('plain Casbin loses a denial at the end of a long chain', async () => {
    const chain = Array.from({ length: 12 }, (_, index) => `g, r${index}, r${index + 1}`).join('\n');
    const plain = await openPlain(`p, r12, o, x, deny\np, r1, o, x, allow\n${chain}`);
    expect(plain.enforceSync('r0', 'o', 'x')).toBe(true);
  });

  it('ours has no chain to cut: the twentieth role of a person counts as the first', () => {
    const others = Array.from({ length: 20 }, () => ({
      role: 'staff',
      scope: 'school' as const,
      domain: SCHOOL,
    }));
    const facts = { ...LEA, roles: [...others, ...LEA.roles] };
    expect(engine.decide(buildRequest(), facts).allowed).toBe(true);
    expect(engine.decide(buildRequest(), { ...LEA, roles: others }).allowed).toBe(false);
  });
});

function plainModel() {
  return newModelFromString(
    '[request_definition]\nr = sub, obj, act\n[policy_definition]\np = sub, obj, act\n[policy_effect]\ne = some(where (p.eft == allow))\n[matchers]\nm = r.sub == p.sub && r.obj == p.obj && r.act == p.act\n',
  );
}
