import { plainName } from './plain-name.ts';
import { createHash } from 'node:crypto';
import { invariant } from '@socle/base';
import { join, type Fragment } from '../html.ts';
import { formatNumber } from '../languages/format.ts';
import { maxSeries, type ChartOptions } from './chart-options.ts';
import { chartFrame, dashes } from './chart-frame.ts';
import { drawWithEcharts } from './draw-with-echarts.ts';
import { paint, safeSvg } from './safe-svg.ts';

/** Two drawings of each chart, so that its words are as large on a phone as on a desk. */
const sizes = [
  { width: 800, svgClass: 'chart-wide' },
  { width: 340, svgClass: 'chart-small' },
] as const;
const colours = [paint.series1, paint.series2, paint.series3, paint.series4] as const;

/** How values change along categories. Lines differ by dash as well as colour; the last value is written beside its line. */
export function lineChart(options: ChartOptions): Fragment {
  const series = options.series.map((line, index) => ({
    type: 'line',
    name: plainName(line.name),
    data: line.values.map((value, position) => ({
      value: value ?? '-',
      label: { show: value !== null && position === lastValueIndex(line.values) },
    })),
    symbol: 'circle',
    symbolSize: 7,
    showAllSymbol: true,
    itemStyle: { color: colours[index], borderWidth: 0 },
    lineStyle: {
      color: colours[index],
      width: 3,
      cap: 'round',
      join: 'round',
      type: dashes[index]?.split(' ').map(Number) ?? 'solid',
    },
    label: { position: 'right', distance: 8, color: paint.text, fontSize: 15, formatter: labelOf(options) },
  }));
  return draw(options, series, 'line');
}

/** Values side by side. Bars carry their values, and differ by filling as well as colour. */
export function barChart(options: ChartOptions): Fragment {
  const single = options.series.length === 1;
  const series = options.series.map((bars, index) => ({
    type: 'bar',
    name: plainName(bars.name),
    data: bars.values.map((value) => ({ value: value ?? '-' })),
    barMaxWidth: single ? 48 : 28,
    barGap: '15%',
    itemStyle: {
      color: colours[index],
      borderColor: colours[index],
      borderWidth: 2,
      borderRadius: [4, 4, 0, 0],
      opacity: 1,
    },
    label: { show: true, position: 'top', color: paint.text, fontSize: 15, formatter: barLabelOf(options) },
  }));
  return draw(options, series, 'bar');
}

function draw(
  options: ChartOptions,
  series: readonly Readonly<Record<string, unknown>>[],
  kind: 'line' | 'bar',
): Fragment {
  invariant(options.series.length <= maxSeries, 'a chart tells at most four series apart');
  const digest = createHash('sha256').update(JSON.stringify(options)).digest('hex').slice(0, 8);
  const patternPrefix = `chart-${digest}-fill-`;
  const drawings = sizes.map(({ width, svgClass }) => {
    const source = drawWithEcharts({ ...axes(options, kind, width), series }, width, options.height ?? 260);
    return safeSvg(source, `chart-${digest}-${width}-`, {
      svgClass,
      ...(kind === 'bar' ? { patternPrefix } : {}),
    });
  });
  return chartFrame(options, join(drawings), kind, patternPrefix);
}

function axes(options: ChartOptions, kind: 'line' | 'bar', width: number): Readonly<Record<string, unknown>> {
  const text = { color: paint.muted, fontSize: 14 };
  const write = (value: number): string => formatNumber(options.language, value, options.digits ?? 1);
  const shown = Math.max(1, Math.min(options.categories.length, width < 500 ? 5 : 10));
  const [left, right] = [40, kind === 'line' ? 44 : 8];
  return {
    grid: { left, right, top: 24, bottom: 34 },
    xAxis: {
      type: 'category',
      data: options.categories.map(plainName),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: paint.line } },
      axisLabel: {
        ...text,
        margin: 12,
        hideOverlap: true,
        width: Math.floor((width - left - right) / shown) - 6,
        overflow: 'truncate',
      },
    },
    yAxis: {
      type: 'value',
      splitNumber: 4,
      // counts have no halves: rounded, they would write a number twice
      ...(options.digits === 0 ? { minInterval: 1 } : {}),
      ...(options.min === undefined ? {} : { min: options.min }),
      ...(options.max === undefined ? {} : { max: options.max }),
      axisLabel: { ...text, formatter: write },
      splitLine: { lineStyle: { color: paint.line } },
    },
  };
}

function labelOf(options: ChartOptions): (point: { readonly value: unknown }) => string {
  return ({ value }) =>
    typeof value === 'number' ? formatNumber(options.language, value, options.digits ?? 1) : '';
}

/** A bar of no height says nothing by a 0 above it, and many of them run into one another. */
function barLabelOf(options: ChartOptions): (point: { readonly value: unknown }) => string {
  const write = labelOf(options);
  return (point) => (point.value === 0 ? '' : write(point));
}

function lastValueIndex(values: readonly (number | null)[]): number {
  return values.findLastIndex((value) => value !== null);
}
