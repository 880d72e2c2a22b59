import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schoolYearStart } from './assessment.ts';
import { parseAssessment, parseDay, type TypedAssessment } from './assessment-form.ts';

const today = '2026-11-23';
const typed: TypedAssessment = {
  title: 'Théorème de Thalès',
  heldOn: '2026-11-20',
  scale: '20',
  coefficient: '1,5',
  kind: 'test',
};

describe('the form of an assessment', () => {
  it.each([
    ['title', '', 'title_missing'],
    ['title', ' \t ', 'title_missing'],
    ['title', 'x'.repeat(121), 'title_too_long'],
    ['heldOn', '', 'date_missing'],
    ['heldOn', 'hier', 'date_not_a_day'],
    ['heldOn', '2026-02-30', 'date_not_a_day'],
    ['heldOn', '2026-07-31', 'date_outside_year'],
    ['heldOn', '2027-08-01', 'date_outside_year'],
    ['scale', '15', 'scale_unknown'],
    ['coefficient', 'deux', 'coefficient_not_a_number'],
    ['coefficient', '-1', 'coefficient_not_a_number'],
    ['coefficient', '20,5', 'coefficient_out_of_range'],
    ['kind', 'revenge', 'kind_unknown'],
  ] as const)('refuses %s %j: %s', (field, text, problem) => {
    expect(parseAssessment({ ...typed, [field]: text }, today)).toEqual({
      ok: false,
      problems: [{ field, problem }],
    });
  });

  it('says all that is wrong at once', () => {
    const parsed = parseAssessment({ title: '', heldOn: '', scale: '', coefficient: '', kind: '' }, today);
    expect(parsed.ok ? [] : parsed.problems.map((problem) => problem.field)).toEqual([
      'title',
      'heldOn',
      'kind',
      'scale',
      'coefficient',
    ]);
  });

  it('reads a whole form, with a French day and spaces tidied', () => {
    expect(
      parseAssessment({ ...typed, title: '  Théorème \n de Thalès ', heldOn: '1/9/2026' }, today),
    ).toEqual({
      ok: true,
      details: {
        title: 'Théorème de Thalès',
        heldOn: '2026-09-01',
        scale: 20,
        coefficientHundredths: 150,
        kind: 'test',
      },
    });
  });
});

describe('a calendar day', () => {
  it('is read back from its own text, and from the French one', () => {
    const days = fc.date({ min: new Date('1990-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(days, (date) => {
        const day = date.toISOString().slice(0, 10);
        expect(parseDay(day)).toBe(day);
        expect(parseDay(`${day.slice(8)}/${day.slice(5, 7)}/${day.slice(0, 4)}`)).toBe(day);
      }),
    );
  });

  it('belongs to the school year that starts on the first of August', () => {
    expect(schoolYearStart('2026-07-31')).toBe('2025-08-01');
    expect(schoolYearStart('2026-08-01')).toBe('2026-08-01');
    expect(schoolYearStart('2027-01-10')).toBe('2026-08-01');
  });
});
