import { gridRows } from '@socle/identity';
import { buttonLink, buttonRow, dataTable, html, printButton, type Fragment } from '@socle/pages';
import type { AreaPage, Visit } from '../visit.ts';
import { strings } from './strings.ts';

const COLUMNS = 'ABCDEFGH';

/** The codes, once. */
export function renderRecovery(visit: Visit, codes: readonly string[]): AreaPage {
  const words = strings[visit.language];
  return sheet(visit, {
    title: words.recoveryTitle,
    lead: words.recoveryLead,
    body: html`<ol class="codes">${codes.map((code) => html`<li><code>${code}</code></li>`)}</ol>`,
  });
}

/** The grid, once. */
export function renderGrid(visit: Visit, codes: readonly string[]): AreaPage {
  const words = strings[visit.language];
  const rows = gridRows(codes).map((cells, row) => ({ name: String(row + 1), cells }));
  return sheet(visit, {
    title: words.gridTitle,
    lead: words.gridLead,
    body: html`<div class="code-grid">${dataTable({
      narrow: 'keep',
      language: visit.language,
      caption: words.gridTitle,
      captionHidden: true,
      rows: Array.from(COLUMNS, (name, column) => ({ name, column })),
      columns: [
        { title: words.gridColumn, cell: ({ name }) => name, names: true },
        ...rows.map(({ name, cells }) => ({
          title: name,
          cell: ({ column }: { column: number }) => html`<code>${cells[column]}</code>`,
        })),
      ],
    })}</div>`,
  });
}

function sheet(
  { language }: Visit,
  page: { readonly title: string; readonly lead: string; readonly body: Fragment },
): AreaPage {
  const words = strings[language];
  return {
    ...page,
    tabs: false,
    body: html`${page.body}<p>${words.onceOnly}</p>${buttonRow(printButton({ label: words.print }), buttonLink({ label: words.printedDone, href: '/account' }))}`,
  };
}
