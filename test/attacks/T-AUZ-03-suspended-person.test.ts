import { describe, expect, it } from 'vitest';
import { ACTIONS, decide, findFacts, findResource } from '../support/policy-world.ts';

// Resources of the fixtures on which each action is allowed to somebody.
const ON: Readonly<Record<string, string>> = {
  'grades.assessment': 'assessment-6a',
  'grades.mark': 'marks-6a',
  'directory.division': 'division-6a',
  'directory.person': 'entry-lea',
  'directory.import': 'import-99',
  'accounts.account': 'account-lea',
  'audit.log': 'log-99',
  'absences.roll_call': 'roll-lea',
  'absences.justification': 'reason-lea',
  'absences.sanction': 'sanction-lea',
  'mail.message': 'message-elise',
  'resources.resource': 'resource-6a',
  'privacy.request': 'request-lea',
  'privacy.consent': 'consent-lea',
  'privacy.register': 'register-ferry',
  'directory.school': 'school-ferry',
  'directory.authority': 'authority-lea',
  'accounts.lesson': 'lesson-6a',
  'accounts.badge_rule': 'badges-ferry',
  'security.system': 'system-ferry',
  'security.emergency': 'emergency-ferry',
};
const PEOPLE = ['helene', 'paul', 'lea', 'elise', 'irene', 'aline', 'denis', 'fabien', 'tania', 'sophie'];

describe('T-AUZ-03 a suspended person', () => {
  it('is denied by the legal rule whatever would be allowed, and is allowed again when resumed', () => {
    let allowedOtherwise = 0;
    for (const [action, type] of ACTIONS) {
      const resource = findResource(ON[type]!);
      for (const person of PEOPLE) {
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
