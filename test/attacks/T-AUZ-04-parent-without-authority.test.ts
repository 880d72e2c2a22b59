import type { ChildFact } from '@socle/authorization';
import { describe, expect, it } from 'vitest';
import { NOW, decide, findFacts, findResource } from '../support/policy-world.ts';

describe('T-AUZ-04 a parent without authority', () => {
  const markOfLea = findResource('mark-lea');
  const elise = findFacts('elise');
  const link = elise.children[0]!;
  const withLinks = (...children: readonly ChildFact[]) => ({ ...elise, children });

  it('with authority, joint or sole, a parent reads (positive twin)', () => {
    for (const exercise of ['joint', 'sole'] as const)
      expect(decide(withLinks({ ...link, exercise }), 'grades.mark.read', markOfLea).rule).toBe('GRA-015');
  });

  it.each(['none', 'suspended', 'withdrawn'] as const)(
    'with authority %s is denied by the legal rule',
    (exercise) => {
      const denied = { allowed: false, basis: 'deny', rule: 'DNY-002' };
      expect(decide(withLinks({ ...link, exercise }), 'grades.mark.read', markOfLea)).toEqual(denied);
      const entry = findResource('entry-lea');
      expect(decide(withLinks({ ...link, exercise }), 'directory.person.read', entry)).toEqual(denied);
    },
  );

  it('does not gain by a second link that still says joint: the removal wins', () => {
    const facts = withLinks(link, { ...link, exercise: 'withdrawn' });
    expect(decide(facts, 'grades.mark.read', markOfLea)).toMatchObject({ allowed: false, rule: 'DNY-002' });
  });

  it('does not gain by being head, teacher, head teacher or local administrator as well', () => {
    const roles = ['head', 'teacher', 'head_teacher', 'local_admin', 'staff', 'cpe'].map((role) => ({
      role,
      scope: 'school' as const,
      domain: 'college-ferry',
    }));
    const helene = findFacts('helene');
    const many = { ...elise, roles, teaches: helene.teaches, headTeacherOf: helene.teaches };
    const removed = { ...many, children: [{ ...link, exercise: 'withdrawn' as const }] };
    expect(decide(many, 'grades.mark.write', markOfLea).allowed).toBe(true);
    for (const [action, on] of [
      ['grades.mark.read', 'mark-lea'],
      ['grades.mark.write', 'mark-lea'],
      ['directory.person.read', 'entry-lea'],
      ['accounts.account.reset', 'account-lea'],
    ] as const)
      expect(decide(removed, action, findResource(on))).toMatchObject({ allowed: false, rule: 'DNY-002' });
    expect(decide(removed, 'grades.mark.read', findResource('mark-noe')).allowed).toBe(true);
  });

  it('authority over one child gives nothing about another, nor a class where the child is not', () => {
    expect(decide(elise, 'grades.mark.read', findResource('mark-noe')).allowed).toBe(false);
    expect(decide(elise, 'grades.mark.read', findResource('marks-6a')).allowed).toBe(false);
    const other = findResource('assessment-6a', { division: '6b' });
    expect(decide(elise, 'grades.assessment.read', other).allowed).toBe(false);
    expect(decide(elise, 'grades.assessment.read', findResource('assessment-6a')).allowed).toBe(true);
  });

  it.each(['contact', 'in_charge'] as const)(
    'a person of kind %s sees nothing, even with an exercise written by mistake',
    (kind) => {
      for (const exercise of ['none', 'joint', 'sole'] as const) {
        const facts = withLinks({ ...link, kind, exercise });
        expect(decide(facts, 'grades.mark.read', markOfLea)).toEqual({ allowed: false, basis: 'none' });
        expect(decide(facts, 'grades.assessment.read', findResource('assessment-6a')).allowed).toBe(false);
      }
    },
  );

  it('authority that ended a millisecond ago, or begins in one, is none', () => {
    const at = (offset: number): Date => new Date(NOW.getTime() + offset);
    expect(decide(withLinks({ ...link, to: NOW }), 'grades.mark.read', markOfLea).allowed).toBe(false);
    expect(decide(withLinks({ ...link, from: at(1) }), 'grades.mark.read', markOfLea).allowed).toBe(false);
    expect(decide(withLinks({ ...link, from: NOW, to: at(1) }), 'grades.mark.read', markOfLea).allowed).toBe(
      true,
    );
  });
});
