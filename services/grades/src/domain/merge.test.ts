import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSameMark, type Mark } from './mark.ts';
import { mergeCell } from './merge.ts';

const twelve: Mark = { kind: 'value', hundredths: 1200 };
const thirteen: Mark = { kind: 'value', hundredths: 1300 };
const absent: Mark = { kind: 'status', status: 'absent' };

const cell = { pupil: 'p', baseVersion: 1, base: twelve, currentVersion: 1, current: twelve };

describe('a cell that two people edit', () => {
  it('is a conflict when both changed it differently', () => {
    expect(mergeCell({ ...cell, typed: absent, currentVersion: 2, current: thirteen })).toBe('conflict');
    expect(mergeCell({ ...cell, typed: undefined, currentVersion: 2, current: thirteen })).toBe('conflict');
  });

  it('is written when nobody else changed it', () => {
    expect(mergeCell({ ...cell, typed: absent })).toBe('write');
    expect(mergeCell({ ...cell, typed: undefined })).toBe('write');
  });

  it('is left alone when I did not touch it, even if another changed it', () => {
    expect(mergeCell({ ...cell, typed: twelve, currentVersion: 2, current: thirteen })).toBe('unchanged');
  });

  it('is left alone when both typed the same', () => {
    expect(mergeCell({ ...cell, typed: thirteen, currentVersion: 2, current: thirteen })).toBe('unchanged');
  });

  it('never writes over a version that its writer has not seen', () => {
    const marks = fc.option(fc.constantFrom(twelve, thirteen, absent), { nil: undefined });
    const versions = fc.integer({ min: 0, max: 3 });
    let writes = 0;
    fc.assert(
      fc.property(
        marks,
        marks,
        marks,
        versions,
        versions,
        (base, typed, current, baseVersion, currentVersion) => {
          const outcome = mergeCell({ pupil: 'p', base, typed, current, baseVersion, currentVersion });
          if (outcome !== 'write') return;
          writes += 1;
          expect(baseVersion).toBe(currentVersion);
          expect(isSameMark(typed, current)).toBe(false);
        },
      ),
    );
    expect(writes).toBeGreaterThan(0);
  });
});
