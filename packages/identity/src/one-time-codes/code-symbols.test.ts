import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCode, inventCode, parseCode } from './code-symbols.ts';

const read = (typed: string) => parseCode(typed)?.revealText();

describe('a one-time code as people read and type it', () => {
  it('has ten symbols of 32, printed as two groups of five', () => {
    const seen = new Set<string>();
    for (let round = 0; round < 2_000; round += 1) {
      const printed = formatCode(inventCode());
      expect(printed).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
      for (const symbol of printed.replace('-', '')) seen.add(symbol);
    }
    expect(seen.size).toBe(32);
  });

  it('is read in any case, with spaces, dashes and dots anywhere', () => {
    for (const typed of [
      '7F3KD-9QX2M',
      '7f3kd9qx2m',
      ' 7f3 kd9 qx2 m ',
      '7f3kd\u20139qx2m',
      '7.F3KD_9QX2M',
      '７F3KD9QX2M',
    ]) {
      expect(read(typed)).toBe('7F3KD9QX2M');
    }
  });

  it('takes what looks like another symbol for that symbol', () => {
    expect(read('OoIiLlUu00')).toBe('001111VV00');
  });

  it('refuses nine or eleven symbols, other signs and very long texts', () => {
    for (const typed of [
      '',
      '7F3KD9QX2',
      '7F3KD9QX2MM',
      '7F3KD9QX2é',
      '7F3KD9QX2!',
      ' '.repeat(60) + '7F3KD9QX2M',
    ]) {
      expect(read(typed)).toBeUndefined();
    }
    expect(read(' '.repeat(54) + '7F3KD9QX2M')).toBe('7F3KD9QX2M');
  });

  it('never throws, and gives ten symbols of the alphabet or nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (typed) => {
        const code = read(typed);
        return code === undefined || /^[0-9A-HJKMNP-TV-Z]{10}$/.test(code);
      }),
    );
  });

  it('reads back every printed code', () => {
    for (let round = 0; round < 200; round += 1) {
      const code = inventCode();
      expect(read(formatCode(code).toLowerCase())).toBe(code.revealText());
    }
  });
});
