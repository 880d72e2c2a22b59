import { html, type Fragment } from '../html.ts';

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
