import { html, join, type Fragment } from '../html.ts';

/** A line as small as a word, beside the sentence that says what it shows (`label`, read by screen readers). */
export function sparkline(options: {
  readonly values: readonly number[];
  readonly label: string;
  readonly min?: number;
  readonly max?: number;
}): Fragment {
  const [width, height, edge] = [96, 28, 4];
  const low = options.min ?? Math.min(...options.values);
  const high = options.max ?? Math.max(...options.values);
  const points = options.values.map((value, index) => {
    const across = options.values.length < 2 ? 1 : index / (options.values.length - 1);
    const up = high === low ? 0.5 : Math.min(1, Math.max(0, (value - low) / (high - low)));
    return [edge + across * (width - 2 * edge), height - edge - up * (height - 2 * edge)].map((part) =>
      part.toFixed(1),
    ) as [string, string];
  });
  const last = points.at(-1);
  const dot =
    last === undefined
      ? ''
      : html`<circle class="chart-fill-series1" cx="${last[0]}" cy="${last[1]}" r="3.5" />`;
  return html`<svg class="sparkline" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${options.label}" focusable="false"><polyline class="chart-stroke-series1" fill="none" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" points="${points.map((point) => point.join(',')).join(' ')}" />${dot}</svg>`;
}

/** Where each of a group stands on a scale, one dot each, equal values stacked; `mark` is the reader's own value. */
export function dotDistribution(options: {
  readonly values: readonly number[];
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly mark?: { readonly value: number; readonly label: string };
  /** What the drawing shows, in a sentence for screen readers. */
  readonly label: string;
}): Fragment {
  const step = options.step ?? 1;
  const [width, radius, gap] = [640, 7, 4];
  const slotOf = (value: number): number =>
    Math.round((Math.min(options.max, Math.max(options.min, value)) - options.min) / step);
  const counts = new Map<number, number>();
  for (const value of options.values) counts.set(slotOf(value), (counts.get(slotOf(value)) ?? 0) + 1);
  const tallest = Math.max(1, ...counts.values());
  const slots = Math.max(1, Math.round((options.max - options.min) / step));
  const base = tallest * (2 * radius + gap) + 44;
  const x = (slot: number): number => 24 + (slot / slots) * (width - 48);
  const dots = [...counts].flatMap(([slot, count]) =>
    Array.from({ length: count }, (_unused, index) => {
      const own = index === 0 && options.mark !== undefined && slotOf(options.mark.value) === slot;
      return html`<circle class="${own ? 'chart-fill-series1' : 'chart-fill-quiet'}" cx="${x(slot).toFixed(1)}" cy="${base - radius - 4 - index * (2 * radius + gap)}" r="${own ? radius + 1 : radius}" />`;
    }),
  );
  const mark =
    options.mark === undefined
      ? ''
      : html`<path class="chart-stroke-series1" fill="none" stroke-width="2" d="M${x(slotOf(options.mark.value)).toFixed(1)} 26V${base}" stroke-dasharray="2 4" /><text class="chart-fill-text" x="${x(slotOf(options.mark.value)).toFixed(1)}" y="18" text-anchor="middle">${options.mark.label}</text>`;
  const ticks = [options.min, (options.min + options.max) / 2, options.max].map(
    (value) =>
      html`<text class="chart-fill-muted" x="${x(slotOf(value)).toFixed(1)}" y="${base + 22}" text-anchor="middle">${value}</text>`,
  );
  return html`<svg class="dots" viewBox="0 0 ${width} ${base + 32}" role="img" aria-label="${options.label}" focusable="false"><path class="chart-stroke-line" d="M16 ${base}H${width - 16}" fill="none" stroke-width="2" />${mark}${join(dots)}${ticks}</svg>`;
}
