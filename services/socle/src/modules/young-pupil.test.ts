import { describe, expect, it } from 'vitest';
import type { School } from '@socle/directory';
import { isYoungPupil } from './young-pupil.ts';

const schools = [
  { id: 'hirondelles', kind: 'primary' },
  { id: 'belle-etoile', kind: 'college' },
] as unknown as readonly School[];

describe('a pupil to whom pages say "tu"', () => {
  it.each([
    ['a pupil of a primary school', [{ role: 'pupil', school: 'hirondelles' }], true],
    ['a pupil of a collège', [{ role: 'pupil', school: 'belle-etoile' }], false],
    ['a teacher of a primary school', [{ role: 'teacher', school: 'hirondelles' }], false],
    ['somebody without a role', [], false],
    [
      'a pupil who changes school this year',
      [
        { role: 'pupil', school: 'hirondelles' },
        { role: 'pupil', school: 'belle-etoile' },
      ],
      false,
    ],
  ])('%s: %s is %s', (_who, roles, expected) => {
    expect(isYoungPupil({ roles, schools })).toBe(expected);
  });
});
