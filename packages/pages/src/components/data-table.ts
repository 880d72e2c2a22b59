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
  /**
   * What becomes of it on a phone. `stack` (default): each row is a block, its values under one another, each with its
   * column's name. `keep`: it stays a table, for few narrow columns of numbers or fields, and scrolls in its frame if it must.
   */
  readonly narrow?: 'stack' | 'keep';
}

/** A table with caption, scoped headers and sort links; nobody has to scroll sideways to read it on a phone. */
export function dataTable<Row>(given: DataTableOptions<Row>): Fragment {
  const options = given.selection === undefined ? given : withSelection(given, given.selection);
  if (options.rows.length === 0 && options.empty !== undefined) return options.empty;
  const stacks = options.narrow !== 'keep';
  const heads = options.columns.map((column) => headCell(column, options.language, stacks));
  const rows = options.rows.map(
    (row) =>
      html`<tr${role('row', stacks)}>${options.columns.map((column) => bodyCell(column, row, stacks))}</tr>`,
  );
  const foot =
    options.foot === undefined
      ? nothing
      : html`<tfoot${role('rowgroup', stacks)}><tr${role('row', stacks)}>${options.foot.map((cell, index) => html`<td${options.columns[index]?.numeric === true ? html` class="numeric"` : nothing}${role('cell', stacks)}${labelOf(options.columns[index], stacks)}>${cell}</td>`)}</tr></tfoot>`;
  return html`<div class="table-frame${stacks ? ' table-frame-stack' : ''}" role="region" aria-label="${options.caption}" tabindex="0"><table class="table${stacks ? ' table-stack' : ''}"${role('table', stacks)}><caption${options.captionHidden === true ? html` class="visually-hidden"` : nothing}>${options.caption}</caption><thead${role('rowgroup', stacks)}><tr${role('row', stacks)}>${heads}</tr></thead><tbody${role('rowgroup', stacks)}>${rows}</tbody>${foot}</table></div>`;
}

/** A table whose parts are laid out as blocks is one no more for screen readers, unless its parts say what they are. */
function role(name: string, stacks: boolean): Fragment {
  return stacks ? html` role="${name}"` : nothing;
}

function labelOf<Row>(column: Column<Row> | undefined, stacks: boolean): Fragment {
  return stacks && column !== undefined ? html` data-label="${column.title}"` : nothing;
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

function headCell<Row>(column: Column<Row>, language: Language, stacks: boolean): Fragment {
  const numeric = column.numeric === true ? html` class="numeric"` : nothing;
  const head = role('columnheader', stacks);
  if (column.sort === undefined) return html`<th scope="col"${numeric}${head}>${column.title}</th>`;
  const direction = column.sort.direction;
  const sorted = direction === undefined ? nothing : html` aria-sort="${direction}"`;
  const mark =
    direction === undefined
      ? 'arrows-sort'
      : direction === 'ascending'
        ? 'sort-ascending'
        : 'sort-descending';
  return html`<th scope="col"${numeric}${head}${sorted}><a class="sort"${hrefAttribute(column.sort.href)}><span class="visually-hidden">${kitStrings[language].sortBy('')}</span>${column.title}${icon(mark)}</a></th>`;
}

function bodyCell<Row>(column: Column<Row>, row: Row, stacks: boolean): Fragment {
  const numeric = column.numeric === true ? html` class="numeric"` : nothing;
  const cell = column.cell(row);
  return column.names === true
    ? html`<th scope="row"${numeric}${role('rowheader', stacks)}>${cell}</th>`
    : html`<td${numeric}${role('cell', stacks)}${labelOf(column, stacks)}>${cell}</td>`;
}
