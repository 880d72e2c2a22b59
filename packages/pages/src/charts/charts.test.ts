import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dotDistribution } from './dot-distribution.ts';
import { heatMap } from './heat-map.ts';
import { barChart, lineChart } from './line-chart.ts';
import { rankedBars } from './ranked-bars.ts';
import { safeSvg } from './safe-svg.ts';
import { sparkline } from './sparkline.ts';

const shared = {
  language: 'fr',
  title: 'Les notes montent',
  categoryTitle: 'Mois',
  categories: ['sept.', 'oct.'],
} as const;
const two = [
  { name: 'Léa', values: [12, 15.5] },
  { name: 'Classe', values: [11, null] },
];

const week = {
  language: 'fr',
  title: 'Le mardi soir sort du lot',
  rowTitle: 'Jour',
  rows: ['lundi', 'mardi'],
  columns: ['8 h', '20 h'],
} as const;

describe('charts', () => {
  it.each([
    ['lines', lineChart({ ...shared, series: two })],
    ['bars', barChart({ ...shared, series: two })],
    ['a sparkline', sparkline({ values: [1, 2], label: 'de 1 à 2' })],
    [
      'a heat map',
      heatMap({
        ...week,
        values: [
          [0, 3],
          [12, 1],
        ],
      }),
    ],
    [
      'ranked bars',
      rankedBars({ language: 'fr', title: 'Surtout : Notes', items: [{ name: 'Notes', count: 2 }] }),
    ],
    ['dots', dotDistribution({ values: [1, 2], min: 0, max: 20, label: 'deux notes' })],
  ])('draw %s with nothing inline: no style, no script, no event, no colour of their own', (_name, chart) => {
    const source = chart.toString();
    expect(source).toContain('<svg');
    expect(source).not.toMatch(/\sstyle=|<style|<script|\son\w+=|#[0-9a-f]{6}\b|rgba?\(/i);
  });

  it('say the finding, write the last values beside the lines and every value in the table behind', () => {
    const source = lineChart({ ...shared, series: two }).toString();
    expect(source).toContain('<h3>Les notes montent</h3>');
    expect(source.match(/>15,5</g)?.length).toBe(3);
    expect(source).toContain('pas de valeur');
    expect(source).toContain('<details');
  });

  it('differ without colour: dashes for lines, patterns for bars that are defined in the page', () => {
    expect(lineChart({ ...shared, series: two }).toString()).toContain('stroke-dasharray="7 5"');
    const bars = barChart({ ...shared, series: two }).toString();
    const wanted = new Set([...bars.matchAll(/fill="url\(#([\w-]+)\)"/g)].map(([, id]) => id));
    expect(wanted.size).toBe(1);
    for (const id of wanted) expect(bars).toContain(`<pattern id="${id}"`);
  });

  it('write every name and count of ranked bars whole, the longest bar for the largest', () => {
    const name = 'Délégation académique au numérique éducatif';
    const source = rankedBars({
      language: 'fr',
      title: 'Surtout',
      items: [
        { name, count: 1200 },
        { name: 'Notes', count: 300 },
      ],
    }).toString();
    expect(source).toContain(name);
    expect(source).toMatch(/>1.200</);
    const widths = [...source.matchAll(/series1" width="([\d.]+)"/g)].map(([, width]) => width);
    expect(widths).toEqual(['100.0', '25.0']);
  });

  it('write no 0 above a bar without height, and no half of a count on the scale', () => {
    const counts = { ...shared, digits: 0, series: [{ name: 'Refus', values: [0, 1] }] };
    const [drawing] = barChart(counts).toString().split('<details');
    const written = [...drawing!.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);
    // two drawings, each with 0 and 1 on the scale and 1 above its bar
    expect(written.filter((text) => text === '0')).toHaveLength(2);
    expect(written.filter((text) => text === '1')).toHaveLength(4);
  });

  it('draw more as a larger square, nothing as a dot, and every count in the table behind', () => {
    const source = heatMap({
      ...week,
      values: [
        [0, 3],
        [12, 1],
      ],
    }).toString();
    const sides = [...source.matchAll(/<rect[^>]* width="([\d.]+)"/g)].map(([, side]) => Number(side));
    expect(sides).toHaveLength(6);
    expect(sides[1]).toBeGreaterThan(sides[0]! * 1.9);
    expect(source.match(/<circle/g)).toHaveLength(2);
    expect(source).toMatch(/<td[^>]*>12</);
    expect(() => heatMap({ ...week, values: [[1, 2]] })).toThrow('one count for each row and column');
    expect(
      heatMap({
        ...week,
        values: [
          [0, 0],
          [0, 0],
        ],
      }).toString(),
    ).not.toContain('NaN');
  });

  it('refuse a fifth series', () => {
    expect(() =>
      lineChart({ ...shared, series: Array.from({ length: 5 }, () => two[0] ?? { name: '', values: [] }) }),
    ).toThrow('four series');
  });

  it('stand with no values, one value and long words', () => {
    expect(lineChart({ ...shared, categories: [], series: [] }).toString()).toContain('<figure');
    expect(
      lineChart({ ...shared, categories: ['sept.'], series: [{ name: 'Léa', values: [null] }] }).toString(),
    ).toContain('<figure');
    expect(sparkline({ values: [], label: 'rien' }).toString()).toContain('aria-label="rien"');
    expect(sparkline({ values: [5, 5, 5], label: 'égal' }).toString()).not.toContain('NaN');
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '__defineGetter__'])(
    'draw what is named %s, and everything after it as before',
    (name) => {
      const before = lineChart({ ...shared, series: two }).toString();
      const odd = lineChart({
        ...shared,
        categories: [name, name],
        series: [{ name, values: [1, 2] }],
      }).toString();
      expect(odd).toContain('<svg');
      expect(
        barChart({ ...shared, categories: [name, 'b'], series: [{ name, values: [1, 2] }] }).toString(),
      ).toContain('<svg');
      expect(lineChart({ ...shared, series: two }).toString().length).toBe(before.length);
    },
  );

  it('keep names of any characters as text', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.constant('__proto__')),
        (name) => {
          const source = lineChart({
            ...shared,
            title: name,
            categories: [name, '<script>'],
            series: [{ name, values: [1, 2] }],
          }).toString();
          return !/<script|<style|\sstyle=/.test(source);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('drawings from outside', () => {
  it('lose every element, attribute and address that is not known', () => {
    const source =
      '<svg onload="x()" width="10"><script>alert(1)</script><image href="https://evil.example/x"></image><path d="M0 0" style="fill:red" fill="url(https://evil.example)"></path><rect width="1" fill="#000011" clip-path="url(#c)"></rect></svg>';
    const safe = safeSvg(source, 'p-', { svgClass: 'k' }).toString();
    expect(safe).not.toMatch(/script|onload|evil|image|style/);
    expect(safe).toContain('<rect width="1" clip-path="url(#p-c)" class="chart-fill-series1">');
  });

  it('are refused when their markup is not understood', () => {
    expect(() => safeSvg('<svg><path d="M0 0" <b></svg>', 'p-', { svgClass: 'k' })).toThrow('markup');
  });
});
