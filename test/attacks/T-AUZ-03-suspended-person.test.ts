import { describe, expect, it } from 'vitest';
import { ACTIONS, decide, findFacts, findResource, findResourcesOf } from '../support/policy-world.ts';

const PEOPLE = ['helene', 'paul', 'lea', 'elise', 'irene', 'aline', 'denis', 'fabien', 'tania', 'sophie'];

describe('T-AUZ-03 a suspended person', () => {
  it('is denied by the legal rule whatever would be allowed, and is allowed again when resumed', () => {
    let allowedOtherwise = 0;
    for (const [action, type] of ACTIONS) {
      const resources = findResourcesOf(type);
      expect(resources, type).not.toEqual([]);
      for (const [person, resource] of PEOPLE.flatMap((each) => resources.map((on) => [each, on] as const))) {
        const facts = findFacts(person);
        const suspended = decide({ ...facts, suspended: true }, action, resource);
        expect(suspended).toEqual({ allowed: false, basis: 'deny', rule: 'DNY-001' });
        if (decide(facts, action, resource).allowed) allowedOtherwise += 1;
      }
    }
    expect(allowedOtherwise).toBeGreaterThan(60);
  });

  it('is denied even the own entry', () => {
    const entry = findResource('entry-helene');
    expect(decide(findFacts('helene'), 'directory.person.read', entry).allowed).toBe(true);
    expect(decide(findFacts('helene', { suspended: true }), 'directory.person.read', entry).allowed).toBe(
      false,
    );
  });
});
