import { describe, expect, it } from 'vitest';
import { scoreDuplicate, type ComparedPerson } from './score-duplicate.ts';

const zoe: ComparedPerson = {
  givenName: 'zoe',
  familyName: 'lefevre',
  birthDate: '2012-03-14',
  keyNumbers: [],
  liveKinds: [],
  family: [],
  schools: [],
};

describe('scoreDuplicate', () => {
  it('gives nothing for two birth dates, or for names that are not alike', () => {
    expect(scoreDuplicate(zoe, { ...zoe, birthDate: '2012-03-15' }).score).toBe(0);
    expect(scoreDuplicate(zoe, { ...zoe, givenName: 'adele' }).score).toBe(0);
    expect(scoreDuplicate({ ...zoe, givenName: 'lea' }, { ...zoe, givenName: 'leo' }).score).toBe(0);
  });

  it.each<[string, Partial<ComparedPerson>, Partial<ComparedPerson>, number]>([
    ['the same names and birth date', {}, {}, 75],
    ['the same names alone', { birthDate: '' }, {}, 40],
    ['the same names and a shared guardian', { birthDate: '', family: ['g'] }, { family: ['g', 'h'] }, 65],
    ['names given in the other order', { givenName: 'lefevre', familyName: 'zoe' }, {}, 70],
    ['one letter', { familyName: 'lefebvre' }, {}, 55],
    ['a second first name', { givenName: 'zoe marie' }, {}, 55],
    ['one number in both degrees', { keyNumbers: ['1001'] }, { keyNumbers: ['1001'] }, 95],
    ['two live keys of one feed', { liveKinds: ['a 2D pupil'] }, { liveKinds: ['a 2D pupil'] }, 45],
  ])('weighs %s', (_, one, other, score) => {
    expect(scoreDuplicate({ ...zoe, ...one }, { ...zoe, ...other }).score).toBe(score);
    expect(scoreDuplicate({ ...zoe, ...other }, { ...zoe, ...one }).score).toBe(score);
  });
});
