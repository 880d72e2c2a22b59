import type { Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import {
  NEEDED_FILES,
  NOT_KEPT,
  ROSTER_FILES,
  type OneRosterRow,
  type OneRosterRows,
  type RosterFileName,
} from './files.ts';
import type { SentRoster } from './read-folder.ts';

/** The rows that stand, and with them those that were deleted: what is kept for the next delta. */
export interface MergedRows {
  readonly live: OneRosterRows;
  readonly all: OneRosterRows;
}

const DELETED = 'deleted';

const dropDeleted = (rows: ReadonlyMap<string, OneRosterRow>) =>
  new Map([...rows].filter(([, row]) => row[DELETED] === undefined));

const NAMES = Object.keys(ROSTER_FILES) as RosterFileName[];

/**
 * Puts what was sent onto what was kept: a bulk file is the truth, a delta changes the rows that it names. A row that is
 * older than the kept one changes nothing, so an old delta sent again gives nothing back.
 *
 * @throws DirectoryError `feed_delta_without_complete` when a needed file was never sent whole.
 */
export async function mergeRows(tx: Tx, source: string, sent: SentRoster): Promise<MergedRows> {
  const kept = await loadKeptRows(tx, source);
  const merged = new Map<RosterFileName, ReadonlyMap<string, OneRosterRow>>();
  for (const name of NAMES) {
    const file = sent.files.get(name);
    if (NEEDED_FILES.includes(name) && file?.mode !== 'bulk' && !kept.has(name)) {
      throw refuse(
        'feed_delta_without_complete',
        409,
        `${name}.csv was never sent whole by this source. Import a feed in bulk mode first.`,
      );
    }
    const rows = new Map(file?.mode === 'bulk' ? [] : (kept.get(name) ?? []));
    for (const { id, deleted, cells } of file?.rows ?? []) {
      const before = rows.get(id);
      if (before && (cells['dateLastModified'] ?? '') < (before['dateLastModified'] ?? '')) continue;
      const { dateLastModified = '' } = cells;
      // What was deleted stays known as such, with its date.
      rows.set(id, deleted ? { dateLastModified, [DELETED]: 'true' } : cells);
    }
    merged.set(name, rows);
  }
  await addNames(tx, source, merged);
  return { all: merged, live: new Map([...merged].map(([name, rows]) => [name, dropDeleted(rows)])) };
}

async function loadKeptRows(tx: Tx, source: string): Promise<Map<RosterFileName, Map<string, OneRosterRow>>> {
  const rows = await tx.query<{ file: RosterFileName; id: string; cells: OneRosterRow }>(
    'SELECT file, sourced_id AS id, cells FROM directory.oneroster_rows WHERE source = $1',
    [source],
  );
  const kept = new Map<RosterFileName, Map<string, OneRosterRow>>();
  for (const { file, id, cells } of rows) {
    const own = kept.get(file) ?? new Map<string, OneRosterRow>();
    kept.set(file, own);
    own.set(id, cells);
  }
  return kept;
}

/** Gives users whom a delta does not name the name and birth date that they have here. */
async function addNames(
  tx: Tx,
  source: string,
  merged: Map<RosterFileName, ReadonlyMap<string, OneRosterRow>>,
): Promise<void> {
  const people = await tx.query<{ id: string; given: string; family: string; birth: string | null }>(
    `SELECT substr(j.value, length($1) + 2) AS id, p.given_name AS given, p.family_name AS family, p.birth_date::text AS birth
     FROM directory.join_keys j JOIN directory.people p ON p.id = j.person_id
     WHERE j.kind = 'oneroster' AND starts_with(j.value, $1 || '-')`,
    [source],
  );
  const users = new Map(merged.get('users'));
  const births = new Map(merged.get('demographics'));
  for (const { id, given, family, birth } of people) {
    const user = users.get(id);
    if (user && user[DELETED] === undefined && user['familyName'] === undefined)
      users.set(id, { ...user, givenName: given, familyName: family });
    const demographics = births.get(id);
    if (demographics && demographics['birthDate'] === undefined && birth)
      births.set(id, { ...demographics, birthDate: birth });
  }
  merged.set('users', users).set('demographics', births);
}

/** Keeps the rows for the next delta, without what people have themselves. */
export async function keepRows(tx: Tx, source: string, rows: OneRosterRows): Promise<void> {
  await tx.query('DELETE FROM directory.oneroster_rows WHERE source = $1', [source]);
  for (const [file, own] of rows) {
    const ids = [...own.keys()];
    const cells = [...own.values()].map((row) =>
      JSON.stringify(Object.fromEntries(Object.entries(row).filter(([column]) => !NOT_KEPT.has(column)))),
    );
    await tx.query(
      `INSERT INTO directory.oneroster_rows (source, file, sourced_id, cells)
       SELECT $1, $2, r.id, r.cells::jsonb FROM unnest($3::text[], $4::text[]) AS r(id, cells)`,
      [source, file, ids, cells],
    );
  }
}
