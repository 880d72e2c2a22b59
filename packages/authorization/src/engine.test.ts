import { describe, expect, it } from 'vitest';
import { openEngine } from './engine.ts';
import { explain } from './explain.ts';
import type { PersonFacts, Resource } from './facts.ts';
import { loadPolicies } from './load-policies.ts';
import {
  LEA,
  MARK_OF_LEA,
  NOW,
  POLICIES_FOLDER,
  PUPIL_READS,
  SCHOOL,
  buildFacts,
  buildRequest,
  buildSmallPolicies,
} from './testing/small-policies.ts';

const policies = await loadPolicies(POLICIES_FOLDER);
const engine = openEngine(policies);

describe('a request that does not fit', () => {
  const resource = (given: object): { resource: Resource } => ({ resource: { ...MARK_OF_LEA, ...given } });
  const wrong: readonly (readonly [string, Parameters<typeof buildRequest>[0]])[] = [
    ['an unknown action', { action: 'grades.mark.raed' }],
    ['a wildcard as action', { action: '*' }],
    ['a type that the action does not act on', resource({ type: 'grades.assessment' })],
    ['a wildcard as type', resource({ type: '*' })],
    ['no school', resource({ school: undefined })],
    ['an empty school', resource({ school: '' })],
    ['no subject', resource({ subject: undefined })],
    ['a pupil that is a list', resource({ pupil: ['lea'] })],
    ['a flag that is a text', resource({ published: 'true' })],
    ['an instant that is none', { environment: { now: new Date('x') } }],
  ];

  it.each(wrong)('%s is an error, which denies, and is told', (_what, given) => {
    const errors: unknown[] = [];
    const told = openEngine(policies, { onError: (error) => errors.push(error) });
    expect(told.decide(buildRequest(given), LEA)).toEqual({ allowed: false, basis: 'error' });
    expect(errors).toHaveLength(1);
    expect(String(errors[0])).not.toMatch(/lea|college-ferry|raed/);
    expect(told.decide(buildRequest(), LEA)).toEqual({ allowed: true, basis: 'allow', rule: 'GRA-014' });
    expect(errors).toHaveLength(1);
  });

  it('is a denial even when the one who is told of it fails', () => {
    const engineToldBadly = openEngine(policies, {
      onError: () => {
        throw new Error('the listener failed');
      },
    });
    const wrong = buildRequest({ action: 'grades.mark.raed' });
    expect(engineToldBadly.decide(wrong, LEA)).toEqual({ allowed: false, basis: 'error' });
    expect(engineToldBadly.decide(buildRequest(), LEA).allowed).toBe(true);
  });

  it('facts that do not say whether the person is suspended are an error', () => {
    const facts = { ...LEA, suspended: undefined } as unknown as PersonFacts;
    expect(engine.decide(buildRequest(), facts)).toEqual({ allowed: false, basis: 'error' });
  });

  it('an id that names another division than the resource does is an error', () => {
    const staff = buildFacts({ roles: [{ role: 'staff', scope: 'school', domain: SCHOOL }] });
    const action = 'directory.division.members';
    const division = { type: 'directory.division', school: SCHOOL, id: '6a' };
    const decide = (given: object) =>
      engine.decide(buildRequest({ action, resource: { ...division, ...given } }), staff);
    expect(decide({ division: '6b' })).toEqual({ allowed: false, basis: 'error' });
    expect(decide({ division: '6a' })).toEqual({ allowed: true, basis: 'allow', rule: 'DIR-006' });
    expect(decide({})).toEqual({ allowed: true, basis: 'allow', rule: 'DIR-006' });
  });

  it('members that the rules do not know are ignored', () => {
    const more = { ...MARK_OF_LEA, __proto__: { published: true }, suspended: true } as Resource;
    expect(engine.decide(buildRequest({ resource: more }), LEA).allowed).toBe(true);
  });
});

describe('the width of a role', () => {
  const dpo = (scope: 'school' | 'academy' | 'region', domain: string): PersonFacts =>
    buildFacts({ roles: [{ role: 'dpo', scope, domain }] });
  const read = (resource: object, facts: PersonFacts) =>
    engine.decide(
      buildRequest({ action: 'audit.log.read', resource: { type: 'audit.log', ...resource } }),
      facts,
    ).rule;

  it('reaches the school by the academy and region that the socle knows', () => {
    expect(read({ school: SCHOOL }, dpo('school', SCHOOL))).toBe('AUD-001');
    expect(read({ school: SCHOOL }, dpo('academy', '99'))).toBe('AUD-002');
    expect(read({ school: SCHOOL }, dpo('region', 'est'))).toBe('AUD-003');
  });

  it('never by those that the module says, nor by a domain of another width', () => {
    expect(read({ school: SCHOOL, academy: '12' }, dpo('academy', '12'))).toBeUndefined();
    expect(read({ school: 'unknown', academy: '99' }, dpo('academy', '99'))).toBeUndefined();
    expect(read({ school: SCHOOL }, dpo('school', '99'))).toBeUndefined();
    expect(read({ school: SCHOOL }, dpo('academy', SCHOOL))).toBeUndefined();
    expect(read({}, dpo('region', 'est'))).toBeUndefined();
    expect(read({ academy: '99' }, dpo('academy', '99'))).toBe('AUD-002');
  });
});

