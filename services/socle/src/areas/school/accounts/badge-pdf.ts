import { isPicture, pictureName, type PrintedBadge } from '@socle/identity';
import type { Language } from '@socle/pages';
import { openPdf } from '../../../documents/open-pdf.ts';
import type { Logo } from '../../../logos/redraw-logo.ts';
import { badgeStrings } from './badge-strings.ts';

/** Badges of one class to print. */
export interface BadgeSet {
  readonly language: Language;
  readonly school: string;
  /** Its logo, beside each QR code. */
  readonly logo: Logo | undefined;
  readonly group: string;
  readonly badges: readonly { readonly name: string; readonly printed: PrintedBadge }[];
  readonly printedAt: Date;
}

const COLUMNS = 2;
const ROWS = 4;
const CARD = { width: 236, height: 162 };
const QR_POINTS = 82;
/** Where the logo stands on a card: at the right of the QR code. */
const LOGO = { left: 106, width: 116 };
const NAMES_PER_PAGE = 30;

/**
 * Badges to cut out, eight a page, then the list of new picture codes, for the teacher: on a page of its own, because
 * a badge that is found must not carry them.
 */
export async function buildBadgePdf(set: BadgeSet): Promise<Buffer> {
  const words = badgeStrings[set.language];
  const pdf = await openPdf({
    title: words.documentTitle(set.group, set.school),
    language: set.language,
    author: set.school,
    createdAt: set.printedAt,
  });
  const perPage = COLUMNS * ROWS;
  for (const [index, { name, printed }] of set.badges.entries()) {
    const place = index % perPage;
    if (place === 0) {
      pdf.page();
      pdf.heading(1, words.documentTitle(set.group, set.school), { size: 13 });
    }
    const x = pdf.margin + (place % COLUMNS) * (CARD.width + 12);
    const y = 84 + Math.floor(place / COLUMNS) * (CARD.height + 8);
    const link = printed.address.revealText();
    const address = link.slice(0, link.indexOf('#'));
    const code = printed.shortCode.revealText();
    pdf.card({ x, y, ...CARD }, () => {
      pdf.heading(2, name, { size: 12 });
      pdf.paragraph(set.group, { size: 10, gap: 2 });
      if (set.logo) pdf.emblem(set.logo, { x: x + LOGO.left, width: LOGO.width, height: QR_POINTS });
      pdf.qr(link, words.qr(name, address, code), { sidePoints: QR_POINTS, x: x + 8 });
      pdf.paragraph(code, { size: 13, strong: true, spacing: 1 });
    });
  }
  const coded = set.badges.filter(({ printed }) => printed.pictures !== undefined);
  for (let start = 0; start < coded.length; start += NAMES_PER_PAGE) {
    pdf.page();
    pdf.heading(1, words.picturesTitle, { size: 20, gap: 6 });
    pdf.paragraph(words.picturesLead, { size: 12, gap: 10 });
    for (const { name, printed } of coded.slice(start, start + NAMES_PER_PAGE)) {
      const pictures = (printed.pictures?.revealText() ?? '').split(' ').filter(isPicture);
      const named = pictures.map((picture) => pictureName(set.language, picture)).join(', ');
      pdf.paragraph(words.picturesOf(name, named), { size: 12, gap: 4 });
    }
  }
  return pdf.close();
}
