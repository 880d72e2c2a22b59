import { uuidv7 } from '@socle/base';
import { describe, expect, it } from 'vitest';
import { conditions } from '../conditions.ts';
import { openEngine } from '../engine.ts';
import type { DecisionRequest, Resource } from '../facts.ts';
import { loadPolicies } from '../load-policies.ts';
import { relations } from '../relations.ts';
import { buildSmallPolicies, NOW, POLICIES_FOLDER, PUPIL_READS } from '../testing/small-policies.ts';
import { buildWorlds, type World } from '../worlds.ts';
import type { PersonRows } from './fact-rows.ts';
import { openFactsReplica } from './facts-replica.ts';
import { integerConditions, integerRelations } from './integer-rules.ts';
import { openReplicaEngine } from './replica-engine.ts';

const policies = await loadPolicies(POLICIES_FOLDER);
const SCHOOLS = buildWorlds(policies, 1)().facts.schools;
const NOBODY = { suspended: false, roles: [], teaches: [], headTeacherOf: [], memberOf: [], children: [] };

/** The rows of a world, whose people get ids of their own, and its question about them. */
function placeWorld({ request, facts }: World): { rows: PersonRows[]; request: DecisionRequest } {
  const ids = new Map<string, string>();
  const idOf = (name: string): string => {
    const id = ids.get(name) ?? uuidv7(NOW);
    ids.set(name, id);
    return id;
  };
  const { revision: _revision, schools: _schools, ...plain } = facts;
  const rows = new Map<string, PersonRows>();
  rows.set('p1', {
    ...plain,
    person: idOf('p1'),
    children: facts.children.map(({ schools: _s, divisions: _d, ...link }) => ({
      ...link,
      child: idOf(link.child),
    })),
  });
  // The children go to the schools and classes of the links: a world says both of a link.
  for (const { child, schools, divisions } of facts.children) {
    const known = rows.get(child) ?? { ...NOBODY, person: idOf(child) };
    rows.set(child, {
      ...known,
      roles: [
        ...known.roles,
        ...schools.map((domain) => ({ role: 'pupil', scope: 'school' as const, domain })),
      ],
      memberOf: [...known.memberOf, ...divisions.map((division) => ({ school: 's1', division }))],
    });
  }
  const members: Record<string, unknown> = { ...request.resource };
  for (const member of ['id', 'pupil', 'owner'])
    if (/^[pc]\d$/.test(String(members[member]))) members[member] = idOf(String(members[member]));
  const resource = members as unknown as Resource;
  return { rows: [...rows.values()], request: { ...request, subject: idOf('p1'), resource } };
}

