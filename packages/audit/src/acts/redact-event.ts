import type { EventId, PersonId } from '@socle/base';
import { AuditError } from '../errors.ts';
import { loadExportRow } from '../export/export-store.ts';
import { carryOut, refuseAct, type ActOptions } from './carry-out.ts';

export interface RedactOptions extends Omit<ActOptions, 'actor'> {
  readonly eventId: EventId;
  /** Who asks for it. */
  readonly requester: PersonId;
  /** Who approves it: another person. */
  readonly approver: PersonId;
  /** Why, as a short code (`court-order`, `disproportionate`). */
  readonly reason: string;
}

/**
 * Deletes the content of one event for ever. Its leaf stays, and `audit.event.redacted` tells who did it, who approved it
 * and why; a verifier then says `redacted`. The caller answers for the two being who they say they are.
 *
 * @returns the place of the event, and the order's id; `done` is false when its content was gone already.
 * @throws AuditError `audit_two_people_needed`, `audit_event_not_found`, `audit_act_refused` (a legal hold, or an event
 *   that explains an absence), `audit_event_not_sealed`.
 */
export async function redactEvent(
  options: RedactOptions,
): Promise<{ readonly leaf: number; readonly orderId: EventId | undefined; readonly done: boolean }> {
  const { database, eventId, requester, approver, reason } = options;
  if (requester === approver) {
    throw new AuditError('audit_two_people_needed', {
      status: 400,
      publicMessage: 'A redaction takes two people: another one must approve it.',
    });
  }
  const row = await database.transaction((tx) => loadExportRow(tx, eventId), {
    readOnly: true,
    scope: 'all',
  });
  if (!row) {
    throw new AuditError('audit_event_not_found', {
      status: 404,
      publicMessage: 'No event of this id is in the log’s tree (yet).',
    });
  }
  if (row.payload === null) return { leaf: row.leaf_index, orderId: undefined, done: false };
  if (row.action!.startsWith('audit.')) throw refuseAct('what the log tells of itself stays');
  // asked before the order is logged: an order that is not carried out would explain a deletion by somebody else
  const holds = await database.query(
    'SELECT FROM audit.holds WHERE lifted_by IS NULL AND $1::date BETWEEN from_day AND to_day',
    [row.day],
  );
  if (holds.length > 0) throw refuseAct('a legal hold keeps this content');
  const { orderId, result } = await carryOut<boolean>(
    { ...options, actor: { kind: 'person', id: requester } },
    {
      action: 'audit.event.redacted',
      target: { kind: 'audit.event', id: eventId },
      reason,
      detail: { leaf: row.leaf_index, approver },
    },
    'redact',
  );
  return { leaf: row.leaf_index, orderId, done: result };
}
