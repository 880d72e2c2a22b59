import type { MigrationSet } from '@socle/db';

export {
  defineActions,
  type ActionDefinition,
  type ActionDefinitions,
  type DetailKind,
  type EventClass,
} from './actions.ts';
export type { AuditAppender, EventActor, EventOutcome, EventTarget, NewEvent } from './event.ts';
export type { ActOptions } from './acts/carry-out.ts';
export { forgetPerson } from './acts/forget-person.ts';
export { liftHold, placeHold, type HoldOptions } from './acts/holds.ts';
export { purgeMonths, type MonthPurge, type PurgeOptions } from './acts/purge-months.ts';
export { redactEvent, type RedactOptions } from './acts/redact-event.ts';
export { sealMonth, type Seal, type SealOptions } from './acts/seal-month.ts';
export { openAnchors, type AnchorOptions, type Anchors, type AnchorStatus } from './anchor/anchors.ts';
export type { WitnessAddress } from './anchor/submit-checkpoint.ts';
export { openAudit, type Audit, type AuditOptions } from './audit.ts';
export { auditActions } from './audit-actions.ts';
export {
  buildVerifierKey,
  signNote,
  type Checkpoint,
  type NoteSigner,
} from './checkpoint.ts';
export { AuditError, type AuditErrorCode } from './errors.ts';
export type { ExportFormat } from './export/export-format.ts';
export {
  exportLog,
  type ExportKeys,
  type ExportOptions,
  type ExportProgress,
  type ExportResult,
} from './export/export-log.ts';
export { countEvents } from './export/export-store.ts';
export { hasExportState } from './export/export-state.ts';
export { proveEvent, type EventProof } from './export/prove-event.ts';
export { openAuditKeys, rotateAuditKeys, type AuditKeys, type AuditKeysOptions } from './keys.ts';
export { findLogResource, type LogResource } from './log-resource.ts';
export {
  openLogReader,
  type FoundEvent,
  type LogReader,
  type ReadCount,
  type ReadEvent,
  type Reading,
  type ReadParty,
  type SearchQuestion,
  type UnusualReader,
} from './reading/log-reader.ts';
export { loadLogHealth, type LogHealth } from './reading/log-health.ts';
export type { EventFilter, EventNumber, Grouping } from './reading/read-store.ts';
export {
  openSequencer,
  type BatchReport,
  type Sequencer,
  type SequencerMetrics,
  type SequencerOptions,
  type SequencerStatus,
} from './sequencer/sequencer.ts';
export { stampCheckpoint, type StampQueueOptions, type StampReport } from './sequencer/stamp-queue.ts';
export { requestTimeStamp, type TimeStampOptions } from './sequencer/time-stamp.ts';
export { EXIT_CODES, type Verdict, type VerdictWord } from './verifier/verdict.ts';
export { verifyExport, type VerifyOptions } from './verifier/verify-export.ts';
export { verifyProof } from './verifier/verify-proof.ts';

export { openWitness, type Witness, type WitnessAnswer, type WitnessOptions } from './witness/witness.ts';
export { makeWitness } from './witness/witness-key.ts';
export { serveWitness, type WitnessServer, type WitnessServerOptions } from './witness/witness-server.ts';

/** Tables of the log: PostgreSQL schema `audit`. Needs the roles socle_owner, socle_app and socle_sequencer. */
export const migrations: MigrationSet = {
  name: 'audit',
  folder: new URL('../migrations/', import.meta.url),
};
