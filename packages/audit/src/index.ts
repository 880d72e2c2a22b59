import type { MigrationSet } from '@socle/db';

export {
  defineActions,
  type ActionDefinition,
  type ActionDefinitions,
  type DetailKind,
  type EventClass,
} from './actions.ts';
export type { AuditAppender, EventActor, EventOutcome, EventTarget, NewEvent } from './event.ts';
export { openAudit, type Audit, type AuditOptions } from './audit.ts';
export { auditActions } from './audit-actions.ts';
export { AuditError, type AuditErrorCode } from './errors.ts';

/** Tables of the log: PostgreSQL schema `audit`. Needs the roles socle_owner, socle_app and socle_sequencer. */
export const migrations: MigrationSet = {
  name: 'audit',
  folder: new URL('../migrations/', import.meta.url),
};
