import { sha256 } from '@socle/base';

/** A logo as it is kept: drawn anew by this service, with nothing of the file that was sent but its pixels. */
export interface Logo {
  /** SHA-256 of the bytes, in hexadecimal: its name. */
  readonly digest: string;
  readonly png: Buffer;
  readonly width: number;
  readonly height: number;
}

/** Why a file is not taken: what it is, how many bytes or pixels it has, or that it cannot be drawn. */
export type LogoProblem = 'kind' | 'heavy' | 'large' | 'small' | 'broken';

const MAX_LOGO_BYTES = 524_288;

const MAX_LOGO_SIDE = 2_000;
const MIN_LOGO_SIDE = 32;
const KEPT = { width: 480, height: 160 } as const;
const SECONDS = 5;

/**
 * Draws a PNG, JPEG or WebP anew as a small PNG. The kind is read from the first bytes, never from a name or a declared
 * type, and the decoder of that kind alone is asked; sizes are read from the header before any pixel is. Metadata, what
 * stands behind the picture, and all frames but the first are left out. SVG and everything else is refused. The library (27 MB)
 * is loaded with the first picture.
 */
export async function redrawLogo(file: Buffer): Promise<Logo | LogoProblem> {
  if (file.length > MAX_LOGO_BYTES) return 'heavy';
  const kind = kindOf(file);
  if (kind === undefined) return 'kind';
  const sharp = await loadDrawing();
  try {
    const picture = sharp(file, {
      failOn: 'warning',
      limitInputPixels: MAX_LOGO_SIDE * MAX_LOGO_SIDE,
      animated: false,
    });
    const { format, width, height } = await picture.metadata();
    if (format !== kind) return 'kind';
    if (width > MAX_LOGO_SIDE || height > MAX_LOGO_SIDE) return 'large';
    if (width < MIN_LOGO_SIDE || height < MIN_LOGO_SIDE) return 'small';
    const { data, info } = await picture
      .autoOrient()
      .resize({ ...KEPT, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .png({ compressionLevel: 9 })
      .timeout({ seconds: SECONDS })
      .toBuffer({ resolveWithObject: true });
    return { digest: sha256(data).toString('hex'), png: data, width: info.width, height: info.height };
  } catch (error) {
    return error instanceof Error && /pixel limit/.test(error.message) ? 'large' : 'broken';
  }
}

// The library holds decoders of many formats, and vector and document readers: none but these three is ever run here.
async function loadDrawing() {
  const { default: sharp } = await import('sharp');
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({
    operation: ['VipsForeignLoadPngBuffer', 'VipsForeignLoadJpegBuffer', 'VipsForeignLoadWebpBuffer'],
  });
  return sharp;
}

function kindOf(file: Buffer): 'png' | 'jpeg' | 'webp' | undefined {
  const head = file.subarray(0, 12).toString('latin1');
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (head.startsWith('RIFF') && head.endsWith('WEBP')) return 'webp';
  return undefined;
}
