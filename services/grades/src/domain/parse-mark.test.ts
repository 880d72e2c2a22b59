import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scales } from './assessment.ts';
import { markStatuses, type Mark } from './mark.ts';
import { formatMark, parseMark } from './parse-mark.ts';

const languages = ['fr', 'en'] as const;

describe('what a teacher types in a cell', () => {
  it.each([
    ['douze', 'not_a_number'],
    ['12,5,5', 'not_a_number'],
    ['1 2', 'not_a_number'],
    ['1e1', 'not_a_number'],
    ['0x10', 'not_a_number'],
    ['Infinity', 'not_a_number'],
    ['<script>', 'not_a_number'],
    ['-1', 'negative'],
    ['12,125', 'too_precise'],
    ['20,01', 'above_scale'],
    ['125', 'above_scale'],
    ['9'.repeat(13), 'too_long'],
  ] as const)('refuses %j out of 20: %s', (text, problem) => {
    expect(parseMark(text, 20)).toEqual({ ok: false, problem });
  });

  it.each([
    ['12,5', 1250],
    ['12.5', 1250],
    [' 12,50 ', 1250],
    ['12,500', 1250],
    ['0', 0],
    ['-0', 0],
    ['007', 700],
    ['20', 2000],
    ['１２', 1200],
  ] as const)('reads %j as %i hundredths', (text, hundredths) => {
    expect(parseMark(text, 20)).toEqual({ ok: true, mark: { kind: 'value', hundredths } });
  });

  it.each([
    ['abs', 'absent'],
    ['ABS.', 'absent'],
    ['Absente', 'absent'],
    ['a', 'absent'],
    ['disp', 'exempt'],
    ['Dispensé', 'exempt'],
    ['exc', 'exempt'],
    ['ne', 'not_graded'],
    ['non  évalué', 'not_graded'],
    ['NG', 'not_graded'],
  ] as const)('reads %j as %s', (text, status) => {
    expect(parseMark(text, 20)).toEqual({ ok: true, mark: { kind: 'status', status } });
  });

  it('reads an empty cell as no mark', () => {
    expect(parseMark('   ', 20)).toEqual({ ok: true, mark: undefined });
  });

  it('never throws, and gives values within the scale, whatever is typed', () => {
    let values = 0;
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^-?\d{1,3}([.,]\d{1,4})?$/)),
        fc.constantFrom(...scales),
        (text, scale) => {
          const parsed = parseMark(text, scale);
          if (parsed.ok && parsed.mark?.kind === 'value') {
            values += 1;
            expect(Number.isInteger(parsed.mark.hundredths)).toBe(true);
            expect(parsed.mark.hundredths).toBeGreaterThanOrEqual(0);
            expect(parsed.mark.hundredths).toBeLessThanOrEqual(scale * 100);
          }
        },
      ),
      { numRuns: 2000 },
    );
    expect(values).toBeGreaterThan(100);
  });

  it('reads back the text of every mark as the same mark, in both languages', () => {
    const marks: fc.Arbitrary<Mark> = fc.oneof(
      fc.integer({ min: 0, max: 2000 }).map((hundredths) => ({ kind: 'value' as const, hundredths })),
      fc.constantFrom(...markStatuses).map((status) => ({ kind: 'status' as const, status })),
    );
    fc.assert(
      fc.property(marks, fc.constantFrom(...languages), (mark, language) => {
        expect(parseMark(formatMark(mark, language), 20)).toEqual({ ok: true, mark });
      }),
      { numRuns: 3000 },
    );
    expect(formatMark({ kind: 'value', hundredths: 1250 }, 'fr')).toBe('12,5');
    expect(formatMark({ kind: 'value', hundredths: 1000 }, 'fr')).toBe('10');
    expect(formatMark({ kind: 'value', hundredths: 5 }, 'en')).toBe('0.05');
  });
});
