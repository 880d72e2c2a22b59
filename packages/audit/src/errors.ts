import { SocleError } from '@socle/base';

/** Codes of failures that @socle/audit raises; docs/errors.md gives the remedy of each. */
export type AuditErrorCode =
  | 'audit_event_refused'
  | 'audit_action_unknown'
  | 'audit_actions_conflict'
  | 'audit_event_not_sealed'
  | 'audit_event_not_found'
  | 'audit_key_unusable'
  | 'audit_purpose_missing'
  | 'audit_log_empty'
  | 'audit_log_inconsistent'
  | 'audit_log_behind_witness'
  | 'audit_export_folder_not_empty'
  | 'audit_export_not_resumable'
  | 'audit_two_people_needed'
  | 'audit_act_refused'
  | 'audit_time_stamp_failed'
  | 'audit_witness_unusable'
  | 'audit_witness_unreachable'
  | 'audit_witness_refused';

/** A failure of the audit room. `details.member` names the member of an event that was refused. */
export class AuditError extends SocleError<AuditErrorCode> {}

/** Refuses an event: `member` is the name of the part at fault, never its value. */
export function refuseEvent(member: string, why: string): AuditError {
  return new AuditError('audit_event_refused', {
    status: 400,
    publicMessage: `The audit event was refused: ${member} ${why}.`,
    details: { member },
  });
}
