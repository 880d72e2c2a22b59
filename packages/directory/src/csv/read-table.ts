import { CsvError, parse } from 'csv-parse/sync';
import { open } from 'node:fs/promises';
import { refuse, type DirectoryErrorCode } from '../errors.ts';

/** Bounds of a file; what is beyond is refused. */
const TABLE_LIMITS = Object.freeze({
  maxFileBytes: 64 * 1024 ** 2,
  maxRows: 500_000,
  maxColumns: 200,
  maxCellChars: 2_000,
  maxRowChars: 16_000,
});

/** A file of rows under named columns. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

interface TableRow {
  /** From 1, the header's line. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Reads a file whole, up to the largest that is taken. @throws DirectoryError `code`. */
export async function readTableFile(file: string, code: DirectoryErrorCode): Promise<Buffer> {
  const handle = await open(file).catch(() => {
    throw refuse(code, 422, 'The file cannot be read. Check its path and its rights.');
  });
  try {
    const { size } = await handle.stat();
    if (size > TABLE_LIMITS.maxFileBytes) {
      throw refuse(code, 422, 'The file is larger than 64 MiB. Import one school at a time.');
    }
    return await handle.readFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EISDIR') {
      throw refuse(code, 422, 'This is a folder. Name the file.');
    }
    throw error;
  } finally {
    await handle.close();
  }
}

/**
 * Parses text as RFC 4180 with the given or the likeliest separator. Every row must have as many cells as the header.
 *
 * @throws DirectoryError `code` that names the line, never what stands there.
 */
export function readTable(
  text: string,
  options: { readonly delimiter?: string; readonly code: DirectoryErrorCode; readonly name?: string },
): Table {
  const { code } = options;
  const where = options.name ? `${options.name}, line` : 'Line';
  const delimiter = options.delimiter ?? guessDelimiter(text);
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(text, {
      delimiter,
      info: true,
      skip_empty_lines: true,
      relax_column_count: true,
      max_record_size: TABLE_LIMITS.maxRowChars,
      to: TABLE_LIMITS.maxRows + 2,
    }) as unknown as typeof records;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = Number((error as { lines?: unknown }).lines) || 1;
    throw refuse(code, 422, `${where} ${line}: ${ADVICE[error.code] ?? ADVICE.other}`, { line });
  }
  const [header, ...rest] = records;
  if (!header) throw refuse(code, 422, 'The file is empty. Its first line names the columns.');
  if (header.record.length > TABLE_LIMITS.maxColumns)
    throw refuse(code, 422, 'The file has too many columns.');
  if (rest.length > TABLE_LIMITS.maxRows) {
    throw refuse(code, 422, 'The file has more than 500 000 rows. Import one school at a time.');
  }
  const columns = header.record.map((name) => name.trim());
  for (const { record, info } of rest) {
    if (record.length !== columns.length) {
      throw refuse(
        code,
        422,
        `${where} ${info.lines}: it has ${record.length} cells and the header has ${columns.length}. Put a text that holds the separator between double quotes.`,
        { line: info.lines },
      );
    }
    if (record.some((cell) => cell.length > TABLE_LIMITS.maxCellChars)) {
      throw refuse(code, 422, `${where} ${info.lines}: a cell has more than 2 000 characters. Shorten it.`, {
        line: info.lines,
      });
    }
  }
  return { columns, rows: rest.map(({ record, info }) => ({ line: info.lines, cells: record })) };
}

const ADVICE: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a double quote is opened and never closed. Close it.',
  INVALID_OPENING_QUOTE:
    'a double quote stands inside a cell. Write it twice, and the cell between double quotes.',
  CSV_INVALID_CLOSING_QUOTE: 'text follows a closing double quote. Write quotes inside a cell twice.',
  CSV_MAX_RECORD_SIZE: 'the row has more than 16 000 characters. A double quote may be left open before it.',
  other: 'this is not CSV. Save the file again as "CSV UTF-8".',
};

/** The one of `;`, `,` and tab that the header holds most of, quoted names left out. */
function guessDelimiter(text: string): string {
  const [line = ''] = text.slice(0, 20_000).split(/\r?\n/, 1);
  const bare = line.replaceAll(/"[^"]*"/g, '');
  const counted = [';', ',', '\t'].map((each) => [each, bare.split(each).length] as const);
  return counted.toSorted((a, b) => b[1] - a[1])[0]![0];
}

/** True for text that a spreadsheet would run as a formula (OWASP, CSV injection). */
export const isFormula = (cell: string): boolean => /^\s*[=+\-@＝＋－＠\t\r]/.test(cell);

/** A column's name as it may stand in a report: its number where the name could do harm there. */
export function nameColumn(columns: readonly string[], index: number): string {
  const name = columns[index] ?? '';
  return /^[\p{L}\p{N}][\p{L}\p{N} _.'’()-]{0,39}$/u.test(name) ? name : `number ${index + 1}`;
}
