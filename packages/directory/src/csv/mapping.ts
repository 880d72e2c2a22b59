import { parse as parseYaml } from 'yaml';
import { refuse } from '../errors.ts';
import { CSV_ENCODINGS, type CsvEncoding } from './decode-text.ts';
import { CSV_FIELDS, type CsvFieldName } from './fields.ts';

/** How the columns and values of somebody's file become those of the template. */
export interface CsvMapping {
  readonly source?: string;
  readonly controller?: string;
  readonly delimiter?: string;
  readonly encoding?: CsvEncoding;
  /** `yyyy`, `MM` and `dd` with what stands between them. Default `yyyy-MM-dd`. */
  readonly date: string;
  /** What separates several values in a cell. Default `|`. */
  readonly separator: string;
  /** Column of the file → field. A column that is not named here is taken under its own name. */
  readonly columns: ReadonlyMap<string, CsvFieldName>;
  /** Field → value of the file → value of the template. */
  readonly values: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** What stands for an empty cell, or for a column that is not there. */
  readonly defaults: ReadonlyMap<string, string>;
}

const FIELD_NAMES: ReadonlySet<string> = new Set(CSV_FIELDS.map(({ name }) => name));
const MEMBERS = new Set([
  'source',
  'controller',
  'delimiter',
  'encoding',
  'date',
  'separator',
  'columns',
  'values',
  'defaults',
]);
const MAX_CHARS = 256 * 1024;

/** The mapping of a file that is written like the template. */
export const PLAIN_MAPPING: CsvMapping = Object.freeze({
  date: 'yyyy-MM-dd',
  separator: '|',
  columns: new Map(),
  values: new Map(),
  defaults: new Map(),
});

/**
 * Reads a mapping file, JSON or YAML 1.2.
 *
 * @throws DirectoryError `feed_mapping_invalid` that names the member.
 */
export function parseCsvMapping(text: string): CsvMapping {
  if (text.length > MAX_CHARS) throw invalid('the file', 'is too large');
  let document: unknown;
  try {
    // No aliases: a few lines could stand for millions.
    document = parseYaml(text, { maxAliasCount: 0, schema: 'core', stringKeys: true });
  } catch {
    throw invalid('the file', 'is neither JSON nor YAML');
  }
  if (!isRecord(document)) throw invalid('the file', 'must be an object');
  for (const name of Object.keys(document)) if (!MEMBERS.has(name)) throw invalid('a member', 'is not known');
  const text1 = (name: string, pattern: RegExp, rule: string) => {
    const value = document[name];
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || !pattern.test(value)) throw invalid(name, rule);
    return value;
  };
  const encoding = text1(
    'encoding',
    new RegExp(`^(${CSV_ENCODINGS.join('|')})$`),
    `is one of ${CSV_ENCODINGS.join(', ')}`,
  );
  const date = text1('date', /^(?=.*yyyy)(?=.*MM)(?=.*dd)[yMd ./-]{8,12}$/, 'is like dd/MM/yyyy');
  const delimiter = text1('delimiter', /^[;,\t]$/, 'is ";", "," or a tab');
  const separator = text1('separator', /^[|,;/+ ]$/, 'is one of | , ; / + or a space');
  const source = text1('source', /^[a-z][a-z0-9_]{0,30}$/, 'is lower-case letters, digits and "_"');
  const controller = text1('controller', /^[A-Za-z0-9:_.-]{1,64}$/, 'is a controller’s code');
  const columns = new Map(Object.entries(readTexts(document.columns, 'columns')));
  for (const field of columns.values()) requireField(field, 'columns');
  const values = new Map<string, ReadonlyMap<string, string>>();
  for (const [field, map] of Object.entries(isRecord(document.values) ? document.values : {})) {
    requireField(field, 'values');
    values.set(field, new Map(Object.entries(readTexts(map, `values of ${field}`))));
  }
  const defaults = new Map(Object.entries(readTexts(document.defaults, 'defaults')));
  for (const field of defaults.keys()) requireField(field, 'defaults');
  return {
    ...(source ? { source } : {}),
    ...(controller ? { controller } : {}),
    ...(delimiter ? { delimiter } : {}),
    ...(encoding ? { encoding: encoding as CsvEncoding } : {}),
    date: date ?? PLAIN_MAPPING.date,
    separator: separator ?? PLAIN_MAPPING.separator,
    columns: columns as ReadonlyMap<string, CsvFieldName>,
    values,
    defaults,
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readTexts(value: unknown, name: string): Record<string, string> {
  if (value === undefined) return {};
  if (!isRecord(value) || Object.values(value).some((each) => typeof each !== 'string')) {
    throw invalid(name, 'must map texts to texts');
  }
  return value as Record<string, string>;
}

function requireField(field: string, member: string): void {
  if (!FIELD_NAMES.has(field)) throw invalid(member, `names a field that the template does not have`);
}

const invalid = (what: string, rule: string) =>
  refuse('feed_mapping_invalid', 422, `The mapping: ${what} ${rule}. See docs/feeds.md.`);

/** A day in the mapping's form as `YYYY-MM-DD`; undefined for what is no day of the calendar. */
export function parseDay(text: string, form: string): string | undefined {
  const pattern = form
    .replaceAll(/[./]/g, '[./]')
    .replace(/yyyy/, '(?<y>\\d{4})')
    .replace(/MM/, '(?<m>\\d{1,2})');
  const match = new RegExp(`^${pattern.replace(/dd/, '(?<d>\\d{1,2})')}$`).exec(text);
  if (!match?.groups) return undefined;
  const { y, m, d } = match.groups as { y: string; m: string; d: string };
  const iso = `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : undefined;
}
