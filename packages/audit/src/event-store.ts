import { randomFillSync } from 'node:crypto';
import type { Queryable } from '@socle/db';
import type { EventRow } from './payload.ts';

const SALT_BYTES = 32;

// Payloads and salts travel as two binary values, cut up by the server: arrays of bytea would travel as
// hexadecimal text, which costs more than everything else here.
const INSERT = {
  name: 'audit-append',
  text: `
  WITH input AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[],
                         $7::text[], $8::text[], $9::text[], $10::int[], $11::int[])
      WITH ORDINALITY AS i(id, at, class, controller, action, actor, target, outcome, mentions, start, length, place)
  ), stored AS (
    INSERT INTO audit.events (id, at, class, controller, action, actor, target, outcome, mentions, salt, payload)
    SELECT id, at, class, controller, action, actor, target, outcome, mentions::uuid[],
           substring($12::bytea, (place::int - 1) * ${SALT_BYTES} + 1, ${SALT_BYTES}),
           substring($13::bytea, start, length)
    FROM input
    ON CONFLICT DO NOTHING
  )
  INSERT INTO audit.pending (event_id) SELECT id FROM input ON CONFLICT DO NOTHING`,
};

/** Writes events, each with a fresh salt, and queues them for the sequencer, in one statement. Known ids are left alone. */
export async function insertEvents(database: Queryable, rows: readonly EventRow[]): Promise<void> {
  const salts = randomFillSync(Buffer.allocUnsafe(rows.length * SALT_BYTES));
  const starts: number[] = [];
  const lengths: number[] = [];
  let start = 1;
  for (const { payload } of rows) {
    starts.push(start);
    lengths.push(payload.length);
    start += payload.length;
  }
  const column = (name: Exclude<keyof EventRow, 'payload'>) => rows.map((row) => row[name]);
  await database.prepared(INSERT, [
    column('id'),
    column('at'),
    column('class'),
    column('controller'),
    column('action'),
    column('actor'),
    column('target'),
    column('outcome'),
    column('mentions'),
    starts,
    lengths,
    salts,
    Buffer.concat(rows.map((row) => row.payload)),
  ]);
}
