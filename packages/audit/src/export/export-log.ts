import { createHash } from 'node:crypto';
import { mkdir, open, readdir, writeFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { canonicalJson, sha256, systemClock, type Clock, type JsonValue } from '@socle/base';
import type { ControllerScope, Database, Tx } from '@socle/db';
import { parseCheckpointText, signNote, type NoteSigner } from '../checkpoint.ts';
import { AuditError } from '../errors.ts';
import type { EventActor } from '../event.ts';
import type { Audit } from '../audit.ts';
import { loadHead } from '../sequencer/batch-store.ts';
import { buildEventLine } from './event-line.ts';
import { loadPseudonym, streamLeafHashes, streamRows, type ExportSelection } from './export-store.ts';

export interface ExportOptions {
  /** Logged in as `socle_app`. */
  readonly database: Database;
  readonly audit: Audit;
  /** The log's signing key. */
  readonly keys: NoteSigner;
  /** Folder to write: made when missing, refused when it holds anything. */
  readonly out: string;
  /** Why the log is read; it is logged. 1 to 200 characters. */
  readonly purpose: string;
  /** Who reads it; it is logged, and named by pseudonym. */
  readonly requester: EventActor;
  /** The controller in whose name it is read. */
  readonly controller: string;
  /** Events of which controllers. Default all. */
  readonly scope?: ControllerScope;
  /** Events from this instant on. */
  readonly from?: Date;
  /** Events before this instant. */
  readonly to?: Date;
  /** Only events that name this person, in whatever place. */
  readonly person?: string;
  /** `ndjson`: one event a line, verifiable. */
  readonly format?: 'ndjson';
  /** Default the machine's clock. */
  readonly clock?: Clock;
}

export interface ExportResult {
  /** Leaves of the tree that the export's checkpoint signs. */
  readonly size: number;
  readonly events: number;
  /** Leaves whose content is redacted, purged or missing. */
  readonly absent: number;
  /** The key that verifies it; hand it over by another way. */
  readonly verifierKey: string;
}

const FORMAT = 'socle-audit-export/1';

/**
 * Writes a folder that `verifyExport` checks without us: events, leaf hashes, checkpoint, and a signed manifest
 * (written last: a folder without it is an export that was interrupted). That the log was read is in the log before
 * the first byte is written.
 *
 * @throws AuditError `audit_purpose_missing`, `audit_export_folder_not_empty`, `audit_log_empty`.
 */
export async function exportLog(options: ExportOptions): Promise<ExportResult> {
  if (options.purpose.trim() === '') {
    throw new AuditError('audit_purpose_missing', {
      status: 400,
      publicMessage: 'Say why the log is read (--purpose): it is written in the log.',
    });
  }
  await prepareFolder(options.out);
  await options.audit.record({
    controller: options.controller,
    actor: options.requester,
    action: 'audit.log.exported',
    outcome: 'success',
    purpose: options.purpose,
    detail: {
      format: options.format ?? 'ndjson',
      ...(options.from ? { from: options.from.toISOString() } : {}),
      ...(options.to ? { to: options.to.toISOString() } : {}),
      ...(options.person ? { subject: options.person } : {}),
    },
  });
  // read before the tree is: what a witness saw by then, the export must contain
  const createdAt = (options.clock ?? systemClock).now();
  return options.database.transaction((tx) => write(tx, options, createdAt), {
    isolation: 'repeatable read',
    readOnly: true,
    scope: options.scope ?? 'all',
    maxAttempts: 1,
  });
}

async function write(tx: Tx, options: ExportOptions, createdAt: Date): Promise<ExportResult> {
  const head = await loadHead(tx);
  if (head.size === 0) {
    throw new AuditError('audit_log_empty', {
      status: 409,
      publicMessage: 'No event is in the tree yet. Check that the sequencer runs, then try again.',
    });
  }
  const selection = await buildSelection(tx, options);
  const checkpoint = await openOutput(options.out, 'checkpoint');
  await checkpoint.write(Buffer.from(head.note, 'utf8'));
  const leaves = await openOutput(options.out, 'leaves.bin');
  for await (const hashes of streamLeafHashes(tx, head.size)) await leaves.write(hashes);
  const output = await openOutput(options.out, 'events.ndjson');
  let events = 0;
  let absent = 0;
  for await (const rows of streamRows(tx, head.size, selection)) {
    const lines: Buffer[] = [];
    for (const row of rows) {
      lines.push(buildEventLine(row), LINE_FEED);
      if (row.payload === null) absent += 1;
      else events += 1;
    }
    await output.write(Buffer.concat(lines));
  }
  const manifest = canonicalJson({
    format: FORMAT,
    origin: parseCheckpointText(head.note)!.origin,
    verifierKey: options.keys.verifierKey,
    createdAt: createdAt.toISOString(),
    purpose: options.purpose,
    selection: describeSelection(selection, options.scope ?? 'all'),
    tree: { size: head.size, root: head.root.toString('base64') },
    counts: { events, absent },
    files: {
      checkpoint: await checkpoint.finish(),
      'leaves.bin': await leaves.finish(),
      'events.ndjson': await output.finish(),
    },
  });
  const signed = signNote(`${FORMAT}\n${sha256(manifest).toString('hex')}\n`, options.keys);
  await writeFile(path.join(options.out, 'manifest.sig'), signed, { mode: 0o600, flag: 'wx' });
  await writeFile(path.join(options.out, 'manifest.json'), manifest, { mode: 0o600, flag: 'wx' });
  return { size: head.size, events, absent, verifierKey: options.keys.verifierKey };
}

async function buildSelection(tx: Tx, options: ExportOptions): Promise<ExportSelection> {
  const pseudonym =
    options.person === undefined
      ? undefined
      : // a person without pseudonym is named nowhere: the nil UUID selects nothing
        ((await loadPseudonym(tx, options.person)) ?? '00000000-0000-0000-0000-000000000000');
  return {
    ...(options.from ? { from: options.from } : {}),
    ...(options.to ? { to: options.to } : {}),
    ...(pseudonym === undefined ? {} : { pseudonym }),
  };
}

function describeSelection(selection: ExportSelection, scope: ControllerScope): JsonValue {
  const described: Record<string, JsonValue> = {
    ...(selection.from ? { from: selection.from.toISOString() } : {}),
    ...(selection.to ? { to: selection.to.toISOString() } : {}),
    ...(selection.pseudonym ? { pseudonym: selection.pseudonym } : {}),
    ...(scope === 'all' ? {} : { controllers: scope }),
  };
  return Object.keys(described).length === 0 ? null : described;
}

async function prepareFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0) {
    throw new AuditError('audit_export_folder_not_empty', {
      status: 409,
      publicMessage: 'The folder to export to is not empty. Name another one.',
    });
  }
}

const LINE_FEED = Buffer.from('\n');

interface Output {
  write(bytes: Uint8Array): Promise<void>;
  finish(): Promise<{ bytes: number; sha256: string }>;
}

async function openOutput(folder: string, name: string): Promise<Output> {
  const handle: FileHandle = await open(path.join(folder, name), 'wx', 0o600);
  const digest = createHash('sha256');
  let bytes = 0;
  return {
    async write(piece) {
      digest.update(piece);
      bytes += piece.length;
      await handle.appendFile(piece);
    },
    async finish() {
      await handle.sync();
      await handle.close();
      return { bytes, sha256: digest.digest('hex') };
    },
  };
}
