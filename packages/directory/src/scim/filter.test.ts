import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSocleError } from '@socle/base';
import { COMPARISONS, parseFilter, parsePatchPath, type Filter } from './filter.ts';
import { matchesValue } from './match-value.ts';

/** A filter as text, with every bracket that is needed and some that are not. */
function render(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return `(${render(filter.left)} ${filter.kind} ${render(filter.right)})`;
    case 'not':
      return `not (${render(filter.filter)})`;
    case 'present':
      return `${path(filter)} pr`;
    case 'any':
      return `${path(filter)}[${render(filter.filter)}]`;
    case 'compare':
      return `${path(filter)} ${filter.comparison} ${JSON.stringify(filter.value)}`;
  }
}
const path = ({ path: { urn, name, sub } }: Extract<Filter, { path: unknown }>) =>
  `${urn ? `${urn}:` : ''}${name}${sub ? `.${sub}` : ''}`;

const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/);
const attributePath = fc.record(
  { name, sub: name, urn: fc.constant('urn:ietf:params:scim:schemas:core:2.0:user') },
  { requiredKeys: ['name'] },
);
const value = fc.oneof(fc.string(), fc.boolean(), fc.constant(null), fc.integer());
const tree = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4 },
    fc.record({ kind: fc.constant('present' as const), path: attributePath }),
    fc.record({
      kind: fc.constant('compare' as const),
      path: attributePath,
      comparison: fc.constantFrom(...COMPARISONS),
      value,
    }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      left: tie('filter'),
      right: tie('filter'),
    }),
    fc.record({ kind: fc.constant('not' as const), filter: tie('filter') }),
    fc.record({ kind: fc.constant('any' as const), path: attributePath, filter: tie('filter') }),
  ),
})).filter;

describe('RFC 7644 §3.4.2.2 filters', () => {
  it('reads back every filter as it was written', () => {
    let seen = 0;
    fc.assert(
      fc.property(tree, (filter) => {
        const text = render(filter);
        fc.pre(text.length <= 2_000 && text.split(/ (?:and|or) /).length < 40);
        seen += 1;
        expect(parseFilter(text)).toEqual(filter);
      }),
      { numRuns: 500 },
    );
    expect(seen).toBeGreaterThan(200);
  });

  it('refuses whatever else comes, with its own refusal and nothing of what was sent', () => {
    const piece = fc.constantFrom(
      'userName',
      'eq',
      '"x"',
      '(',
      ')',
      '[',
      ']',
      'not',
      'and',
      'or',
      'pr',
      '.',
      ' ',
      '1',
      '\\',
      '"',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(piece, { maxLength: 40 }).map((all) => all.join(' ')),
    );
    let refused = 0;
    fc.assert(
      fc.property(text, (input) => {
        try {
          parseFilter(input);
        } catch (error) {
          refused += 1;
          if (!isSocleError(error)) throw error;
          expect(error.code).toMatch(/^scim_(filter|path)_invalid$/);
        }
      }),
      { numRuns: 2_000 },
    );
    expect(refused).toBeGreaterThan(1_000);
  });

  it('has "not" bind before "and", and "and" before "or"', () => {
    const shape = (text: string) => JSON.stringify(parseFilter(text));
    expect(shape('a pr or b pr and c pr')).toBe(shape('a pr or (b pr and c pr)'));
    expect(shape('not (a pr) and b pr')).toBe(shape('(not (a pr)) and b pr'));
    expect(shape('USERNAME EQ "x" AND Active Eq true')).toBe(shape('userName eq "x" and active eq true'));
  });

  it.each([
    ['beyond 2000 characters', `a eq "${'x'.repeat(2_000)}"`],
    ['beyond 50 terms', Array.from({ length: 51 }, () => 'a pr').join(' or ')],
    ['beyond 12 levels', `${'('.repeat(14)}a pr${')'.repeat(14)}`],
  ])('refuses one %s', (_, text) => {
    expect(() => parseFilter(text)).toThrow(/scim_filter_invalid/);
  });

  it('answers at once for the longest hostile text', () => {
    for (const text of [
      '('.repeat(2_000),
      `a${'.a'.repeat(999)}`,
      `"${'\\"'.repeat(990)}`,
      '1'.repeat(2_000),
    ]) {
      expect(() => parseFilter(text)).toThrow(/scim_(filter|path)_invalid/);
    }
  });
});

describe('RFC 7644 §3.5.2 paths', () => {
  it.each([
    ['userName', { path: { name: 'username' } }],
    ['name.familyName', { path: { name: 'name', sub: 'familyname' } }],
    [
      'urn:ietf:params:scim:schemas:extension:socle:2.0:User:birthDate',
      { path: { urn: 'urn:ietf:params:scim:schemas:extension:socle:2.0:user', name: 'birthdate' } },
    ],
    [
      'members[value eq "2"].display',
      {
        path: { name: 'members' },
        filter: { kind: 'compare', path: { name: 'value' }, comparison: 'eq', value: '2' },
        sub: 'display',
      },
    ],
  ])('reads %s', (text, parsed) => expect(parsePatchPath(text)).toEqual(parsed));

  it.each(['', '[a pr]', 'a[', 'a[]', 'a[b pr]x', 'a.b.c', 'a b', '1a', 'a[b pr].c.d'])(
    'refuses %j',
    (text) => {
      expect(() => parsePatchPath(text)).toThrow(/scim_(path|filter)_invalid/);
    },
  );
});

describe('a value filter on one value', () => {
  const element = { value: 'Abc', type: 'User', primary: true };
  it.each([
    ['value eq "abc"', true],
    ['value ne "abc"', false],
    ['value sw "AB" and type co "se"', true],
    ['value ew "d" or primary eq true', true],
    ['not (value pr)', false],
    ['missing pr', false],
    ['missing eq null', true],
    ['value gt "abb"', true],
    ['primary gt true', false],
  ])('%s is %s', (text, expected) => expect(matchesValue(parseFilter(text), element)).toBe(expected));
});
