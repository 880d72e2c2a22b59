import { describe, expect, it } from 'vitest';
import { conditions } from './conditions.ts';
import { openEngine } from './engine.ts';
import type { PersonFacts, Resource } from './facts.ts';
import { boundMember, buildListFilter, printWhere } from './list-filter.ts';
import { matchesPredicate } from './list-predicate.ts';
import { SETTLED, relationTwins } from './list-twins.ts';
import { loadPolicies } from './load-policies.ts';
import { relations } from './relations.ts';
import { LEA, NOW, POLICIES_FOLDER, SCHOOL, buildFacts } from './testing/small-policies.ts';
import { buildWorlds } from './worlds.ts';

const policies = await loadPolicies(POLICIES_FOLDER);
const environment = { now: NOW, acr: 'password' };
const filter = (action: string, facts: PersonFacts) =>
  buildListFilter(policies, { action, environment }, facts);

it('every relation and every condition has its twin for lists', () => {
  expect([...relationTwins.keys()].toSorted()).toEqual([...relations.keys()].toSorted());
  expect([...SETTLED, 'published', 'not_closed'].toSorted()).toEqual([...conditions.keys()].toSorted());
  for (const name of SETTLED) {
    const watched = new Proxy({ type: 'x' } as Resource, {
      get: () => {
        throw new Error(`${name} looks at the resource`);
      },
    });
    expect(conditions.get(name)!({ facts: LEA, at: NOW.getTime() }, watched, environment)).toBeTypeOf(
      'boolean',
    );
  }
});

it('a filter and a decision agree in 50 000 worlds', () => {
  const engine = openEngine(policies);
  const next = buildWorlds(policies, 77);
  let allowed = 0;
  for (let turn = 0; turn < 50_000; turn += 1) {
    const { request, facts } = next();
    // The list is of the type that the action acts on.
    if (policies.vocabulary.actions.get(request.action)!.name !== request.resource.type) continue;
    const { action, resource } = request;
    const members =
      resource.type === 'directory.division' ? { ...resource, id: resource.division! } : resource;
    const listed = matchesPredicate(
      buildListFilter(policies, { action, environment: request.environment }, facts),
      members,
    );
    const decision = engine.decide(request, facts);
    if (listed !== decision.allowed)
      expect({ turn, action, listed, rule: decision.rule, basis: decision.basis }).toEqual('agreement');
    if (listed) allowed += 1;
  }
  expect(allowed).toBeGreaterThan(10_000);
});

describe('printWhere', () => {
  const columns = {
    school: { column: 'm.school_id', type: 'uuid' },
    pupil: { column: 'pupil_id' },
    published: { column: 'published' },
    division: { always: '6a' },
    subject: { always: 'maths' },
  } as const;

  it('writes values as parameters and nothing else', () => {
    const nasty = buildFacts({
      person: "x'; DROP TABLE marks; --",
      roles: [{ role: 'pupil', scope: 'school', domain: "s') OR true --" }],
    });
    const where = printWhere(filter('grades.mark.read', nasty), columns, 3);
    expect(where.sql).toBe(
      '(m.school_id = ANY($3::uuid[]) AND pupil_id = ANY($4::text[]) AND published IS TRUE AND m.school_id IS NOT NULL AND true AND true)',
    );
    expect(where.values).toEqual([["s') OR true --"], ["x'; DROP TABLE marks; --"]]);
  });

  it('refuses a column that is not a plain identifier', () => {
    const predicate = filter('grades.mark.read', LEA);
    expect(() => printWhere(predicate, { school: { column: 'school_id OR true' } })).toThrow(
      /plain identifier/,
    );
  });

  it('lists nothing to who is suspended or has no role', () => {
    expect(printWhere(filter('grades.mark.read', { ...LEA, suspended: true }), columns)).toEqual({
      sql: 'false',
      values: [],
    });
    expect(filter('grades.mark.read', buildFacts())).toEqual({ kind: 'constant', value: false });
  });

  it('is refused for an action that is not in the vocabulary, and for facts that are not whole', () => {
    expect(() => filter('grades.mark.raed', LEA)).toThrow(/not in the vocabulary/);
    expect(() =>
      filter('grades.mark.read', { ...LEA, suspended: undefined } as unknown as PersonFacts),
    ).toThrow(/suspended/);
  });
});

it('boundMember gives the ids of a short list, and none when the list is not bound or too long', () => {
  expect(boundMember(filter('grades.mark.read', LEA), 'pupil', 10)).toEqual(['lea']);
  expect(boundMember(filter('grades.mark.read', LEA), 'pupil', 0)).toBeUndefined();
  expect(boundMember(filter('grades.mark.read', LEA), 'owner', 10)).toBeUndefined();
  const head = buildFacts({ roles: [{ role: 'head', scope: 'school', domain: SCHOOL }] });
  expect(boundMember(filter('grades.mark.read', head), 'pupil', 10)).toBeUndefined();
  expect(boundMember(filter('grades.mark.read', head), 'school', 10)).toEqual([SCHOOL]);
  expect(boundMember(filter('grades.mark.read', buildFacts()), 'pupil', 10)).toEqual([]);
});
