import { describe, expect, it } from 'vitest';
import { ACTIONS, decide, findFacts, findResource } from '../support/policy-world.ts';

const STAFF = ['helene', 'paul', 'sophie', 'tom', 'irene', 'luc', 'aline', 'elise', 'lea'];

describe('T-AUZ-05 a role used in another school', () => {
  it('gives nothing there, whatever the action, while it gives something here', () => {
    let allowedHere = 0;
    for (const [action, type] of ACTIONS) {
      const here = {
        type,
        school: 'college-ferry',
        division: '6a',
        subject: 'maths',
        pupil: 'lea',
        owner: 'helene',
        published: true,
        closed: false,
      };
      for (const person of STAFF) {
        if (decide(findFacts(person), action, here).allowed) allowedHere += 1;
        for (const school of ['lycee-camus', 'lycee-tunis', 'unknown'])
          expect(decide(findFacts(person), action, { ...here, school }).allowed, `${person} ${action}`).toBe(
            false,
          );
      }
    }
    expect(allowedHere).toBeGreaterThan(25);
  });

  it('a module that lies about the academy of a school gains nothing for an administrator of that academy', () => {
    const fabien = findFacts('fabien');
    const tunis = findResource('log-tunis');
    expect(decide(fabien, 'audit.log.read', findResource('log-ferry')).rule).toBe('AUD-002');
    expect(decide(fabien, 'audit.log.read', tunis).allowed).toBe(false);
    expect(decide(fabien, 'audit.log.read', { ...tunis, academy: '99', region: 'est' }).allowed).toBe(false);
  });

  it('a role over an academy is no role in its schools', () => {
    const wide = findFacts('helene', { roles: [{ role: 'teacher', scope: 'academy', domain: '99' }] });
    expect(decide(wide, 'grades.mark.read', findResource('mark-lea')).allowed).toBe(false);
    expect(decide(findFacts('helene'), 'grades.mark.read', findResource('mark-lea')).allowed).toBe(true);
  });

  it('a role whose domain is the id of something else is no role', () => {
    const crossed = findFacts('irene', { roles: [{ role: 'head', scope: 'school', domain: '99' }] });
    const mark = findResource('mark-lea', { academy: '99' });
    expect(decide(crossed, 'grades.mark.read', mark).allowed).toBe(false);
    expect(decide(findFacts('irene'), 'grades.mark.read', mark).allowed).toBe(true);
  });
});
