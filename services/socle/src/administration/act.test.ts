import { randomUUID } from 'node:crypto';
import type { PersonId } from '@socle/base';
import type { EntityId, RoleId } from '@socle/directory';
import { describe, expect, it } from 'vitest';
import { readSubject, writeSubject, type AdministrationAct } from './act.ts';

const MOST = 200;
const person = randomUUID() as string as PersonId;
const over = randomUUID() as string as EntityId;
const role = randomUUID() as string as RoleId;
const day = new Date('2027-08-31T22:00:00.000Z');

describe('the act that a second person agrees to', () => {
  it.each<AdministrationAct>([
    { act: 'give', person, role: 'security_officer', over },
    { act: 'give', person, role: 'academy_admin', over, from: day, to: new Date(day.getTime() + 1) },
    { act: 'give', person, role: 'dpo', over, to: day },
    { act: 'prolong', role },
    { act: 'prolong', role, to: day },
    { act: 'end', role },
    { act: 'restore', role },
  ])('is read as it was written, within what a request holds (%#)', (act) => {
    const subject = writeSubject(act);
    expect(subject.length).toBeLessThanOrEqual(MOST);
    expect(readSubject(subject)).toEqual(act);
  });

  it('is not read from anything else', () => {
    const give = writeSubject({ act: 'give', person, role: 'dpo', over });
    for (const text of [
      '',
      'give',
      `grant ${person}`,
      give.replace('dpo', 'head'),
      give.replace(over, 'x'),
      'end x',
    ])
      expect(readSubject(text)).toBeUndefined();
  });
});
