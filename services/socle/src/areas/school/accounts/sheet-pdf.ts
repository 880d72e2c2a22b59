import { formatDate } from '@socle/pages';
import { openPdf } from '../../../documents/open-pdf.ts';
import type { SheetSet } from './sheet.ts';
import { sheetSteps, sheetStrings } from './sheet-strings.ts';

/** The sheets as a tagged PDF, one page a person, read in the order in which one needs it. */
export async function buildSheetPdf(set: SheetSet): Promise<Buffer> {
  const words = sheetStrings[set.language];
  const pdf = await openPdf({
    title: words.documentTitle(set.school),
    language: set.language,
    author: set.school,
    createdAt: set.printedAt,
  });
  for (const { name, about, printed } of set.sheets) {
    const link = printed.address.revealText();
    const address = link.slice(0, link.indexOf('#'));
    const code = printed.code.revealText();
    const steps = sheetSteps(set.language, set.kind, address);
    pdf.page();
    if (set.logo) pdf.decoration(set.logo, { gap: 10 });
    pdf.paragraph(set.school, { size: 12, gap: 18 });
    pdf.heading(1, words.titles[set.kind], { size: 28, gap: 10 });
    pdf.paragraph(name, { size: 20, strong: true });
    pdf.paragraph(about, { size: 14, gap: 22 });
    pdf.heading(2, words.login, { size: 13 });
    pdf.paragraph(printed.login, { size: 22, strong: true, gap: 14 });
    pdf.heading(2, words.code, { size: 13 });
    pdf.paragraph(code, { size: 30, strong: true, spacing: 2, gap: 14 });
    pdf.qr(link, words.qr(address, code), { sidePoints: 190 });
    pdf.steps(steps, { size: 14, gap: 6 });
    pdf.paragraph(words.until(formatDate(set.language, printed.expiresAt, 'long', set.timeZone)), {
      size: 12,
      gap: 6,
    });
    pdf.paragraph(words.keep, { size: 12 });
  }
  return pdf.close();
}
