import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildAccent, namedAccents } from './accent.ts';
import { contrast, type Hex } from './colour.ts';
import { dark, light, type ColourRole, type Palette } from './tokens.ts';

const schemes: readonly (readonly [string, Palette])[] = [
  ['light', light],
  ['dark', dark],
];
const grounds: readonly ColourRole[] = ['ground', 'surface', 'sunken'];
const softPairs: readonly (readonly [ColourRole, ColourRole])[] = [
  ['accent', 'accent-soft'],
  ['accent-strong', 'accent-soft'],
  ['good', 'good-soft'],
  ['warning', 'warning-soft'],
  ['danger', 'danger-soft'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-strong'],
  ['on-danger', 'danger'],
];

describe('contrast of colours', () => {
  it('measures what WCAG 2.2 defines: 21 for black on white, 1 for a colour on itself', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#777777')).toBe(1);
    expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
  });
});

describe.each(schemes)('tokens, %s', (_name, palette) => {
  it('writes body text with at least 7:1 on every ground', () => {
    for (const ground of [...grounds, 'accent-soft'] as const) {
      expect(contrast(palette.text, palette[ground]), ground).toBeGreaterThanOrEqual(7);
    }
  });

  it('writes everything else with at least 4.5:1', () => {
    const onGrounds = grounds.flatMap((ground) =>
      (['muted', 'accent', 'accent-strong', 'good', 'warning', 'danger'] as const).map(
        (role) => [role, ground] as const,
      ),
    );
    const pairs = [...onGrounds, ...softPairs];
    expect(pairs.length).toBeGreaterThan(20);
    for (const [text, ground] of pairs) {
      expect(contrast(palette[text], palette[ground]), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('draws focus and the edges of controls with at least 3:1 (WCAG 1.4.11)', () => {
    for (const ground of grounds) {
      expect(contrast(palette.focus, palette[ground]), `focus on ${ground}`).toBeGreaterThanOrEqual(3);
      expect(contrast(palette['line-strong'], palette[ground]), `edge on ${ground}`).toBeGreaterThanOrEqual(
        3,
      );
    }
  });
});

describe('accents', () => {
  const readable = (colour: Hex): void => {
    for (const [scheme, palette] of schemes) {
      const accent = buildAccent(colour)[scheme === 'light' ? 'light' : 'dark'];
      for (const ground of grounds) {
        expect(contrast(accent.accent, palette[ground])).toBeGreaterThanOrEqual(4.5);
        expect(contrast(accent['accent-strong'], palette[ground])).toBeGreaterThanOrEqual(4.5);
      }
      expect(contrast(accent.accent, accent['accent-soft'])).toBeGreaterThanOrEqual(4.5);
      expect(contrast(accent['accent-strong'], accent['accent-soft'])).toBeGreaterThanOrEqual(4.5);
      expect(contrast(accent['on-accent'], accent.accent)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(accent['on-accent'], accent['accent-strong'])).toBeGreaterThanOrEqual(4.5);
      expect(contrast(palette.text, accent['accent-soft'])).toBeGreaterThanOrEqual(7);
    }
  };

  it('are readable for every named accent', () => {
    expect(Object.keys(namedAccents).length).toBeGreaterThan(4);
    for (const colour of Object.values(namedAccents)) readable(colour);
  });

  it('are brought to readable contrast for any colour a school may choose', () => {
    const channel = fc.integer({ min: 0, max: 255 }).map((value) => value.toString(16).padStart(2, '0'));
    fc.assert(
      fc.property(fc.tuple(channel, channel, channel), (parts) => {
        readable(`#${parts.join('')}`);
      }),
      { numRuns: 300 },
    );
  });
});
