import { gridRows } from '@socle/identity';
import { buttonLink, dataTable, html, type Fragment } from '@socle/pages';
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
    body: dataTable({
      narrow: 'keep',
      language: visit.language,
      caption: words.gridTitle,
      captionHidden: true,
      rows,
      columns: [
        { title: words.gridRow, cell: ({ name }) => name, names: true },
        ...Array.from(COLUMNS, (title, column) => ({
          title,
          cell: ({ cells }: (typeof rows)[number]) => html`<code>${cells[column]}</code>`,
        })),
      ],
    }),
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
    body: html`${page.body}<p>${words.onceOnly}</p><p>${buttonLink({ label: words.printedDone, href: '/account', kind: 'primary' })}</p>`,
  };
}
