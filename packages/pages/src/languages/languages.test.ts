import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kitStrings } from '../strings/kit-strings.ts';
import { defineStrings, findMissingStrings } from './define-strings.ts';
import { formatBytes, formatDate, formatList, formatNumber, formatPercent, isSingular } from './format.ts';
import { chooseLanguage } from './language.ts';
import { frenchSpacing } from './typography.ts';

describe('choice of the language (RFC 9110 §12.5.4)', () => {
  it('refuses what is not ours and falls back to French', () => {
    for (const header of [undefined, '', 'de', 'de-DE,es;q=0.9', '*', 'en;q=0', 'en;q=abc']) {
      expect(chooseLanguage(header), header).toBe('fr');
    }
    expect(chooseLanguage('en', 'de')).toBe('en');
  });

  it('takes the person’s choice first, then the heaviest of the header', () => {
    expect(chooseLanguage('fr', 'en')).toBe('en');
    expect(chooseLanguage('en-GB,en;q=0.9,fr;q=0.8')).toBe('en');
    expect(chooseLanguage('en;q=0.4, fr-CA;q=0.5')).toBe('fr');
    expect(chooseLanguage('de, en;q=0.3')).toBe('en');
  });

  it('answers one of ours for any header', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (header, cookie) =>
        ['fr', 'en'].includes(chooseLanguage(header, cookie)),
      ),
    );
  });
});

describe('catalogues of texts', () => {
  it('finds a text that is empty or missing in one language', () => {
    const broken = { fr: { one: 'un', two: 'deux', three: ' ' }, en: { one: 'one', three: 'three' } };
    expect(findMissingStrings(broken)).toEqual(['two (en)', 'three (fr)']);
    const grouped = { fr: { marks: { none: 'aucune' } }, en: { marks: { all: 'all' } } };
    expect(findMissingStrings(grouped)).toEqual(['marks.none (en)', 'marks.all (fr)']);
  });

  it('has every text of the kit in both languages', () => {
    expect(Object.keys(kitStrings.fr).length).toBeGreaterThan(30);
    expect(findMissingStrings(kitStrings)).toEqual([]);
  });

  it('spaces French texts, plain or built, and leaves English ones', () => {
    const strings = defineStrings({
      fr: { ask: 'Prêt ?', greet: (name: string) => `Bonjour ${name} !`, group: { stop: 'Non !' } },
      en: { ask: 'Ready?', greet: (name) => `Hello ${name}!`, group: { stop: 'No!' } },
    });
    expect(strings.fr.ask).toBe('Prêt\u202f?');
    expect(strings.fr.greet('Léa')).toBe('Bonjour Léa\u202f!');
    expect(strings.fr.group.stop).toBe('Non\u202f!');
    expect(strings.en.greet('Léa')).toBe('Hello Léa!');
  });
});

describe('French spacing', () => {
  it.each([
    ['Attention : fermé', 'Attention\u00a0: fermé'],
    ['Prêt?', 'Prêt\u202f?'],
    ['un ; deux', 'un\u202f; deux'],
    ['« Le Cid »', '«\u202fLe Cid\u202f»'],
  ])('writes %s with no-break spaces', (typed, spaced) => {
    expect(frenchSpacing(typed)).toBe(spaced);
  });

  it.each(['12:30', 'https://ecole.example/?a=1;b=2', 'A&amp;B', 'f(x)'])('leaves %s as it is', (text) => {
    expect(frenchSpacing(text)).toBe(text);
  });

  it('changes nothing the second time', () => {
    fc.assert(fc.property(fc.string(), (text) => frenchSpacing(frenchSpacing(text)) === frenchSpacing(text)));
  });
});

describe('formats', () => {
  const at = new Date('2026-03-11T23:30:00Z');

  it('writes days in the school’s own time', () => {
    expect(formatDate('fr', at)).toBe('12 mars 2026');
    expect(formatDate('en', at, 'long', 'Pacific/Noumea')).toBe('12 March 2026');
    expect(formatDate('en', at, 'long', 'America/New_York')).toBe('11 March 2026');
  });

  it('writes numbers, shares, sizes and lists as each language does', () => {
    expect(formatNumber('fr', 1234.5)).toBe('1\u202f234,5');
    expect(formatNumber('en', 1234.5)).toBe('1,234.5');
    expect(formatPercent('en', 0.256)).toBe('26%');
    expect(formatBytes('fr', 10_000_000)).toMatch(/^10\sMo$/u);
    expect(formatBytes('en', 0)).toMatch(/^0/);
    expect(formatList('fr', ['Ada', 'Léo', 'Inès'])).toBe('Ada, Léo et Inès');
  });

  it('knows the singular: 0 and 1 in French, 1 in English', () => {
    expect([0, 1, 2].map((count) => isSingular('fr', count))).toEqual([true, true, false]);
    expect([0, 1, 2].map((count) => isSingular('en', count))).toEqual([false, true, false]);
  });
});
