import { createHash } from 'node:crypto';
import type { ExportRow } from './export-store.ts';
import type { StoredPayload } from './stored-payload.ts';

/**
 * One line of events.ndjson, without its line feed. The payload stands in it byte for byte as it was stored; the
 * commitment covers those bytes and no re-writing of them.
 */
export function buildEventLine(row: ExportRow): Buffer {
  if (row.payload === null) {
    return Buffer.from(
      JSON.stringify({
        leaf: row.leaf_index,
        id: row.event_id,
        ...(row.commitment === null
          ? { missing: true }
          : { class: row.class, day: row.day, commitment: row.commitment.toString('hex') }),
      }),
    );
  }
  const header = JSON.stringify({
    leaf: row.leaf_index,
    class: row.class,
    day: row.day,
    salt: row.salt!.toString('base64'),
    columns: {
      id: row.event_id,
      at: row.at!.toISOString(),
      controller: row.controller,
      action: row.action,
      actor: row.actor,
      target: row.target,
      outcome: row.outcome,
    },
  });
  return Buffer.concat([Buffer.from(`${header.slice(0, -1)},"payload":`), row.payload, CLOSE]);
}

/**
 * One line of a masked export: the commitment proves the event's place, `masked` is what may be shown of it. The salt stays
 * away, so that nobody can try guesses against the commitment.
 */
export function buildMaskedLine(row: ExportRow, masked: StoredPayload): Buffer {
  const commitment = createHash('sha256').update(COMMITMENT_PREFIX).update(row.salt!).update(row.payload!);
  return Buffer.from(
    JSON.stringify({
      leaf: row.leaf_index,
      id: row.event_id,
      class: row.class,
      day: row.day,
      commitment: commitment.digest('hex'),
      masked,
    }),
  );
}

const COMMITMENT_PREFIX = Buffer.from('socle-audit/1\0');
const CLOSE = Buffer.from('}');
