import { describe, expect, it } from 'vitest';
import { decide, findFacts, findResource } from '../support/policy-world.ts';

const NAMES = [
  '*',
  'anyone',
  'any',
  'always',
  'teacher',
  'head',
  'dpo',
  '__proto__',
  'constructor',
  'toString',
  'eval',
];

describe('T-AUZ-07 crafted names', () => {
  const mark = findResource('mark-lea');

  it.each(NAMES)('a person called %s has no right by that', (person) => {
    const facts = findFacts('zoe', { person });
    expect(decide(facts, 'grades.mark.read', mark)).toEqual({ allowed: false, basis: 'none' });
    expect(decide(facts, 'audit.log.read', findResource('log-ferry')).allowed).toBe(false);
  });

  it('a pupil called so still reads the own mark (positive twin)', () => {
    for (const person of NAMES) {
      const facts = findFacts('lea', { person });
      expect(decide(facts, 'grades.mark.read', { ...mark, pupil: person }).rule).toBe('GRA-014');
    }
  });

  it.each(NAMES)('a role called %s in the facts gives nothing', (role) => {
    const given = { role, scope: 'school' as const, domain: 'college-ferry' };
    const named = role === 'head' ? { ...given, role: 'Head' } : given;
    expect(decide(findFacts('zoe', { roles: [named] }), 'grades.mark.read', mark).allowed).toBe(false);
  });

  it.each(NAMES)('an action or a type called %s is an error', (name) => {
    const irene = findFacts('irene');
    expect(decide(irene, name, mark)).toEqual({ allowed: false, basis: 'error' });
    expect(decide(irene, 'grades.mark.read', { ...mark, type: name })).toEqual({
      allowed: false,
      basis: 'error',
    });
    expect(decide(irene, 'grades.mark.read', mark).allowed).toBe(true);
  });

  it.each(NAMES)('a school called %s is a school where nobody is', (school) => {
    expect(decide(findFacts('irene'), 'grades.mark.read', { ...mark, school })).toEqual({
      allowed: false,
      basis: 'none',
    });
  });
});
