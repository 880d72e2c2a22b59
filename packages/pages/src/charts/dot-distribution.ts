import { html, nothing, type Fragment } from '../html.ts';

/** Where each of a group stands on a scale. */
export interface DotDistributionOptions {
  readonly values: readonly number[];
  readonly min: number;
  readonly max: number;
  /** Values are rounded to this. Default 1. */
  readonly step?: number;
  /** The reader's own value, one of `values`, and what it is called. */
  readonly mark?: { readonly value: number; readonly label: string };
  /** What the drawing shows, in a sentence for screen readers. */
  readonly label: string;
}

/** One dot each, equal values stacked, the reader's own in the accent and named. */
export function dotDistribution(options: DotDistributionOptions): Fragment {
  return html`<div class="dots" role="img" aria-label="${options.label}">${draw(options, 800, 'chart-wide')}${draw(options, 340, 'chart-small')}</div>`;
}

function draw(options: DotDistributionOptions, width: number, svgClass: string): Fragment {
  const step = options.step ?? 1;
  const slots = Math.max(1, Math.round((options.max - options.min) / step));
  const slotOf = (value: number): number =>
    Math.round((Math.min(options.max, Math.max(options.min, value)) - options.min) / step);
  const counts = new Map<number, number>();
  for (const value of options.values) counts.set(slotOf(value), (counts.get(slotOf(value)) ?? 0) + 1);
  const radius = Math.min(8, ((width - 40) / slots) * 0.42);
  const rise = 2 * radius + 3;
  const base = Math.max(1, ...counts.values()) * rise + 40;
  const x = (value: number): string => (20 + (slotOf(value) / slots) * (width - 40)).toFixed(1);
  const own = options.mark === undefined ? undefined : slotOf(options.mark.value);
  const dots = [...counts].flatMap(([slot, count]) =>
    Array.from({ length: count }, (_unused, index) => {
      const tone = slot === own && index === count - 1 ? 'chart-fill-series1' : 'chart-fill-quiet';
      const y = (base - radius - 5 - index * rise).toFixed(1);
      return html`<circle class="${tone}" cx="${x(options.min + slot * step)}" cy="${y}" r="${radius.toFixed(1)}" />`;
    }),
  );
  const ticks = [options.min, (options.min + options.max) / 2, options.max].map(
    (value) =>
      html`<text class="chart-fill-muted" x="${x(value)}" y="${base + 22}" text-anchor="middle">${value}</text>`,
  );
  const axis = html`<path class="chart-stroke-line" d="M12 ${base}H${width - 12}" fill="none" stroke-width="2" />`;
  return html`<svg class="${svgClass}" viewBox="0 0 ${width} ${base + 32}" aria-hidden="true" focusable="false">${axis}${ownMark(options, x, base - (counts.get(own ?? -1) ?? 0) * rise - 8)}${dots}${ticks}</svg>`;
}

function ownMark(options: DotDistributionOptions, x: (value: number) => string, bottom: number): Fragment {
  if (options.mark === undefined) return nothing;
  const across = x(options.mark.value);
  return html`<path class="chart-stroke-series1" fill="none" stroke-width="2" d="M${across} 24V${Math.max(28, bottom).toFixed(1)}" /><text class="chart-fill-text" x="${across}" y="16" text-anchor="middle">${options.mark.label}</text>`;
}
