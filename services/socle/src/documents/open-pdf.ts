import { createRequire } from 'node:module';
import type PDFDocument from 'pdfkit';
import type { Language } from '@socle/pages';
import { QUIET_MODULES, loadQrCodes } from './qr-code.ts';

type Pdf = InstanceType<typeof PDFDocument>;
type Structure = ReturnType<Pdf['struct']>;
type TextStyle = {
  readonly size: number;
  readonly strong?: boolean;
  readonly gap?: number;
  readonly spacing?: number;
};

/** A document that screen readers can read (ISO 14289-1, PDF/UA): tagged, in one language, with its fonts inside. */
export interface AccessiblePdf {
  /** Starts a page; what follows belongs to a section of its own. */
  page(): void;
  heading(level: 1 | 2, text: string, style: TextStyle): void;
  paragraph(text: string, style: TextStyle): void;
  /** Numbered lines: a list for those who hear it, numbers for those who see it. */
  steps(texts: readonly string[], style: TextStyle): void;
  /** A picture for the eyes alone, at most 48 points high. */
  decoration(picture: PdfPicture, style: { readonly gap: number }): void;
  /** The same in the middle of a box beside what comes next, at its height; the text does not move. */
  emblem(
    picture: PdfPicture,
    box: { readonly x: number; readonly width: number; readonly height: number },
  ): void;
  /** A QR code; `words` are read out in its place. `x` in points from the left; default: centred. */
  qr(text: string, words: string, place: { readonly sidePoints: number; readonly x?: number }): void;
  /** Runs `draw` on a card at this place; what it writes stays inside the card. */
  card(
    place: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
    draw: () => void,
  ): void;
  /** A line to cut along: for the eyes alone. */
  readonly width: number;
  readonly margin: number;
  /** Ends the document and gives its bytes. */
  close(): Promise<Buffer>;
}

interface PdfPicture {
  readonly png: Buffer;
  readonly width: number;
  readonly height: number;
}

const MARGIN_POINTS = 56;

/**
 * Opens a PDF/UA document on A4 in the language of its words. The font tells 0 from O and 1 from I and l. The library (30 MB) is
 * loaded with the first document.
 */
export async function openPdf(options: {
  readonly title: string;
  readonly language: Language;
  readonly author: string;
  readonly createdAt: Date;
}): Promise<AccessiblePdf> {
  const [{ default: Document }, qrCodes] = await Promise.all([import('pdfkit'), loadQrCodes()]);
  const pdf: Pdf = new Document({
    subset: 'PDF/UA' as never,
    pdfVersion: '1.7',
    tagged: true,
    lang: options.language,
    displayTitle: true,
    size: 'A4',
    margin: MARGIN_POINTS,
    autoFirstPage: false,
    info: { Title: options.title, Author: options.author, CreationDate: options.createdAt },
  });
  const chunks: Buffer[] = [];
  const whole = new Promise<Buffer>((resolve, reject) => {
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    pdf.on('error', reject);
  });
  const require = createRequire(import.meta.url);
  pdf.registerFont(
    'plain',
    require.resolve(
      '@fontsource/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-400-normal.woff',
    ),
  );
  pdf.registerFont(
    'strong',
    require.resolve(
      '@fontsource/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-700-normal.woff',
    ),
  );
  const root = pdf.struct('Document');
  pdf.addStructure(root);
  let section: Structure = root;
  let area: { x: number; width: number } | undefined;

  const write = (text: string, style: TextStyle) => {
    pdf
      .font(style.strong === true ? 'strong' : 'plain')
      .fontSize(style.size)
      .fillColor('#1a1a1a');
    const place = area ? { width: area.width } : {};
    const more = { ...place, ...(style.spacing !== undefined && { characterSpacing: style.spacing }) };
    if (area) pdf.text(text, area.x, pdf.y, more);
    else pdf.text(text, more);
    pdf.y += style.gap ?? 0;
  };
  const add = (type: string, draw: () => void, more: object = {}) => {
    section.add(pdf.struct(type as never, more, draw));
  };

  return {
    width: 595.28,
    margin: MARGIN_POINTS,
    page() {
      if (section !== root) section.end();
      pdf.addPage();
      area = undefined;
      section = pdf.struct('Sect');
      root.add(section);
    },
    heading: (level, text, style) => add(`H${level}`, () => write(text, { strong: true, ...style })),
    paragraph: (text, style) => add('P', () => write(text, style)),
    steps(texts, style) {
      const list = pdf.struct('L');
      section.add(list);
      for (const [index, text] of texts.entries()) {
        const item = pdf.struct('LI');
        list.add(item);
        item.add(pdf.struct('LBody', {}, () => write(`${index + 1}. ${text}`, style)));
        item.end();
      }
      list.end();
    },
    decoration({ png, width, height }, { gap }) {
      const shown = Math.min(48, height);
      pdf.markContent('Artifact', { type: 'Layout' });
      pdf.image(png, MARGIN_POINTS, pdf.y, { height: shown, width: (shown * width) / height });
      pdf.endMarkedContent();
      pdf.x = MARGIN_POINTS;
      pdf.y += shown + gap;
    },
    emblem({ png }, { x, width, height }) {
      const [textX, textY] = [pdf.x, pdf.y];
      pdf.markContent('Artifact', { type: 'Layout' });
      pdf.image(png, x, textY, { fit: [width, height], align: 'center', valign: 'center' });
      pdf.endMarkedContent();
      pdf.x = textX;
      pdf.y = textY;
    },
    qr(text, words, { sidePoints, x }) {
      const { size, isDark } = qrCodes.build(text);
      const side = sidePoints / (size + 2 * QUIET_MODULES);
      const left = x ?? (595.28 - sidePoints) / 2;
      const top = pdf.y;
      add(
        'Figure',
        () => {
          pdf.fillColor('#000000');
          for (let row = 0; row < size; row += 1) {
            for (let column = 0; column < size; column += 1) {
              if (!isDark(row, column)) continue;
              pdf.rect(
                left + (column + QUIET_MODULES) * side,
                top + (row + QUIET_MODULES) * side,
                side,
                side,
              );
            }
          }
          pdf.fill();
        },
        { alt: words, bbox: [left, top, left + sidePoints, top + sidePoints] },
      );
      pdf.y = top + sidePoints;
    },
    card({ x, y, width, height }, draw) {
      pdf.markContent('Artifact', { type: 'Layout' });
      pdf.roundedRect(x, y, width, height, 10).dash(4, { space: 3 }).strokeColor('#666666').stroke().undash();
      pdf.endMarkedContent();
      area = { x: x + 14, width: width - 28 };
      pdf.y = y + 14;
      draw();
      area = undefined;
    },
    close() {
      if (section !== root) section.end();
      root.end();
      pdf.end();
      return whole;
    },
  };
}
