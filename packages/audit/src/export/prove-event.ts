import type { EventId } from '@socle/base';
import type { Database } from '@socle/db';
import { AuditError } from '../errors.ts';
import { buildInclusionProof } from '../merkle/proofs.ts';
import { loadHead, loadTile } from '../sequencer/batch-store.ts';
import { buildEventLine } from './event-line.ts';
import type { ExportKeys } from './export-log.ts';
import { loadExportRow } from './export-store.ts';

/** The proof that one event is in the log, for `verifyProof`. All of it may be given away with the event. */
export interface EventProof {
  readonly format: 'socle-audit-proof/1';
  readonly verifierKey: string;
  /** How the key came to be the log's, when it was not the first. */
  readonly successions?: readonly string[];
  /** The event as a line of events.ndjson. */
  readonly event: string;
  /** Audit path from the leaf's sibling upwards, base64. */
  readonly hashes: readonly string[];
  /** The signed checkpoint (C2SP tlog-checkpoint). */
  readonly checkpoint: string;
}

/**
 * Proves that an event is in the tree that the newest checkpoint signs.
 *
 * @throws AuditError `audit_event_not_found` when no event of that id is in the tree.
 */
export async function proveEvent(
  database: Database,
  keys: Pick<ExportKeys, 'verifierKey' | 'successions'>,
  eventId: EventId,
): Promise<EventProof> {
  return database.transaction(
    async (tx) => {
      const head = await loadHead(tx);
      const row = await loadExportRow(tx, eventId);
      if (!row || row.leaf_index >= head.size) {
        throw new AuditError('audit_event_not_found', {
          status: 404,
          publicMessage: 'No event of this id is in the log’s tree (yet).',
        });
      }
      const hashes = await buildInclusionProof(
        head.size,
        row.leaf_index,
        async (level, index) => (await loadTile(tx, level, index)) ?? Buffer.alloc(0),
      );
      return {
        format: 'socle-audit-proof/1',
        verifierKey: keys.verifierKey,
        ...(keys.successions?.length ? { successions: keys.successions } : {}),
        event: buildEventLine(row).toString('utf8'),
        hashes: hashes.map((hash) => hash.toString('base64')),
        checkpoint: head.note,
      };
    },
    { isolation: 'repeatable read', readOnly: true, scope: 'all' },
  );
}
