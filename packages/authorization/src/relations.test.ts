import { describe, expect, it } from 'vitest';
import type { ChildFact, PersonFacts, Resource } from './facts.ts';
import { relations } from './relations.ts';
import { MARK_OF_LEA, NOW, SCHOOL, buildFacts } from './testing/small-policies.ts';
import { buildSubject } from './subject.ts';

function holds(name: string, facts: PersonFacts, resource: Resource = MARK_OF_LEA): boolean {
  return relations.get(name)!(buildSubject(facts.person, facts, NOW), resource);
}

function without(...members: readonly (keyof Resource)[]): Resource {
  return Object.fromEntries(
    Object.entries(MARK_OF_LEA).filter(([name]) => !members.includes(name as keyof Resource)),
  ) as unknown as Resource;
}

const ENDED = { to: NOW };
const TO_COME = { from: new Date(NOW.getTime() + 1) };
const CURRENT = { from: NOW, to: new Date(NOW.getTime() + 1) };
const IN_6A = { school: SCHOOL, division: '6a' };

describe('self and owner', () => {
  it('self is the pupil of the resource, and nobody when no pupil is given', () => {
    expect(holds('self', buildFacts({ person: 'noe' }))).toBe(false);
    expect(holds('self', buildFacts(), without('pupil'))).toBe(false);
    expect(holds('self', buildFacts())).toBe(true);
  });

  it('owner is who made the resource, and nobody when that is not said', () => {
    expect(holds('owner', buildFacts())).toBe(false);
    expect(holds('owner', buildFacts({ person: 'helene' }), without('owner'))).toBe(false);
    expect(holds('owner', buildFacts({ person: 'helene' }))).toBe(true);
  });

  it('own_entry is for directory entries alone', () => {
    expect(holds('own_entry', buildFacts(), { ...MARK_OF_LEA, id: 'lea' })).toBe(false);
    expect(holds('own_entry', buildFacts(), { type: 'directory.person', id: 'noe' })).toBe(false);
    expect(holds('own_entry', buildFacts(), { type: 'directory.person', id: 'lea' })).toBe(true);
  });
});

describe('in the school of the resource', () => {
  const owner = (given: object) =>
    buildFacts({ person: 'helene', roles: [{ role: 'teacher', scope: 'school', domain: SCHOOL, ...given }] });

  it('own_here needs the thing to be theirs and a role held there now', () => {
    expect(holds('own_here', owner({ domain: 'lycee-camus' }))).toBe(false);
    expect(holds('own_here', owner({ scope: 'academy' }))).toBe(false);
    expect(holds('own_here', owner(ENDED))).toBe(false);
    expect(holds('own_here', owner(TO_COME))).toBe(false);
    expect(holds('own_here', owner({}), { ...MARK_OF_LEA, owner: 'bruno' })).toBe(false);
    expect(holds('own_here', owner({}), without('school'))).toBe(false);
    expect(holds('own_here', owner(CURRENT))).toBe(true);
  });

  it('guardian_here needs authority over a child who is there', () => {
    const parent = (link: object): PersonFacts =>
      buildFacts({
        person: 'elise',
        children: [
          { child: 'lea', exercise: 'joint', kind: 'legal', schools: [SCHOOL], divisions: [], ...link },
        ],
      });
    const notHere = [
      { exercise: 'none' },
      { exercise: 'withdrawn' },
      { kind: 'contact' },
      { kind: 'in_charge' },
      { schools: ['lycee-camus'] },
      ENDED,
      TO_COME,
    ];
    for (const link of notHere) expect(holds('guardian_here', parent(link))).toBe(false);
    expect(holds('guardian_here', parent({}), without('school'))).toBe(false);
    expect(holds('guardian_here', parent({}))).toBe(true);
  });
});

