import type { Findings } from '../import/findings.ts';
import { refuse } from '../errors.ts';
import { CSV_FIELDS, type CsvFieldName } from './fields.ts';
import type { CsvMapping } from './mapping.ts';
import { isFormula, nameColumn, type Table } from './read-table.ts';
import type { RowProblems } from './row-problems.ts';

/** A row by the fields of the template, its values in the template's words. */
export interface CsvRow {
  readonly line: number;
  /** What the cell holds, trimmed; empty where there is none. */
  get(field: CsvFieldName): string;
  /** The values of a cell that holds several. */
  list(field: CsvFieldName): readonly string[];
  /** Notes what is wrong with the field, under the name of the file's column. */
  wrong(field: CsvFieldName, advice: string): void;
}

const NEEDED = ['type', 'key', 'family_name'] as const;
const CONTROL = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

/**
 * Finds the template's fields in a table. Columns that are not read are told; formulas and control characters in columns
 * that are read are problems.
 *
 * @throws DirectoryError `feed_not_csv` when a needed column is not there, `feed_mapping_invalid` when two columns are one field.
 */
export function readRows(
  table: Table,
  mapping: CsvMapping,
  problems: RowProblems,
  findings: Findings,
): readonly CsvRow[] {
  const places = findColumns(table, mapping, findings);
  return table.rows.map(({ line, cells }): CsvRow => {
    const columnOf = (field: CsvFieldName) => {
      const index = places.get(field);
      return index === undefined ? field : nameColumn(table.columns, index);
    };
    const wrong = (field: CsvFieldName, advice: string) => problems.add(line, columnOf(field), advice);
    const translate = (field: CsvFieldName, text: string) => mapping.values.get(field)?.get(text) ?? text;
    const read = new Map<CsvFieldName, string>();
    for (const [field, index] of places) {
      const raw = cells[index] ?? '';
      const text = raw.trim().normalize('NFC');
      if (isFormula(raw))
        wrong(field, 'the cell begins like a formula (= + - @ or a tab). Take that sign away.');
      else if (CONTROL.test(text))
        wrong(field, 'the cell holds a line break or an invisible sign. Take it out.');
      else read.set(field, text);
    }
    const get = (field: CsvFieldName) => read.get(field) || (mapping.defaults.get(field) ?? '');
    return {
      line,
      get: (field) => translate(field, get(field)),
      list: (field) =>
        get(field)
          .split(mapping.separator)
          .map((each) => translate(field, each.trim()))
          .filter((each) => each !== ''),
      wrong,
    };
  });
}

function findColumns(
  table: Table,
  mapping: CsvMapping,
  findings: Findings,
): ReadonlyMap<CsvFieldName, number> {
  const names: ReadonlySet<string> = new Set(CSV_FIELDS.map(({ name }) => name));
  const places = new Map<CsvFieldName, number>();
  for (const [index, column] of table.columns.entries()) {
    const field = mapping.columns.get(column) ?? column.toLowerCase();
    if (!names.has(field)) {
      findings.add('column_unknown', nameColumn(table.columns, index));
      continue;
    }
    if (places.has(field as CsvFieldName)) {
      throw refuse('feed_mapping_invalid', 422, `Two columns of the file are the field ${field}. Keep one.`);
    }
    places.set(field as CsvFieldName, index);
  }
  const missing = NEEDED.filter((field) => !places.has(field) && !mapping.defaults.has(field));
  if (missing.length > 0) {
    throw refuse(
      'feed_not_csv',
      422,
      `The file has no column ${missing.join(', ')}. Name its columns like the template (socle import csv --template), or give a mapping (--mapping).`,
      { missing },
    );
  }
  return places;
}
