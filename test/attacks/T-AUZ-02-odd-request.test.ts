import type { Resource } from '@socle/authorization';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, findFacts, findResource } from '../support/policy-world.ts';

const NEEDED = ['school', 'division', 'subject'] as const;

describe('T-AUZ-02 an odd request', () => {
  const helene = findFacts('helene');
  const mark = findResource('mark-lea');

  it('is allowed when it is whole (positive twin)', () => {
    expect(decide(helene, 'grades.mark.read', mark).rule).toBe('GRA-011');
  });

  it.each(NEEDED)('without %s, or with one that is no text, is an error', (member) => {
    for (const value of [undefined, null, '', 0, false, [], ['6a'], {}, { toString: () => '6a' }])
      expect(decide(helene, 'grades.mark.read', { ...mark, [member]: value } as Resource)).toEqual({
        allowed: false,
        basis: 'error',
      });
  });

  it.each(['yes', 'true', 1, null, {}])(
    'with published said as %j is an error, not a publication',
    (published) => {
      const odd = { ...mark, published } as unknown as Resource;
      expect(decide(findFacts('lea'), 'grades.mark.read', odd)).toEqual({ allowed: false, basis: 'error' });
      expect(decide(findFacts('lea'), 'grades.mark.read', mark).allowed).toBe(true);
    },
  );

  it('made of anything at all never throws, and is never allowed to who has no role', () => {
    const zoe = findFacts('zoe');
    let errors = 0;
    fc.assert(
      fc.property(
        fc.anything(),
        fc.dictionary(fc.string(), fc.anything()),
        fc.string(),
        (type, members, action) => {
          const resource = { ...members, type } as unknown as Resource;
          const decision = decide(zoe, action, resource);
          if (decision.basis === 'error') errors += 1;
          expect(decision.allowed).toBe(false);
          const typed = { ...mark, ...members, type: 'grades.mark' } as Resource;
          expect(decide(zoe, 'grades.mark.read', typed).allowed).toBe(false);
          expect(() => decide(zoe, 'grades.mark.read', type as Resource)).not.toThrow();
        },
      ),
      { numRuns: 2000, seed: 20261123 },
    );
    expect(errors).toBeGreaterThan(1000);
  });
});
