import { uuidv7 } from '@socle/base';
import { describe, expect, it } from 'vitest';
import { openEngine } from '../engine.ts';
import type { PersonRows } from './fact-rows.ts';
import type { PersonFacts } from '../facts.ts';
import { openFactsReplica } from './facts-replica.ts';
import { openPeopleTable } from './people-table.ts';
import { loadPolicies } from '../load-policies.ts';
import { NOW, POLICIES_FOLDER } from '../testing/small-policies.ts';
import { buildWorlds } from '../worlds.ts';

const policies = await loadPolicies(POLICIES_FOLDER);
const SCHOOLS: PersonFacts['schools'] = new Map([
  ['s1', { academy: 'a1', region: 'g1', controller: 's1' }],
  ['s2', { academy: 'a2', region: 'g1', controller: 's2' }],
]);

/** People of the generated worlds, each with an id of their own, whose children are among them. */
function buildTerritory(count: number): readonly PersonRows[] {
  const next = buildWorlds(policies, 31);
  const ids = Array.from({ length: count }, () => uuidv7(NOW));
  return ids.map((person, index) => {
    const { revision: _revision, schools: _schools, ...facts } = next().facts;
    const children = facts.children.map(({ schools: _s, divisions: _d, ...link }, place) => ({
      ...link,
      child: ids[(index * 7 + place) % count]!,
    }));
    return { ...facts, person, children };
  });
}

/** What the directory would say, written plainly over the rows. */
function readPlainly(territory: readonly PersonRows[], person: string, at: Date): PersonFacts | undefined {
  const found = territory.find((rows) => rows.person === person);
  if (found === undefined) return undefined;
  const named = (facts: PersonFacts): PersonFacts => ({ ...facts, schools: mentionedBy(facts) });
  const open = (fact: { readonly to?: Date }): boolean =>
    fact.to === undefined || at.getTime() < fact.to.getTime();
  const current = (fact: { readonly from?: Date; readonly to?: Date }): boolean =>
    open(fact) && (fact.from === undefined || fact.from.getTime() <= at.getTime());
  return named({
    ...found,
    revision: 4,
    roles: found.roles.filter(open),
    teaches: found.teaches.filter(open),
    headTeacherOf: found.headTeacherOf.filter(open),
    memberOf: found.memberOf.filter(open),
    children: found.children.filter(current).map((link) => {
      const child = territory.find((rows) => rows.person === link.child)!;
      return {
        ...link,
        schools: child.roles
          .filter((role) => role.role === 'pupil' && role.scope === 'school' && current(role))
          .map((role) => role.domain),
        divisions: child.memberOf.filter(current).map((fact) => fact.division),
      };
    }),
    schools: SCHOOLS,
  });
}

/** The schools that facts name, and those of the academies and regions of roles. */
function mentionedBy(facts: PersonFacts): PersonFacts['schools'] {
  const domainsOf = (isSchool: boolean) =>
    facts.roles.filter(({ scope }) => (scope === 'school') === isSchool).map(({ domain }) => domain);
  const above = new Set(domainsOf(false));
  const named = new Set([
    ...domainsOf(true),
    ...[...facts.teaches, ...facts.headTeacherOf, ...facts.memberOf].map(({ school }) => school),
    ...facts.children.flatMap(({ schools }) => schools),
  ]);
  const isNamed = (id: string, { academy, region }: { readonly academy: string; readonly region: string }) =>
    named.has(id) || above.has(academy) || above.has(region);
  return new Map([...SCHOOLS].filter(([id, place]) => isNamed(id, place)));
}

const territory = buildTerritory(600);
const open = () => openFactsReplica({ revision: 4, schools: SCHOOLS, people: territory });

