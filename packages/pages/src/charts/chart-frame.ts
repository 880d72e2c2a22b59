import { dataTable } from '../components/data-table.ts';
import { html, nothing, type Fragment } from '../html.ts';
import { icon } from '../icons/icon.ts';
import { formatNumber } from '../languages/format.ts';
import { kitStrings } from '../strings/kit-strings.ts';
import type { ChartOptions } from './chart-options.ts';

/** The figure around a drawing: the finding above, the names of the series, the table behind. */
export function chartFrame(
  options: ChartOptions,
  drawing: Fragment,
  kind: 'line' | 'bar',
  patternPrefix: string,
): Fragment {
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
    narrow: 'keep',
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
  return html`<figure class="chart"><figcaption>${title}</figcaption>${legend(options, kind, patternPrefix)}<div class="chart-drawing">${drawing}</div><details class="chart-table"><summary>${icon('chevron-right')}<span>${words.chartTable}</span></summary>${table}</details></figure>`;
}

function legend(options: ChartOptions, kind: 'line' | 'bar', patternPrefix: string): Fragment {
  if (options.series.length < 2) return nothing;
  const items = options.series.map((series, index) => {
    const key = kind === 'line' ? lineKey(index) : barKey(index, patternPrefix);
    return html`<li><svg class="chart-key" viewBox="0 0 28 14" width="28" height="14" aria-hidden="true" focusable="false">${key}</svg>${series.name}</li>`;
  });
  return html`<ul class="chart-legend" role="list">${items}</ul>`;
}

function lineKey(index: number): Fragment {
  const dash = dashes[index] === undefined ? nothing : html` stroke-dasharray="${dashes[index]}"`;
  return html`<path class="chart-stroke-series${index + 1}" d="M1 7H27" fill="none" stroke-width="3"${dash} />`;
}

// The keys hold the patterns of the drawing: a drawing that is not shown at this width cannot lend its own.
function barKey(index: number, patternPrefix: string): Fragment {
  const role = `series${index + 1}`;
  const marks = patternMarks[index];
  if (marks === undefined)
    return html`<rect class="chart-fill-${role} chart-stroke-${role}" x="1" y="1" width="26" height="12" rx="3" stroke-width="2" />`;
  const id = `${patternPrefix}${role}`;
  return html`<defs><pattern id="${id}" width="8" height="8" patternUnits="userSpaceOnUse"><rect class="chart-fill-surface" width="8" height="8" /><path class="chart-stroke-${role}" d="${marks}" fill="none" stroke-width="2.5" stroke-linecap="square" /></pattern></defs><rect class="chart-stroke-${role}" fill="url(#${id})" x="1" y="1" width="26" height="12" rx="3" stroke-width="2" />`;
}

/** How the bars after the first are filled: rising strokes, dots, level strokes. */
const patternMarks: readonly (string | undefined)[] = [
  undefined,
  'M-2 2L2 -2M0 8L8 0M6 10L10 6',
  'M2 2h0.01M6 6h0.01',
  'M0 4H8',
];

/** How each line is dashed, so that lines differ without colour; the first is solid. */
export const dashes: readonly (string | undefined)[] = [undefined, '7 5', '2 5', '12 4 2 4'];
