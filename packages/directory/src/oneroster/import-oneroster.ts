import { createHash } from 'node:crypto';
import path from 'node:path';
import type { ImportResult } from '../import/import-types.ts';
import { isArchive, withUnpacked } from '../import/unpack-archive.ts';
import { importRoster, type ImportRosterOptions } from '../roster/import-roster.ts';
import { isOneRosterFile } from './files.ts';
import { keepRows, mergeRows } from './kept-rows.ts';
import { mapOneRoster } from './map-oneroster.ts';
import { readOneRosterFolder } from './read-folder.ts';

/** An import of OneRoster 1.2 CSV files. */
export interface ImportOneRosterOptions extends ImportRosterOptions {
  /** A folder, or a `.zip` or `.tgz` of it. */
  readonly feed: string;
  /** UAI by the sourcedId of an org whose `identifier` is none. */
  readonly schools?: Readonly<Record<string, string>>;
}

/**
 * Imports a OneRoster 1.2 CSV feed, bulk or delta, as its manifest says. A delta changes the rows that it names, by their
 * `status` and `dateLastModified`; what follows is then compared as a whole, as for every feed.
 *
 * @throws DirectoryError `feed_not_oneroster`, `feed_rows_invalid`, `feed_delta_without_complete`, `feed_archive_invalid`,
 *   `feed_archive_too_large`, and as importRoster.
 */
export async function importOneRoster(options: ImportOneRosterOptions): Promise<ImportResult> {
  const names = { claims: /\.csv$/i, isOfFeed: isOneRosterFile };
  return isArchive(options.feed)
    ? withUnpacked(options.feed, (folder) => importFolder(folder, options), undefined, names)
    : importFolder(options.feed, options);
}

async function importFolder(folder: string, options: ImportOneRosterOptions): Promise<ImportResult> {
  const { feed, schools = {}, ...rest } = options;
  const source = options.source ?? 'oneroster';
  const today = options.clock.now().toISOString().slice(0, 10);
  const sent = await readOneRosterFolder(folder);
  // What a feed says depends on the day: enrollments begin and end.
  const digest = createHash('sha256')
    .update(JSON.stringify(['oneroster', source, options.controller ?? '', schools, today, sent.digest]))
    .digest('hex');
  return importRoster('oneroster', { ...rest, fileName: feed, source }, async (findings, tx) => {
    const rows = await mergeRows(tx, source, sent);
    const roster = mapOneRoster(rows.live, { schools: new Map(Object.entries(schools)), today, findings });
    return {
      roster,
      digest,
      fileName: path.basename(feed).slice(-255) || 'oneroster',
      findings,
      keep: (into) => keepRows(into, source, rows.all),
    };
  });
}
