import { dataTable } from '../components/data-table.ts';
import { html, nothing, type Fragment } from '../html.ts';
import { formatNumber } from '../languages/format.ts';
import { kitStrings } from '../strings/kit-strings.ts';
import type { ChartOptions } from './chart-options.ts';

/** The figure around a drawing: the finding above, the names of the series, the table behind. */
export function chartFrame(options: ChartOptions, drawing: Fragment, kind: 'line' | 'bar'): Fragment {
  const words = kitStrings[options.language];
  const level = options.level ?? 3;
  const title =
    level === 2
      ? html`<h2>${options.title}</h2>`
      : level === 3
        ? html`<h3>${options.title}</h3>`
        : html`<h4>${options.title}</h4>`;
  const rows = options.categories.map((category, index) => ({ category, index }));
  const write = (value: number | null | undefined): string =>
    value === null || value === undefined
      ? words.chartNoValue
      : formatNumber(options.language, value, options.digits ?? 1);
  const table = dataTable({
    language: options.language,
    caption: options.title,
    captionHidden: true,
    rows,
    columns: [
      { title: options.categoryTitle, names: true, cell: (row) => row.category },
      ...options.series.map((series) => ({
        title: series.name,
        numeric: true,
        cell: (row: { index: number }) => write(series.values[row.index]),
      })),
    ],
  });
  return html`<figure class="chart"><figcaption>${title}</figcaption>${legend(options, kind)}<div class="chart-drawing">${drawing}</div><details class="chart-table"><summary>${words.chartTable}</summary>${table}</details></figure>`;
}

function legend(options: ChartOptions, kind: 'line' | 'bar'): Fragment {
  if (options.series.length < 2) return nothing;
  const items = options.series.map(
    (series, index) =>
      html`<li><svg class="chart-key" viewBox="0 0 28 12" width="28" height="12" aria-hidden="true" focusable="false">${kind === 'line' ? html`<path class="chart-stroke-series${index + 1}" d="M1 6H27" fill="none" stroke-width="3"${dashes[index] === undefined ? nothing : html` stroke-dasharray="${dashes[index]}"`} />` : html`<rect class="chart-bar-${index + 1}" x="1" y="0" width="26" height="12" rx="3" />`}</svg>${series.name}</li>`,
  );
  return html`<ul class="chart-legend" role="list">${items}</ul>`;
}

/** How each line is dashed, so that lines differ without colour; the first is solid. */
export const dashes: readonly (string | undefined)[] = [undefined, '7 5', '2 5', '12 4 2 4'];
