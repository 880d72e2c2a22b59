import { finished } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { Tx } from '@socle/db';

/** The staging tables, and their columns in the order of COPY. */
const COLUMNS = {
  schools: ['key', 'uai', 'name', 'kind'],
  subjects: ['code', 'name'],
  mefs: ['code', 'name'],
  divisions: ['school_key', 'kind', 'code', 'name'],
  people: [
    'number',
    'category',
    'key',
    'school_key',
    'given_name',
    'family_name',
    'birth_date',
    'mail',
    'teaches',
    'directs',
  ],
  roles: ['key', 'school_key', 'role', 'function_code'],
  members: ['key', 'school_key', 'kind', 'code'],
  teaching: ['key', 'school_key', 'kind', 'code', 'subject_code'],
  heads: ['key', 'school_key', 'code'],
  links: ['child_key', 'adult_key', 'kind', 'relation_code'],
  requests: ['number', 'operation', 'category', 'key', 'attributes'],
  departures: ['category', 'key'],
} as const;

type StagingTable = keyof typeof COLUMNS;

/** Rows on their way to the staging tables, a bounded buffer a table. */
export interface Staging {
  /** Adds a row, its fields in the table's order; undefined is NULL. */
  add(table: StagingTable, ...fields: readonly (string | number | undefined)[]): void;
  /** Sends the buffers that are full, without waiting for the last; to be awaited between chunks of input. */
  drain(): Promise<void>;
  /** Sends all that is left. */
  flush(): Promise<void>;
}

const FULL_CHARS = 128 * 1024;
const SPECIAL = /[\\\t\n\r]/;

/** Opens staging in a transaction that must be the only user of its connection. */
export function openStaging(tx: Tx): Staging {
  const buffers = new Map<StagingTable, { rows: string[]; chars: number }>();
  // One COPY is under way while the next rows are read; the connection takes no two.
  let underWay: Promise<void> = Promise.resolve();
  const send = async (table: StagingTable) => {
    await underWay;
    const buffer = buffers.get(table);
    if (!buffer || buffer.rows.length === 0) return;
    const text = `${buffer.rows.join('\n')}\n`;
    buffers.set(table, { rows: [], chars: 0 });
    const stream = tx.connection.query(
      copyFrom(`COPY directory.incoming_${table} (${COLUMNS[table].join(', ')}) FROM STDIN`),
    );
    stream.end(text);
    underWay = finished(stream);
    // Whoever awaits it next gets the failure; until then it must not count as unhandled.
    underWay.catch(() => undefined);
  };
  return {
    add(table, ...fields) {
      let buffer = buffers.get(table);
      if (!buffer) buffers.set(table, (buffer = { rows: [], chars: 0 }));
      const row = fields.map(encodeField).join('\t');
      buffer.rows.push(row);
      buffer.chars += row.length;
    },
    async drain() {
      for (const [table, { chars }] of buffers) if (chars > FULL_CHARS) await send(table);
    },
    async flush() {
      for (const table of buffers.keys()) await send(table);
      await underWay;
    },
  };
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** One field of COPY's text format. */
function encodeField(value: string | number | undefined): string {
  if (value === undefined) return '\\N';
  if (typeof value === 'number') return String(value);
  return SPECIAL.test(value) ? value.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character]!) : value;
}