describe('windows of validity', () => {
  const held = (from: number, to: number): PersonFacts => ({
    ...LEA,
    roles: [{ ...LEA.roles[0]!, from: new Date(NOW.getTime() + from), to: new Date(NOW.getTime() + to) }],
  });

  it('are judged at the instant of the request, first instant in, last out', () => {
    expect(engine.decide(buildRequest(), held(0, 1)).allowed).toBe(true);
    expect(engine.decide(buildRequest(), held(1, 2)).allowed).toBe(false);
    expect(engine.decide(buildRequest(), held(-1, 0)).allowed).toBe(false);
  });
});

describe('denials', () => {
  it('beat a rule that allows, whichever stands first', () => {
    const denial = PUPIL_READS.replace('allow', 'deny').replace('GRA-014', 'DNY-014');
    for (const rows of [
      [PUPIL_READS, denial],
      [denial, PUPIL_READS],
    ])
      expect(openEngine(buildSmallPolicies(rows)).decide(buildRequest(), LEA)).toEqual({
        allowed: false,
        basis: 'deny',
        rule: 'DNY-014',
      });
  });

  it('a suspended person with every role and relation is denied every action', () => {
    const everything = buildFacts({
      suspended: true,
      roles: [...policies.vocabulary.roles].flatMap((role) => [
        { role, scope: 'school' as const, domain: SCHOOL },
        { role, scope: 'academy' as const, domain: '99' },
        { role, scope: 'region' as const, domain: 'est' },
      ]),
      teaches: [{ school: SCHOOL, division: '6a' }],
      headTeacherOf: [{ school: SCHOOL, division: '6a' }],
      memberOf: [{ school: SCHOOL, division: '6a' }],
      children: [{ child: 'lea', exercise: 'sole', kind: 'legal', schools: [SCHOOL], divisions: ['6a'] }],
    });
    let allowedOtherwise = 0;
    for (const [action, type] of policies.vocabulary.actions) {
      const resource = { ...MARK_OF_LEA, type: type.name, owner: 'lea' };
      const request = buildRequest({ action, resource, environment: { now: NOW, acr: 'factor' } });
      expect(engine.decide(request, everything)).toEqual({ allowed: false, basis: 'deny', rule: 'DNY-001' });
      if (engine.decide(request, { ...everything, suspended: false }).allowed) allowedOtherwise += 1;
    }
    expect(allowedOtherwise).toBe(policies.vocabulary.actions.size);
    expect(allowedOtherwise).toBeGreaterThanOrEqual(13);
  });
});

describe('explain', () => {
  it('names the deciding rule and where it stands', () => {
    const { decision, deciding, nearest } = explain(engine, buildRequest(), LEA);
    expect(decision.rule).toBe('GRA-014');
    expect(deciding).toMatchObject({ holds: true, firstFailing: undefined, rule: { id: 'GRA-014' } });
    expect(nearest.map((outcome) => outcome.rule.id)).not.toContain('GRA-014');
  });

  it('puts the nearest rule first and says which conjunct failed first', () => {
    const resource = { ...MARK_OF_LEA, published: false };
    const { decision, deciding, nearest } = explain(engine, buildRequest({ resource }), LEA);
    expect(decision).toEqual({ allowed: false, basis: 'none' });
    expect(deciding).toBeUndefined();
    expect(nearest).toHaveLength(5);
    expect(nearest[0]).toMatchObject({
      rule: { id: 'GRA-014' },
      firstFailing: { name: 'condition', asks: 'published', holds: false },
    });
  });

  it('shows a rule that would allow and the denial that beats it', () => {
    const { decision, deciding, nearest } = explain(engine, buildRequest(), { ...LEA, suspended: true });
    expect(decision).toEqual({ allowed: false, basis: 'deny', rule: 'DNY-001' });
    expect(deciding?.rule.id).toBe('DNY-001');
    expect(nearest[0]).toMatchObject({ rule: { id: 'GRA-014' }, holds: true });
  });

  it('says what failed when the decision is an error, without a value of the request', () => {
    const resource = { ...MARK_OF_LEA, subject: undefined } as unknown as Resource;
    const { decision, failure } = explain(engine, buildRequest({ resource }), LEA);
    expect(decision.basis).toBe('error');
    expect(failure).toBe('the resource gives no subject');
  });
});
