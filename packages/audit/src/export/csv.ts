import type { ExportRow } from './export-store.ts';
import type { StoredPayload } from './stored-payload.ts';

const COLUMNS = [
  'leaf',
  'id',
  'time',
  'class',
  'controller',
  'action',
  'actor_kind',
  'actor',
  'on_behalf_of',
  'target_kind',
  'target',
  'outcome',
  'reason',
  'purpose',
  'session',
  'network',
  'correlation',
  'detail',
];

/** What spreadsheets take for the start of a formula, full-width forms included. */
const FORMULA_START = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u;
const NEEDS_QUOTES = /[",\r\n]/;

/** The line of column names, after a byte order mark when one is asked for. */
export function buildCsvHead(bom: boolean): Buffer {
  return Buffer.from(`${bom ? '\uFEFF' : ''}${COLUMNS.join(',')}\r\n`);
}

/** One event as a line of RFC 4180. Of an event whose content is gone: its place, class and day, with outcome `absent`. */
export function buildCsvRow(row: ExportRow, payload: StoredPayload | undefined): Buffer {
  const fields = payload
    ? [
        row.leaf_index,
        payload.id,
        payload.ts,
        row.class,
        payload.controller,
        payload.action,
        payload.actor.kind,
        payload.actor.id,
        payload.actor.onBehalfOf,
        payload.target?.kind,
        payload.target?.id,
        payload.outcome,
        payload.reason,
        payload.purpose,
        payload.session,
        payload.network?.address,
        payload.correlation,
        Object.keys(payload.detail).length === 0 ? '' : JSON.stringify(payload.detail),
      ]
    : [
        row.leaf_index,
        row.event_id,
        row.day,
        row.class,
        ...Array<string>(7).fill(''),
        'absent',
        ...Array<string>(6).fill(''),
      ];
  return Buffer.from(`${fields.map(writeField).join(',')}\r\n`);
}

/** A field as RFC 4180 quotes it. What a spreadsheet would compute gets an apostrophe before it. */
export function writeField(value: string | number | null | undefined): string {
  const text = value === null || value === undefined ? '' : String(value);
  const safe = FORMULA_START.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
