import { describe, expect, it } from 'vitest';
import { openEngine } from '../engine.ts';
import { loadPolicies } from '../load-policies.ts';
import { buildSmallPolicies, POLICIES_FOLDER, PUPIL_READS } from '../testing/small-policies.ts';
import { buildWorlds } from '../worlds.ts';
import { listNeededFacts, trimFacts } from './needed-facts.ts';

const policies = await loadPolicies(POLICIES_FOLDER);

describe('the facts that a module needs', () => {
  it('give every decision on its objects as all facts do', () => {
    const engine = openEngine(policies);
    const next = buildWorlds(policies, 77);
    const needed = new Map(
      [...policies.vocabulary.objects.values()].map(({ owner }) => [owner, listNeededFacts(policies, owner)]),
    );
    const seen = { allow: 0, deny: 0, none: 0, error: 0 };
    let smaller = 0;
    for (let turn = 0; turn < 20_000; turn += 1) {
      const { request, facts } = next();
      const owner = policies.vocabulary.actions.get(request.action)!.owner;
      const trimmed = trimFacts(facts, needed.get(owner)!);
      const decision = engine.decide(request, trimmed);
      expect(decision, JSON.stringify(request)).toEqual(engine.decide(request, facts));
      seen[decision.basis] += 1;
      if (trimmed.roles.length < facts.roles.length) smaller += 1;
    }
    expect(Math.min(seen.allow, seen.none)).toBeGreaterThan(3_000);
    expect(seen.deny).toBeGreaterThan(300);
    expect(smaller).toBeGreaterThan(1_000);
  });

  it('are no more than its rules ask', () => {
    const pupilsAlone = buildSmallPolicies([PUPIL_READS]);
    expect(listNeededFacts(pupilsAlone, 'grades')).toEqual({
      roles: new Set(['pupil']),
      teaches: false,
      headTeacherOf: false,
      memberOf: false,
      children: false,
      birthDate: false,
    });
    const facts = buildWorlds(policies, 5)().facts;
    const trimmed = trimFacts({ ...facts, birthDate: '2010-01-01' }, listNeededFacts(pupilsAlone, 'grades'));
    expect(trimmed).toMatchObject({ teaches: [], children: [], memberOf: [] });
    expect(trimmed).not.toHaveProperty('birthDate');
  });
});
