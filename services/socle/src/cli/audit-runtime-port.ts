import type { Audit, AuditKeys, ExportKeys } from '@socle/audit';
import type { PersonId } from '@socle/base';
import type { Database } from '@socle/db';
import { EXIT, type CommandIo } from './command.ts';

/** What the verbs of `socle audit` that touch the log need; `verify` works without. */
export interface AuditRuntime {
  readonly database: Database;
  readonly keys: ExportKeys;
  /** Replaces the signing key; undefined where there is none to replace. */
  rotateKeys?(): Promise<AuditKeys>;
  readonly audit: Audit;
  /** Uses up a second person's confirmation of a bulk export, or asks for it; undefined where nobody can be asked. */
  confirmBulk?(request: BulkRequest): Promise<BulkAnswer>;
  /** Events from which on an export of more than one person takes two people. */
  readonly bulkEvents: number;
  close(): Promise<void>;
}

/** An export that one person alone may not make. */
export interface BulkRequest {
  /** Digest of the question: the very export that is confirmed. */
  readonly subject: string;
  readonly purpose: string;
  readonly format: string;
  readonly from?: Date;
  readonly to?: Date;
  /** The person who asks; the command line itself when absent. */
  readonly by?: PersonId;
}

export type BulkAnswer =
  | { readonly confirmed: true }
  | { readonly confirmed: false; readonly approval: string; readonly expiresAt: Date };

/** More events than a month of a school, fewer than a day of an academy. */
export const BULK_EVENTS = 20_000;

/** An instant or a day in UTC; undefined when absent, null when it is neither. */
export function parseInstant(text: string | undefined): Date | undefined | null {
  if (text === undefined) return undefined;
  if (!/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z)?$/.test(text)) return null;
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? null : instant;
}

/** Says in one line why the command line was not understood. */
export function wrongUsage(io: CommandIo, why: string): number {
  io.stderr(`socle audit: ${why}. See socle audit --help.\n`);
  return EXIT.usage;
}
