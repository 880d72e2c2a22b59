import { hrefAttribute } from '../address.ts';
import { html, nothing, type Content, type Fragment } from '../html.ts';
import { icon } from '../icons/icon.ts';
import type { Language } from '../languages/language.ts';
import { kitStrings } from '../strings/kit-strings.ts';

/** A column: how to read a row and how to show it. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => Content;
  /** Numbers are aligned right in tabular figures. */
  readonly numeric?: boolean;
  /** This column names the row (one a table, usually the first). */
  readonly names?: boolean;
  /** Where the sort link leads and how the column is sorted now. */
  readonly sort?: { readonly href: string; readonly direction?: 'ascending' | 'descending' };
}

/** A table of data. */
export interface DataTableOptions<Row> {
  readonly language: Language;
  readonly caption: string;
  /** True when a heading beside already says the caption. */
  readonly captionHidden?: boolean;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Shown in place of a table without rows. */
  readonly empty?: Fragment;
  /** Boxes to choose rows with, sent under `name` by the form around the table. */
  readonly selection?: {
    readonly name: string;
    readonly value: (row: Row) => string;
    /** Names the row for screen readers. */
    readonly label: (row: Row) => string;
    readonly selected?: (row: Row) => boolean;
  };
  /** A closing row, such as an average. */
  readonly foot?: readonly Content[];
}

/** A table with caption, scoped headers and sort links. On a phone it scrolls inside its own frame. */
export function dataTable<Row>(given: DataTableOptions<Row>): Fragment {
  const options = given.selection === undefined ? given : withSelection(given, given.selection);
  if (options.rows.length === 0 && options.empty !== undefined) return options.empty;
  const heads = options.columns.map((column) => headCell(column, options.language));
  const rows = options.rows.map(
    (row) => html`<tr>${options.columns.map((column) => bodyCell(column, row))}</tr>`,
  );
  const foot =
    options.foot === undefined
      ? nothing
      : html`<tfoot><tr>${options.foot.map((cell, index) => html`<td${options.columns[index]?.numeric === true ? html` class="numeric"` : nothing}>${cell}</td>`)}</tr></tfoot>`;
  return html`<div class="table-frame" role="region" aria-label="${options.caption}" tabindex="0"><table class="table"><caption${options.captionHidden === true ? html` class="visually-hidden"` : nothing}>${options.caption}</caption><thead><tr>${heads}</tr></thead><tbody>${rows}</tbody>${foot}</table></div>`;
}

function withSelection<Row>(
  options: DataTableOptions<Row>,
  selection: NonNullable<DataTableOptions<Row>['selection']>,
): DataTableOptions<Row> {
  const words = kitStrings[options.language];
  const box = (row: Row): Fragment =>
    html`<label class="row-choice"><input type="checkbox" name="${selection.name}" value="${selection.value(row)}"${selection.selected?.(row) === true ? html` checked` : nothing}><span class="visually-hidden">${words.selectRow(selection.label(row))}</span></label>`;
  const foot = options.foot === undefined ? {} : { foot: ['', ...options.foot] };
  return { ...options, ...foot, columns: [{ title: words.selection, cell: box }, ...options.columns] };
}

function headCell<Row>(column: Column<Row>, language: Language): Fragment {
  const numeric = column.numeric === true ? html` class="numeric"` : nothing;
  if (column.sort === undefined) return html`<th scope="col"${numeric}>${column.title}</th>`;
  const direction = column.sort.direction;
  const sorted = direction === undefined ? nothing : html` aria-sort="${direction}"`;
  const mark =
    direction === undefined
      ? 'arrows-sort'
      : direction === 'ascending'
        ? 'sort-ascending'
        : 'sort-descending';
  return html`<th scope="col"${numeric}${sorted}><a class="sort"${hrefAttribute(column.sort.href)}><span class="visually-hidden">${kitStrings[language].sortBy('')}</span>${column.title}${icon(mark)}</a></th>`;
}

function bodyCell<Row>(column: Column<Row>, row: Row): Fragment {
  const numeric = column.numeric === true ? html` class="numeric"` : nothing;
  const cell = column.cell(row);
  return column.names === true
    ? html`<th scope="row"${numeric}>${cell}</th>`
    : html`<td${numeric}>${cell}</td>`;
}
