import { TextDecoder } from 'node:util';
import { refuse } from '../errors.ts';

/** Turns the bytes of a file into text, chunk by chunk. */
export interface ByteDecoder {
  write(chunk: Uint8Array): string;
  /** The rest; refuses a file that ends inside a character. */
  end(): string;
}

const ENCODINGS: Readonly<Record<string, string>> = {
  'utf-8': 'utf-8',
  'us-ascii': 'utf-8',
  'iso-8859-15': 'iso-8859-15',
};
const SNIFFED_BYTES = 256;

/**
 * Decodes UTF-8, the default and with or without a mark, or the ISO-8859-15 that the XML declaration names.
 *
 * @throws DirectoryError `feed_file_invalid` for another encoding or for bytes that are none of it.
 */
export function openDecoder(file: string): ByteDecoder {
  let head: Buffer | undefined = Buffer.alloc(0);
  let decoder: TextDecoder | undefined;

  const decode = (bytes: Uint8Array, stream: boolean) => {
    decoder ??= new TextDecoder(chooseEncoding(file, bytes), { fatal: true });
    try {
      return decoder.decode(bytes, { stream });
    } catch {
      throw refuse(
        'feed_file_invalid',
        422,
        `${file} holds bytes that are not text in its encoding. Ask for the file again, or state its encoding in the XML declaration.`,
        { file },
      );
    }
  };
  return {
    write(chunk) {
      if (!head) return decode(chunk, true);
      head = Buffer.concat([head, chunk]);
      if (head.length < SNIFFED_BYTES) return '';
      const bytes = head;
      head = undefined;
      return decode(bytes, true);
    },
    end() {
      const bytes = head ?? new Uint8Array();
      head = undefined;
      return decode(bytes, false);
    },
  };
}

function chooseEncoding(file: string, bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, SNIFFED_BYTES)).toString('latin1');
  if (/^(\xfe\xff|\xff\xfe|\0)/.test(start) || start[1] === '\0') throw unsupported(file);
  const declared =
    /^(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(start)?.[1] ?? 'utf-8';
  const encoding = ENCODINGS[declared.toLowerCase()];
  if (!encoding) throw unsupported(file);
  return encoding;
}

const unsupported = (file: string) =>
  refuse('feed_file_invalid', 422, `${file} is neither in UTF-8 nor in ISO-8859-15. Ask for it in UTF-8.`, {
    file,
  });