describe('decisions on the integers of a replica', () => {
  it('are those of Casbin and of the closures, over worlds that reach every rule both ways', () => {
    const next = buildWorlds(policies, 20_261);
    const worlds = Array.from({ length: 12_000 }, () => placeWorld(next()));
    const replica = openFactsReplica({
      revision: 1,
      schools: SCHOOLS,
      people: worlds.flatMap(({ rows }) => rows),
    });
    const closures = openEngine(policies);
    const casbin = openEngine(policies, { form: 'casbin' });
    const integers = openReplicaEngine(closures, replica);
    expect(integers.onIntegers).toBeGreaterThan(policies.vocabulary.actions.size * 0.8);
    const byRule = new Map<string, number>();
    const seen = { allow: 0, deny: 0, none: 0, error: 0 };
    for (const { request } of worlds) {
      const facts = replica.readFacts(request.subject, request.environment.now)!;
      const expected = casbin.decide(request, facts);
      const found = integers.decide(request);
      expect(found, JSON.stringify(request)).toEqual(expected);
      expect(closures.decide(request, facts)).toEqual(expected);
      seen[found.basis] += 1;
      if (found.rule !== undefined) byRule.set(found.rule, (byRule.get(found.rule) ?? 0) + 1);
    }
    // Asked together, with the people read ahead, the verdicts are the same.
    const requests = worlds.map(({ request }) => request);
    expect(integers.decideAll(requests)).toEqual(requests.map((request) => integers.decide(request)));
    expect(integers.decideAll([])).toEqual([]);
    expect(seen.allow / worlds.length).toBeGreaterThan(0.2);
    expect(seen.none / worlds.length).toBeGreaterThan(0.2);
    expect(seen.deny).toBeGreaterThan(300);
    expect(seen.error).toBeGreaterThan(50);
    const silent = policies.rules.filter((rule) => !byRule.has(rule.id)).map((rule) => rule.id);
    expect(silent.length, silent.join()).toBeLessThan(policies.rules.length * 0.1);
  });

  it('has no relation or condition that plain facts have not', () => {
    expect(integerRelations.size).toBeGreaterThan(10);
    expect([...integerRelations.keys()].filter((name) => !relations.has(name))).toEqual([]);
    expect([...integerConditions.keys()].filter((name) => !conditions.has(name))).toEqual([]);
  });

  it('ends with a window at its very second, and begins with it', () => {
    const person = uuidv7(NOW);
    const window = { from: NOW, to: new Date(NOW.getTime() + 1000) };
    const people = [
      { ...NOBODY, person, roles: [{ role: 'head', scope: 'school' as const, domain: 's1', ...window }] },
    ];
    const replica = openFactsReplica({ revision: 1, schools: SCHOOLS, people });
    const integers = openReplicaEngine(openEngine(policies), replica);
    const decideAt = (offset: number): boolean =>
      integers.decide({
        subject: person,
        action: 'mail.message.broadcast',
        resource: { type: 'mail.message', school: 's1' },
        environment: { now: new Date(NOW.getTime() + offset) },
      }).allowed;
    expect([-1, 0, 999, 1000].map(decideAt)).toEqual([false, true, true, false]);
  });

  it('follow a change of a person, of a child and of a school at the revision that brings it', () => {
    const [parent, child] = [uuidv7(NOW), uuidv7(NOW)];
    const link = { child, kind: 'legal', exercise: 'joint' } as const;
    const pupilIn = (school: string) => ({
      ...NOBODY,
      person: child,
      roles: [{ role: 'pupil', scope: 'school' as const, domain: school }],
    });
    const guardian = {
      ...NOBODY,
      person: parent,
      roles: [{ role: 'guardian', scope: 'school' as const, domain: 's1' }],
    };
    const people = [{ ...guardian, children: [link] }, pupilIn('s1')];
    const replica = openFactsReplica({ revision: 1, schools: SCHOOLS, people });
    const integers = openReplicaEngine(openEngine(policies), replica);
    const reads = () =>
      integers.decide({
        subject: parent,
        action: 'grades.mark.read',
        resource: {
          type: 'grades.mark',
          school: 's1',
          division: 'd1',
          subject: 'm',
          pupil: child,
          published: true,
        },
        environment: { now: NOW },
      });
    expect(reads()).toMatchObject({ allowed: true, basis: 'allow' });
    const change = (revision: number, changed: PersonRows[], removed: string[] = []) =>
      replica.apply({ since: revision - 1, revision, changed, removed });
    expect(change(2, [pupilIn('s2')])).toBe(true);
    expect(reads().allowed).toBe(false);
    expect(change(3, [pupilIn('s1')])).toBe(true);
    expect(reads().allowed).toBe(true);
    expect(change(4, [{ ...guardian, children: [{ ...link, exercise: 'withdrawn' }] }])).toBe(true);
    expect(reads()).toMatchObject({ allowed: false, basis: 'deny' });
    expect(change(5, [], [parent])).toBe(true);
    expect(reads()).toEqual({ allowed: false, basis: 'none' });
  });

  it('keeps all of a change back when one of its people cannot be written', () => {
    const [good, other] = [uuidv7(NOW), uuidv7(NOW)];
    const replica = openFactsReplica({
      revision: 1,
      schools: SCHOOLS,
      people: [{ ...NOBODY, person: good }],
    });
    const changed = [
      { ...NOBODY, person: good, suspended: true },
      { ...NOBODY, person: other, birthDate: 'x' },
    ];
    expect(() => replica.apply({ since: 1, revision: 2, changed, removed: [] })).toThrow(/birth date/);
    expect([replica.revision, replica.people, replica.readFacts(good, NOW)!.suspended]).toEqual([
      1,
      1,
      false,
    ]);
    expect(replica.apply({ since: 1, revision: 2, changed: [changed[0]!], removed: [] })).toBe(true);
    expect(replica.readFacts(good, NOW)!.suspended).toBe(true);
  });

  it('moves facts together when many changed, and loses none', () => {
    const people = Array.from({ length: 3000 }, (_, index) => ({
      ...NOBODY,
      person: uuidv7(NOW),
      roles: [{ role: 'head', scope: 'school' as const, domain: index % 2 === 0 ? 's1' : 's2' }],
    }));
    const replica = openFactsReplica({ revision: 1, schools: SCHOOLS, people });
    for (const [index, person] of people.entries())
      replica.apply({
        since: index + 1,
        revision: index + 2,
        changed: [{ ...person, roles: [...person.roles, ...person.roles] }],
        removed: [],
      });
    for (let round = 0; round < 3; round += 1)
      for (const person of people)
        replica.apply({
          since: replica.revision,
          revision: replica.revision + 1,
          changed: [person],
          removed: [],
        });
    expect(replica.bytes).toBeLessThan(600_000);
    for (const person of people) expect(replica.readFacts(person.person, NOW)).toMatchObject(person);
  });

  it('gives an entry that was joined to another the rights of that other, however many times it was joined', () => {
    const [head, second, third, stranger] = [uuidv7(NOW), uuidv7(NOW), uuidv7(NOW), uuidv7(NOW)];
    const role = { role: 'head', scope: 'school' as const, domain: 's1' };
    const people: PersonRows[] = [
      { ...NOBODY, person: third, mergedInto: second },
      { ...NOBODY, person: second, mergedInto: head },
      { ...NOBODY, person: head, roles: [role] },
      { ...NOBODY, person: stranger },
    ];
    const replica = openFactsReplica({ revision: 1, schools: SCHOOLS, people });
    const integers = openReplicaEngine(openEngine(policies), replica);
    const request = (subject: string): DecisionRequest => ({
      subject,
      action: 'mail.message.broadcast',
      resource: { type: 'mail.message', school: 's1' },
      environment: { now: NOW },
    });
    const may = (subject: string) => integers.decide(request(subject)).allowed;
    expect([head, second, third, stranger].map(may)).toEqual([true, true, true, false]);
    expect(replica.readFacts(third, NOW)?.person).toBe(head);
    // Thousands more come, so that everybody gets a new number; then the entries are parted.
    const crowd = Array.from({ length: 5000 }, () => ({ ...NOBODY, person: uuidv7(NOW) }));
    replica.apply({ since: 1, revision: 2, changed: crowd, removed: [] });
    expect([head, second, third, stranger].map(may)).toEqual([true, true, true, false]);
    replica.apply({ since: 2, revision: 3, changed: [{ ...NOBODY, person: second }], removed: [] });
    expect([head, second, third, stranger].map(may)).toEqual([true, false, false, false]);
    const circle = [
      { ...NOBODY, person: second, mergedInto: third },
      { ...NOBODY, person: third, mergedInto: second },
    ];
    replica.apply({ since: 3, revision: 4, changed: circle, removed: [] });
    expect(integers.decide(request(third)).basis).toBe('error');
  });

  it('refuses what the policies of another engine would, and errors are denials', () => {
    const small = openEngine(buildSmallPolicies([PUPIL_READS]));
    const person = uuidv7(NOW);
    const replica = openFactsReplica({ revision: 1, schools: SCHOOLS, people: [{ ...NOBODY, person }] });
    const ask = (request: object) =>
      openReplicaEngine(small, replica).decide({
        subject: person,
        action: 'grades.mark.read',
        resource: { type: 'grades.mark', school: 's1', division: 'd', subject: 'm' },
        environment: { now: NOW },
        ...request,
      } as DecisionRequest).basis;
    expect(ask({})).toBe('none');
    expect(ask({ subject: uuidv7(NOW) })).toBe('none');
    expect(ask({ action: 'grades.mark.dream' })).toBe('error');
    expect(ask({ resource: { type: 'grades.mark' } })).toBe('error');
    expect(ask({ resource: { type: 'audit.log' } })).toBe('error');
    expect(ask({ environment: { now: new Date(Number.NaN) } })).toBe('error');
  });
});
