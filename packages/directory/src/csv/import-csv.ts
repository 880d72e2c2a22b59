import { createHash } from 'node:crypto';
import path from 'node:path';
import { importRoster, type ImportRosterOptions } from '../roster/import-roster.ts';
import type { ImportResult } from '../import/import-types.ts';
import { decodeText, type CsvEncoding } from './decode-text.ts';
import { mapRows } from './map-rows.ts';
import { parseCsvMapping, PLAIN_MAPPING } from './mapping.ts';
import { readRows } from './read-rows.ts';
import { readTable, readTableFile } from './read-table.ts';
import { openRowProblems } from './row-problems.ts';

/** An import of one CSV file. */
export interface ImportCsvOptions extends Omit<ImportRosterOptions, 'source'> {
  readonly file: string;
  /** Text of a mapping file, JSON or YAML. */
  readonly mapping?: string;
  /** Default: found from the bytes. */
  readonly encoding?: CsvEncoding;
  /** Name of the source. Default: the mapping's, else `csv`. */
  readonly source?: string;
}

/**
 * Imports a CSV file of the documented columns (docs/feeds.md), or of others with a mapping. The file is complete for its
 * source: whom it no longer names starts the departure clock. A wrong row refuses the file.
 *
 * @throws DirectoryError `feed_not_csv`, `feed_mapping_invalid`, `feed_rows_invalid`, and as importRoster.
 */
export async function importCsv(options: ImportCsvOptions): Promise<ImportResult> {
  const mapping = options.mapping === undefined ? PLAIN_MAPPING : parseCsvMapping(options.mapping);
  const { file, mapping: _, encoding = mapping.encoding, ...rest } = options;
  const source = options.source ?? mapping.source ?? 'csv';
  const controller = options.controller ?? mapping.controller;
  const bytes = await readTableFile(file, 'feed_not_csv');
  const digest = createHash('sha256')
    .update(
      JSON.stringify([
        'csv',
        source,
        controller ?? '',
        options.academy ?? '',
        options.mapping ?? '',
        encoding ?? '',
      ]),
    )
    .update(bytes)
    .digest('hex');
  const chosen = { ...rest, fileName: file, source, ...(controller ? { controller } : {}) };
  return importRoster('csv', chosen, async (findings) => {
    const { delimiter } = mapping;
    const table = readTable(decodeText(bytes, encoding), {
      code: 'feed_not_csv',
      ...(delimiter ? { delimiter } : {}),
    });
    const problems = openRowProblems();
    const roster = mapRows(readRows(table, mapping, problems, findings), mapping);
    problems.requireNone();
    return { roster, digest, fileName: path.basename(file).slice(-255), findings };
  });
}
