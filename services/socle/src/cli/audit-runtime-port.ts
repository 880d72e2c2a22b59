import type { Audit, AuditKeys, ExportKeys } from '@socle/audit';
import type { Database } from '@socle/db';
import { EXIT, type CommandIo } from './command.ts';

/** What the verbs of `socle audit` that touch the log need; `verify` works without. */
export interface AuditRuntime {
  readonly database: Database;
  readonly keys: ExportKeys;
  /** Replaces the signing key; undefined where there is none to replace. */
  rotateKeys?(): Promise<AuditKeys>;
  readonly audit: Audit;
  close(): Promise<void>;
}

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
