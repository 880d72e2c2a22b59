import { html, type Fragment } from '@socle/pages';

/** A QR code as a square of dark and light modules, without its quiet border. */
interface QrModules {
  readonly size: number;
  isDark(row: number, column: number): boolean;
}

/** Quiet border that readers need around the code (ISO/IEC 18004 §5.3.8), in modules. */
export const QUIET_MODULES = 4;

/** What computes codes. */
export interface QrCodes {
  /** Computes the code of `text`; 15 % of it may be dirty or torn and it is still read. */
  build(text: string): QrModules;
  /** The code as a picture of a page, black on white whatever the theme; `words` say what it is and what to do without it. */
  picture(text: string, words: string): Fragment;
}

/** Loads what computes codes, with the first document that bears one: few instances ever print. */
export async function loadQrCodes(): Promise<QrCodes> {
  const { create } = await import('qrcode');
  const build = (text: string): QrModules => {
    const { modules } = create(text, { errorCorrectionLevel: 'M' });
    return { size: modules.size, isDark: (row, column) => modules.get(row, column) === 1 };
  };
  return { build, picture: (text, words) => drawPicture(build(text), words) };
}

function drawPicture({ size, isDark }: QrModules, words: string): Fragment {
  const side = size + 2 * QUIET_MODULES;
  const rows = Array.from({ length: size }, (_unused, row) =>
    Array.from({ length: size }, (_none, column) =>
      isDark(row, column) ? `M${column + QUIET_MODULES} ${row + QUIET_MODULES}h1v1h-1z` : '',
    ).join(''),
  ).join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges"><rect width="${side}" height="${side}" fill="#fff"/><path d="${rows}" fill="#000"/></svg>`;
  const address = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  return html`<img class="qr" src="${address}" alt="${words}" width="208" height="208">`;
}
