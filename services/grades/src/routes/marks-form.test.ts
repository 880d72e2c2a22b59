import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../errors.ts';
import { parseSheet } from './marks-form.ts';

const form = (fields: Record<string, string>) => new Map(Object.entries(fields));

describe('a posted sheet', () => {
  it.each([
    ['a cell without its version', { 'mark.a': '12' }],
    ['a version that is not a number', { 'mark.a': '12', 'seen.a': '1 OR 1=1' }],
    ['a cell of a page', { 'mark.a': 'x'.repeat(201), 'seen.a': '1' }],
  ])('refuses %s', (_, fields) => {
    expect(() => parseSheet(form(fields), 20)).toThrow(Refusal);
  });

  it('keeps what was typed beside each problem, and reads the other cells', () => {
    const sheet = parseSheet(
      form({
        _csrf: 't',
        'mark.a': '12,5',
        'seen.a': '3',
        'mark.b': '25',
        'seen.b': '0',
        'mark.c': '',
        'seen.c': '1',
      }),
      20,
    );
    expect(sheet.cells).toEqual([
      { pupil: 'a', baseVersion: 3, typed: { kind: 'value', hundredths: 1250 } },
      { pupil: 'c', baseVersion: 1, typed: undefined },
    ]);
    expect([...sheet.problems]).toEqual([['b', 'above_scale']]);
    expect(sheet.raw.get('b')).toEqual({ pupil: 'b', baseVersion: 0, text: '25' });
  });

  it('leaves out a cell whose other value is kept', () => {
    const fields = {
      'mark.a': '12',
      'seen.a': '3',
      'choice.a': 'theirs',
      'mark.b': '13',
      'seen.b': '2',
      'choice.b': 'mine',
    };
    expect(parseSheet(form(fields), 20).cells.map((cell) => cell.pupil)).toEqual(['b']);
  });

  it('takes any names of pupils as they are, even those of objects', () => {
    let seen = 0;
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom('__proto__', 'constructor', 'a.b'), fc.string({ minLength: 1 })),
        (pupil) => {
          const sheet = parseSheet(
            new Map([
              [`mark.${pupil}`, '7'],
              [`seen.${pupil}`, '1'],
            ]),
            20,
          );
          expect(sheet.cells).toEqual([{ pupil, baseVersion: 1, typed: { kind: 'value', hundredths: 700 } }]);
          seen += 1;
        },
      ),
    );
    expect(seen).toBeGreaterThan(50);
  });
});
