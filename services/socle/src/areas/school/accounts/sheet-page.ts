import { descriptionList, formatDate, html, nothing, printButton, type Fragment } from '@socle/pages';
import { loadQrCodes, type QrCodes } from '../../../documents/qr-code.ts';
import { logoAddress } from '../../../http/logos.ts';
import type { AreaPage, Visit } from '../../visit.ts';
import { sheetSteps, sheetStrings } from './sheet-strings.ts';
import type { Sheet, SheetSet } from './sheet.ts';
import { accountStrings } from './strings.ts';

/** The sheets as a page to print: each person's on a sheet of paper of its own. */
export async function renderSheets(visit: Visit, set: SheetSet, back: string): Promise<AreaPage> {
  const codes = await loadQrCodes();
  const words = accountStrings[visit.language];
  return {
    title: sheetStrings[visit.language].documentTitle(set.school),
    lead: words.printNow,
    back: { href: back },
    tabs: false,
    actions: printButton({ label: words.print }),
    body: html`<div class="stack" lang="${set.language}">${set.sheets.map((sheet) => renderSheet(set, sheet, codes))}</div>`,
  };
}

function renderSheet(set: SheetSet, { name, about, printed }: Sheet, codes: QrCodes): Fragment {
  const words = sheetStrings[set.language];
  const link = printed.address.revealText();
  const address = link.slice(0, link.indexOf('#'));
  const code = printed.code.revealText();
  const steps = sheetSteps(set.language, set.kind, address);
  return html`<section class="card sheet"><div class="card-body">
    ${set.logo === undefined ? nothing : html`<p><img class="logo-shown" src="${logoAddress(set.logo.digest)}" alt=""></p>`}<p>${set.school}</p>
    <h2>${words.titles[set.kind]}</h2>
    <p class="sheet-name"><strong>${name}</strong><br>${about}</p>
    ${descriptionList([
      { term: words.login, description: html`<strong class="sheet-code">${printed.login}</strong>` },
      { term: words.code, description: html`<strong class="sheet-code">${code}</strong>` },
    ])}
    <p>${codes.picture(link, words.qr(address, code))}</p>
    <ol>${steps.map((step) => html`<li>${step}</li>`)}</ol>
    <p>${words.until(formatDate(set.language, printed.expiresAt, 'long', set.timeZone))}</p>
    <p>${words.keep}</p>
  </div></section>`;
}