describe('a replica of facts', () => {
  it('gives each person the facts of the rows, at instants around every boundary', () => {
    const replica = open();
    expect([replica.people, replica.revision]).toEqual([600, 4]);
    let windows = 0;
    for (const { person, roles } of territory) {
      windows += roles.filter((role) => role.from !== undefined || role.to !== undefined).length;
      for (const offset of [-1000, -1, 0, 1, 1001]) {
        const at = new Date(NOW.getTime() + offset);
        expect(replica.readFacts(person, at)).toEqual(readPlainly(territory, person, at));
      }
    }
    expect(windows).toBeGreaterThan(100);
    expect(replica.readFacts(uuidv7(NOW), NOW)).toBeUndefined();
  });

  it('decides as the rows do, and a role ends at its very second', () => {
    const [rows] = buildTerritory(1);
    const person: PersonRows = {
      ...rows!,
      suspended: false,
      children: [],
      roles: [{ role: 'head', scope: 'school', domain: 's1', from: NOW, to: new Date(NOW.getTime() + 1000) }],
    };
    const replica = openFactsReplica({ revision: 1, schools: SCHOOLS, people: [person] });
    const engine = openEngine(policies);
    const decideAt = (offset: number): boolean => {
      const now = new Date(NOW.getTime() + offset);
      const resource = { type: 'mail.message', school: 's1' };
      const request = {
        subject: person.person,
        action: 'mail.message.broadcast',
        resource,
        environment: { now },
      };
      return engine.decide(request, replica.readFacts(person.person, now)!).allowed;
    };
    expect([-1, 0, 999, 1000].map(decideAt)).toEqual([false, true, true, false]);
  });

  it('follows changes by revision, and refuses to go on when one was missed', () => {
    const replica = open();
    const [first, second] = territory as [PersonRows, PersonRows];
    const changed = [{ ...first, suspended: !first.suspended }];
    expect(replica.apply({ since: 5, revision: 6, changed, removed: [] })).toBe(false);
    expect(replica.readFacts(first.person, NOW)?.suspended).toBe(first.suspended);
    expect(replica.apply({ since: 4, revision: 5, changed, removed: [second.person] })).toBe(true);
    expect(replica.readFacts(first.person, NOW)).toMatchObject({ suspended: !first.suspended, revision: 5 });
    expect(replica.readFacts(second.person, NOW)).toBeUndefined();
    expect(replica.people).toBe(599);
    expect(replica.apply({ since: 4, revision: 5, changed: [], removed: [] })).toBe(false);
    const newcomer = { ...second, person: uuidv7(NOW), birthDate: '2012-02-29' };
    expect(replica.apply({ since: 5, revision: 9, changed: [newcomer, second], removed: [] })).toBe(true);
    expect([replica.people, replica.revision]).toEqual([601, 9]);
    expect(replica.readFacts(newcomer.person, NOW)?.birthDate).toBe('2012-02-29');
  });

  it('of a child follows the classes of the child, when the child changes class', () => {
    const parent = territory.find((rows) => rows.children.some((link) => link.to === undefined))!;
    const child = territory.find(
      (rows) => rows.person === parent.children.find((link) => link.to === undefined)!.child,
    )!;
    const replica = open();
    const moved = { ...child, memberOf: [{ school: 's2', division: 'd9' }] };
    replica.apply({ since: 4, revision: 5, changed: [moved], removed: [] });
    const divisions = replica.readFacts(parent.person, NOW)!.children.flatMap((link) => link.divisions);
    expect(divisions).toContain('d9');
    expect(
      open()
        .readFacts(parent.person, NOW)!
        .children.flatMap((link) => link.divisions),
    ).not.toContain('d9');
  });

  it.each([
    ['a person that is there twice', [territory[0]!, territory[0]!], /there twice/],
    ['an id that is no UUID', [{ ...territory[0]!, person: 'lea' }], /not a UUID/],
    ['a birth date that is none', [{ ...territory[0]!, birthDate: 'x' }], /birth date/],
  ])('is refused with %s', (_what, people, problem) => {
    expect(() => openFactsReplica({ revision: 1, schools: SCHOOLS, people })).toThrow(problem);
  });
});

it('a table of people numbers each once and gives them back, however many come', () => {
  const table = openPeopleTable(0);
  const ids = Array.from({ length: 5000 }, () => uuidv7(NOW));
  let numbers: number[] = [];
  for (let start = 0; start < ids.length; start += 100) {
    const moved = table.reserve(100);
    if (moved !== undefined) numbers = numbers.map((number) => moved[number]!);
    numbers.push(...ids.slice(start, start + 100).map((id) => table.number(id)));
  }
  expect(new Set(numbers).size).toBe(5000);
  expect(ids.map((id) => table.number(id))).toEqual(numbers);
  expect(numbers.map((number) => table.read(number))).toEqual(ids);
  expect(table.find(uuidv7(NOW))).toBe(-1);
  const [id] = ids as [string];
  for (const wrong of [
    'lea',
    '00000000-0000-0000-0000-000000000000',
    id.toUpperCase(),
    id.slice(1),
    `${id}0`,
    id.replaceAll('-', '0'),
    id.replace(/.$/, 'g'),
    id.replace(/.$/, '\u0130'),
  ])
    expect(table.find(wrong), wrong).toBe(-1);
  expect(table.find(id)).toBe(numbers[0]);
  expect(table.size).toBe(5000);
});
