import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { decodeText } from '../csv/decode-text.ts';
import { isFormula, readTable, readTableFile } from '../csv/read-table.ts';
import { refuse } from '../errors.ts';
import { ROSTER_KEY } from '../roster/roster-record.ts';
import {
  NEEDED_FILES,
  OPTIONAL_COLUMNS,
  ROSTER_FILES,
  type OneRosterRow,
  type RosterFileName,
} from './files.ts';

/** One file as it is sent: whole, or what changed. */
interface SentFile {
  readonly mode: 'bulk' | 'delta';
  readonly rows: readonly { readonly id: string; readonly deleted: boolean; readonly cells: OneRosterRow }[];
}

export interface SentRoster {
  readonly files: ReadonlyMap<RosterFileName, SentFile>;
  readonly digest: string;
}

const NAMES = Object.keys(ROSTER_FILES) as RosterFileName[];
const CODE = 'feed_not_oneroster';

/**
 * Reads the files of a folder as its manifest announces them.
 *
 * @throws DirectoryError `feed_not_oneroster`, `feed_rows_invalid` by file and line, never with what stands there.
 */
export async function readOneRosterFolder(folder: string): Promise<SentRoster> {
  const present = await readdir(folder).catch(() => {
    throw refuse(
      CODE,
      422,
      'The feed must be a folder or an archive of OneRoster CSV files that may be read.',
    );
  });
  const hash = createHash('sha256');
  const load = async (name: string) => {
    if (!present.includes(`${name}.csv`)) {
      throw refuse(
        CODE,
        422,
        `${name}.csv is missing. A feed of OneRoster 1.2 has it, and its manifest says what else.`,
      );
    }
    const bytes = await readTableFile(path.join(folder, `${name}.csv`), CODE);
    hash.update(`${name}\0${bytes.length}\0`).update(bytes);
    return readTable(decodeText(bytes, 'utf-8'), { delimiter: ',', code: CODE, name: `${name}.csv` });
  };
  const manifest = new Map(
    (await load('manifest')).rows.map(({ cells }) => [cells[0] ?? '', cells[1] ?? '']),
  );
  if (manifest.get('oneroster.version') !== '1.2') {
    throw refuse(CODE, 422, 'manifest.csv must say that oneroster.version is 1.2.');
  }
  const files = new Map<RosterFileName, SentFile>();
  for (const name of NAMES) {
    const mode = manifest.get(`file.${name}`) ?? 'absent';
    if (mode === 'bulk' || mode === 'delta')
      files.set(name, { mode, rows: readRows(name, await load(name)) });
    else if (mode !== 'absent')
      throw refuse(CODE, 422, `manifest.csv: file.${name} is bulk, delta or absent.`);
  }
  if (!NEEDED_FILES.some((name) => files.has(name)))
    throw refuse(CODE, 422, 'The feed holds none of the rostering files.');
  return { files, digest: hash.digest('hex') };
}

function readRows(name: RosterFileName, table: ReturnType<typeof readTable>): SentFile['rows'] {
  const places = new Map(table.columns.map((column, index) => [column, index]));
  const needed = ['sourcedId', ...ROSTER_FILES[name]];
  const missing = needed.filter((column) => !places.has(column));
  if (missing.length > 0)
    throw refuse(CODE, 422, `${name}.csv has no column ${missing.join(', ')}.`, { missing });
  const columns = [...ROSTER_FILES[name], ...(OPTIONAL_COLUMNS[name] ?? []), 'dateLastModified'].filter(
    (column) => places.has(column),
  );
  const seen = new Set<string>();
  return table.rows.map(({ line, cells }) => {
    const read = (column: string) => (cells[places.get(column) ?? -1] ?? '').trim();
    const wrong = (column: string, advice: string) =>
      refuse('feed_rows_invalid', 422, `${name}.csv, line ${line}, column ${column}: ${advice}`, { line });
    const id = read('sourcedId');
    if (!ROSTER_KEY.test(id))
      throw wrong(
        'sourcedId',
        'it must be 1 to 128 letters, digits or . _ : / { } -, and no e-mail address.',
      );
    if (seen.has(id)) throw wrong('sourcedId', 'another row has it already.');
    seen.add(id);
    for (const column of columns) {
      const cell = read(column);
      if (isFormula(cell))
        throw wrong(column, 'the cell begins like a formula (= + - @). Take that sign away.');
      if (/\p{Cc}/u.test(cell)) throw wrong(column, 'the cell holds a line break or an invisible sign.');
    }
    const status = read('status').toLowerCase();
    if (!['', 'active', 'tobedeleted'].includes(status))
      throw wrong('status', 'it is active or tobedeleted.');
    return {
      id,
      deleted: status === 'tobedeleted',
      cells: Object.fromEntries(columns.map((column) => [column, read(column).normalize('NFC')])),
    };
  });
}
