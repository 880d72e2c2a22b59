import { invariant } from '@socle/base';
import { dataTable } from '../components/data-table.ts';
import { html, nothing, type Fragment } from '../html.ts';
import { icon } from '../icons/icon.ts';
import { formatNumber } from '../languages/format.ts';
import type { Language } from '../languages/language.ts';
import { kitStrings } from '../strings/kit-strings.ts';

/** Counts over two scales, such as the days of a week and the hours of a day. */
export interface HeatMapOptions {
  readonly language: Language;
  /** The finding, as a sentence ("Le mercredi soir sort du lot"). */
  readonly title: string;
  /** From top to bottom. */
  readonly rows: readonly string[];
  /** From left to right. On a narrow screen every third one is named. */
  readonly columns: readonly string[];
  /** One list a row, one count (0 or more) a column. */
  readonly values: readonly (readonly number[])[];
  /** What the rows are ("Jour"), heads the table behind. */
  readonly rowTitle: string;
  /** Level of the title. Default 3. */
  readonly level?: 2 | 3;
}

/**
 * A square for each count, larger where there is more, so that it reads without colour; the largest is named with its
 * value. The numbers stand in a table behind.
 */
export function heatMap(options: HeatMapOptions): Fragment {
  const { language, rows, columns, values } = options;
  invariant(
    values.length === rows.length && values.every((row) => row.length === columns.length),
    'a heat map has one count for each row and column',
  );
  const title =
    (options.level ?? 3) === 2 ? html`<h2>${options.title}</h2>` : html`<h3>${options.title}</h3>`;
  const table = dataTable({
    narrow: columns.length > 8 ? 'keep' : 'stack',
    language,
    caption: options.title,
    captionHidden: true,
    rows: rows.map((name, index) => ({ name, counts: values[index] ?? [] })),
    columns: [
      { title: options.rowTitle, names: true, cell: (row) => row.name },
      ...columns.map((column, index) => ({
        title: column,
        numeric: true,
        cell: (row: { counts: readonly number[] }) => formatNumber(language, row.counts[index] ?? 0),
      })),
    ],
  });
  return html`<figure class="chart"><figcaption>${title}</figcaption><div class="chart-drawing">${draw(options, WIDE)}${draw(options, NARROW)}</div><details class="chart-table"><summary>${icon('chevron-right')}<span>${kitStrings[language].chartTable}</span></summary>${table}</details></figure>`;
}

interface Sheet {
  readonly svgClass: string;
  readonly width: number;
  /** Room for the names of the rows. */
  readonly left: number;
  readonly rowHeight: number;
  /** One column in so many is named. */
  readonly namedEach: number;
  readonly rowNameLetters: number;
}

const WIDE: Sheet = {
  svgClass: 'chart-wide',
  width: 800,
  left: 110,
  rowHeight: 30,
  namedEach: 1,
  rowNameLetters: 12,
};
const NARROW: Sheet = {
  svgClass: 'chart-small',
  width: 340,
  left: 44,
  rowHeight: 26,
  namedEach: 3,
  rowNameLetters: 3,
};
const TOP = 26;

function draw(options: HeatMapOptions, sheet: Sheet): Fragment {
  const { rows, columns, values, language } = options;
  const step = (sheet.width - sheet.left - 8) / Math.max(1, columns.length);
  const largest = Math.max(0, ...values.flat());
  const side = Math.min(step, sheet.rowHeight) - 2;
  const height = TOP + rows.length * sheet.rowHeight + 4;
  const across = (column: number): number => sheet.left + (column + 0.5) * step;
  const down = (row: number): number => TOP + (row + 0.5) * sheet.rowHeight;
  const names = rows.map(
    (name, row) =>
      html`<text class="chart-fill-muted" x="0" y="${(down(row) + 5).toFixed(1)}">${name.slice(0, sheet.rowNameLetters)}</text>`,
  );
  const heads = columns.map((name, column) =>
    column % sheet.namedEach === 0
      ? html`<text class="chart-fill-muted" x="${across(column).toFixed(1)}" y="16" text-anchor="middle">${name}</text>`
      : nothing,
  );
  const squares = values.flatMap((counts, row) =>
    counts.map((count, column) => {
      if (count <= 0) return dot(across(column), down(row));
      // the area, not the side, is in proportion
      const size = Math.max(4, side * Math.sqrt(count / largest));
      return html`<rect class="chart-fill-${count === largest ? 'series2' : 'series1'}" x="${(across(column) - size / 2).toFixed(1)}" y="${(down(row) - size / 2).toFixed(1)}" width="${size.toFixed(1)}" height="${size.toFixed(1)}" rx="2"><title>${rows[row]}, ${columns[column]}${language === 'fr' ? ' : ' : ': '}${formatNumber(language, count)}</title></rect>`;
    }),
  );
  return html`<svg class="${sheet.svgClass}" viewBox="0 0 ${sheet.width} ${height}" aria-hidden="true" focusable="false">${heads}${names}${squares}</svg>`;
}

function dot(x: number, y: number): Fragment {
  return html`<circle class="chart-fill-quiet" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="1.5" />`;
}
