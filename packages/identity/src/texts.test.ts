import { describe, expect, it } from 'vitest';
import { findMissingStrings } from '@socle/pages';
import { TEXTS } from './texts.ts';

describe('the texts of sign-in', () => {
  it('are complete in French and in English', () => {
    expect(Object.keys(TEXTS.fr).length).toBeGreaterThan(20);
    expect(findMissingStrings(TEXTS)).toEqual([]);
  });
});