describe('teaches', () => {
  const teaching = (fact: object): PersonFacts =>
    buildFacts({ person: 'helene', teaches: [{ ...IN_6A, ...fact }] });

  it.each([
    ['another class', { division: '6b' }],
    ['the class of the same name in another school', { school: 'lycee-camus' }],
    ['another subject', { subject: 'french' }],
    ['a window that is over at this very instant', { subject: 'maths', ...ENDED }],
    ['a window that opens in a millisecond', { subject: 'maths', ...TO_COME }],
  ])('does not hold for %s', (_what, fact) => {
    expect(holds('teaches', teaching(fact))).toBe(false);
  });

  it('holds for the class and the subject, or for the class whatever the subject', () => {
    expect(holds('teaches', teaching({ subject: 'maths' }))).toBe(true);
    expect(holds('teaches', teaching({}))).toBe(true);
    expect(holds('teaches', teaching({ subject: 'maths', ...CURRENT }))).toBe(true);
  });

  it('does not hold when the resource does not say its class, its school or its subject', () => {
    for (const member of ['division', 'school', 'subject'] as const)
      expect(holds('teaches', teaching({}), without(member))).toBe(false);
  });

  it('an invalid date in a window throws, so that the decision is an error', () => {
    expect(() => holds('teaches', teaching({ from: new Date('x') }))).toThrow(/invalid date/);
  });

  it('teaches_own needs both', () => {
    const helene = teaching({ subject: 'maths' });
    expect(holds('teaches_own', helene, { ...MARK_OF_LEA, owner: 'bruno' })).toBe(false);
    expect(holds('teaches_own', buildFacts({ person: 'helene' }))).toBe(false);
    expect(holds('teaches_own', helene)).toBe(true);
  });

  it('teaches_division does not look at the subject, head_teacher_of and member_of each at their own facts', () => {
    const fact = [{ ...IN_6A, subject: 'french' }];
    expect(holds('teaches_division', buildFacts({ teaches: fact }))).toBe(true);
    expect(holds('head_teacher_of', buildFacts({ teaches: fact }))).toBe(false);
    expect(holds('head_teacher_of', buildFacts({ headTeacherOf: fact }))).toBe(true);
    expect(holds('member_of', buildFacts({ headTeacherOf: fact }))).toBe(false);
    expect(holds('member_of', buildFacts({ memberOf: fact }))).toBe(true);
    expect(holds('member_of', buildFacts({ memberOf: [{ ...IN_6A, ...ENDED }] }))).toBe(false);
  });
});

describe('authority over a child', () => {
  const parent = (link: Partial<ChildFact>): PersonFacts =>
    buildFacts({
      person: 'elise',
      children: [
        { child: 'lea', exercise: 'joint', kind: 'legal', schools: [SCHOOL], divisions: ['6a'], ...link },
      ],
    });

  const notLegal: readonly (readonly [string, Partial<ChildFact>])[] = [
    ['none', { exercise: 'none' }],
    ['suspended', { exercise: 'suspended' }],
    ['withdrawn', { exercise: 'withdrawn' }],
    ['contact only', { kind: 'contact' }],
    ['in charge without authority', { kind: 'in_charge' }],
    ['another child', { child: 'noe' }],
    ['a school where the child is not', { schools: ['lycee-camus'] }],
    ['authority that is over', ENDED],
    ['authority to come', TO_COME],
  ];

  it.each(notLegal)('own_child_legal does not hold with %s', (_what, link) => {
    expect(holds('own_child_legal', parent(link))).toBe(false);
  });

  it.each(['joint', 'sole'] as const)('own_child_legal holds with authority exercised %s', (exercise) => {
    expect(holds('own_child_legal', parent({ exercise }))).toBe(true);
    expect(holds('own_child_legal', parent({ exercise }), without('pupil'))).toBe(false);
    expect(holds('own_child_legal', parent({ exercise }), without('school'))).toBe(false);
  });

  it('child_member_legal holds for the class of a child under authority, and no other', () => {
    expect(holds('child_member_legal', parent({ divisions: ['6b'] }))).toBe(false);
    expect(holds('child_member_legal', parent({ exercise: 'withdrawn' }))).toBe(false);
    expect(holds('child_member_legal', parent({ kind: 'contact' }))).toBe(false);
    expect(holds('child_member_legal', parent({}), without('division'))).toBe(false);
    expect(holds('child_member_legal', parent({}))).toBe(true);
  });

  it('child_authority_removed holds for a legal parent without exercise, and for nobody else', () => {
    for (const exercise of ['none', 'suspended', 'withdrawn'] as const)
      expect(holds('child_authority_removed', parent({ exercise }))).toBe(true);
    expect(holds('child_authority_removed', parent({ exercise: 'withdrawn', ...ENDED }))).toBe(false);
    expect(holds('child_authority_removed', parent({ exercise: 'none', kind: 'contact' }))).toBe(false);
    expect(holds('child_authority_removed', parent({ exercise: 'none', kind: 'in_charge' }))).toBe(false);
    expect(holds('child_authority_removed', parent({}))).toBe(false);
    expect(holds('child_authority_removed', parent({ exercise: 'withdrawn' }), without('pupil'))).toBe(false);
  });
});

describe('same_school', () => {
  it('holds for a current role in that school, and not for one over its academy', () => {
    const role = { role: 'staff', scope: 'school' as const, domain: SCHOOL };
    expect(holds('same_school', buildFacts({ roles: [{ ...role, domain: 'lycee-camus' }] }))).toBe(false);
    expect(holds('same_school', buildFacts({ roles: [{ ...role, ...ENDED }] }))).toBe(false);
    expect(holds('same_school', buildFacts({ roles: [{ ...role, scope: 'academy' }] }))).toBe(false);
    expect(holds('same_school', buildFacts({ roles: [role] }), without('school'))).toBe(false);
    expect(holds('same_school', buildFacts({ roles: [role] }))).toBe(true);
  });
});
