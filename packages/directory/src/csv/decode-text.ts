import { TextDecoder } from 'node:util';
import { refuse } from '../errors.ts';

export const CSV_ENCODINGS = ['utf-8', 'windows-1252', 'iso-8859-15'] as const;
export type CsvEncoding = (typeof CSV_ENCODINGS)[number];

/**
 * Decodes a file of text. Without a given encoding: UTF-8 when the bytes are, with or without its mark; else Windows-1252
 * when a byte stands for a letter only there (0x80 to 0x9F); else ISO-8859-15.
 *
 * @throws DirectoryError `feed_not_csv` for UTF-16, for binary files, and for bytes that are not of the encoding.
 */
export function decodeText(bytes: Uint8Array, encoding?: CsvEncoding): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || bytes.includes(0)) {
    throw refuse(
      'feed_not_csv',
      422,
      'The file is not text in UTF-8, Windows-1252 or ISO-8859-15. In a spreadsheet, save it as "CSV UTF-8".',
    );
  }
  const text = decode(bytes, encoding ?? 'utf-8');
  if (text !== undefined) return text;
  if (encoding !== undefined) {
    throw refuse(
      'feed_not_csv',
      422,
      `The file holds bytes that are not ${encoding}. Leave the encoding out to have it found, or give the right one.`,
    );
  }
  return decode(bytes, bytes.some((byte) => byte >= 0x80 && byte <= 0x9f) ? 'windows-1252' : 'iso-8859-15')!;
}

function decode(bytes: Uint8Array, encoding: CsvEncoding): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
