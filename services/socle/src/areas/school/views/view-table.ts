import type { PersonId } from '@socle/base';
import { loadPersonCards, type PersonCard } from '@socle/directory';
import { dataTable, formatDateTime, formatTime, type Content, type Fragment } from '@socle/pages';
import type { ViewRow } from '../../../view-as/store.ts';
import type { Visit } from '../../visit.ts';
import { viewStrings } from './strings.ts';

export type ViewNames = ReadonlyMap<PersonId, PersonCard>;

/** The names of both people of each view. */
export function loadViewNames({ socle, now }: Visit, rows: readonly ViewRow[]): Promise<ViewNames> {
  const people = [...new Set(rows.flatMap(({ viewer_id, seen_id }) => [viewer_id, seen_id]))];
  return socle.database.transaction((tx) => loadPersonCards(tx, people, now), {
    scope: 'all',
    readOnly: true,
  });
}

/** Is it open at this instant? */
export function isOpenView({ ended_at, ends_at }: ViewRow, now: Date): boolean {
  return ended_at === null && ends_at > now;
}

/** Views as a table: who, in whose place, when, why, and what became of it; `act` adds what may be done. */
export function viewTable(
  { language, now }: Visit,
  rows: readonly ViewRow[],
  names: ViewNames,
  act?: (row: ViewRow) => Content,
): Fragment {
  const words = viewStrings[language];
  const nameOf = (person: PersonId) => names.get(person)?.displayName ?? words.gone;
  const state = (row: ViewRow): string =>
    isOpenView(row, now)
      ? words.open_now(formatTime(language, row.ends_at))
      : words.ends[row.end_code ?? 'time'];
  return dataTable({
    language,
    caption: words.list,
    captionHidden: true,
    rows,
    columns: [
      { title: words.whom, names: true, cell: ({ seen_id }) => nameOf(seen_id) },
      { title: words.who, cell: ({ viewer_id }) => nameOf(viewer_id) },
      { title: words.when, cell: ({ started_at }) => formatDateTime(language, started_at) },
      { title: words.reason, cell: ({ reason }) => reason },
      { title: words.state, cell: state },
      ...(act === undefined ? [] : [{ title: words.end, cell: act }]),
    ],
  });
}
