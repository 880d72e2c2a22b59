import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseReturnPath } from './return-path.ts';

const BASE = 'https://notes.ent.example';

describe('parseReturnPath', () => {
  it('keeps a path of this module with its query, in normal form', () => {
    expect(parseReturnPath('/', BASE)).toBe('/');
    expect(parseReturnPath('/classes/6B?tri=nom&q=é', BASE)).toBe('/classes/6B?tri=nom&q=%C3%A9');
    expect(parseReturnPath('/a/../b', BASE)).toBe('/b');
    expect(parseReturnPath('/sign-in-help', BASE)).toBe('/sign-in-help');
  });

  it.each([
    undefined,
    null,
    1,
    ['/a'],
    'a',
    '',
    '//a',
    '/\\a',
    '/.//a',
    '/sign-in',
    '/sign-out?x',
    '/oidc/callback',
  ])('gives the start page for %j', (value) => {
    expect(parseReturnPath(value, BASE)).toBe('/');
  });

  it('never leads to another origin, whatever the text', () => {
    const pieces = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '@',
      ':',
      '?',
      '#',
      '%2f',
      '%5c',
      '\t',
      '\n',
      ' ',
      'evil.example',
      'https:',
      'é',
    );
    let kept = 0;
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        const path = parseReturnPath(`/${parts.join('')}`, BASE);
        expect(new URL(path, BASE).origin).toBe(BASE);
        expect(path.startsWith('//')).toBe(false);
        if (path !== '/') kept += 1;
      }),
      { numRuns: 2_000 },
    );
    expect(kept).toBeGreaterThan(100);
  });
});
