import { html, type Fragment } from '@socle/pages';

/** A QR code as a picture inside the page, black on white whatever the theme; `words` say what it is. What draws is loaded with the first one. */
export async function qrPicture(text: string, words: string): Promise<Fragment> {
  const { toString: drawQr } = await import('qrcode');
  const svg = await drawQr(text, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 });
  const address = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  return html`<img class="qr" src="${address}" alt="${words}" width="208" height="208">`;
}
