import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { canonicalJson, sha256, systemClock, type Clock, type JsonValue } from '@socle/base';
import type { ControllerScope, Database, Queryable, Tx } from '@socle/db';
import type { Audit } from '../audit.ts';
import { parseCheckpointText, signNote, type NoteSigner } from '../checkpoint.ts';
import { AuditError } from '../errors.ts';
import type { EventActor } from '../event.ts';
import { loadHead, type Head } from '../sequencer/batch-store.ts';
import { continueFile, makeFile, type ExportFile } from './export-file.ts';
import { openRowWriter, type ExportFormat, type RowWriter } from './export-format.ts';
import { dropState, notResumable, prepareFolder, saveState, type ExportState } from './export-state.ts';
import { loadCosigned } from '../anchor/anchor-store.ts';
import { loadPseudonym, loadRows, streamLeafHashes, type ExportSelection } from './export-store.ts';
import { buildMask } from './mask.ts';

/** How far an export has come. */
export interface ExportProgress {
  /** Leaves that have been looked at, of `size`. */
  readonly leaf: number;
  readonly size: number;
  readonly events: number;
}

/** The signing key of an export. */
export interface ExportKeys extends NoteSigner {
  /** Statements by which each key named its successor, oldest first. Default none. */
  readonly successions?: readonly string[];
}

export interface ExportOptions {
  /** Logged in as `socle_app`. */
  readonly database: Database;
  readonly audit: Audit;
  /** The log's signing key, and what ties it to those before it. */
  readonly keys: ExportKeys;
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
  /** With `person`: everybody else is masked, as in a copy that is handed to that person. Default false. */
  readonly maskOthers?: boolean;
  /** Default `ndjson`. */
  readonly format?: ExportFormat;
  /** A byte order mark before a CSV. Default false. */
  readonly bom?: boolean;
  /** Goes on with an export of the same question that was interrupted in `out`. Default false. */
  readonly resume?: boolean;
  /** Called after each piece. */
  readonly onProgress?: (progress: ExportProgress) => void;
  /** Leaves a piece. Default 5 000. */
  readonly pieceSize?: number;
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
const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * Writes a folder with events, the checkpoint and a signed manifest; as `ndjson` also the leaf hashes, so that
 * `verifyExport` checks it without us. The manifest is written last: a folder without it is an export that was
 * interrupted, and `resume` goes on with it. That the log was read is in the log before the first byte is written.
 * Reads in short transactions, in memory that does not grow.
 *
 * @throws AuditError `audit_purpose_missing`, `audit_log_empty`, `audit_export_folder_not_empty`,
 *   `audit_export_not_resumable`.
 */
export async function exportLog(options: ExportOptions): Promise<ExportResult> {
  if (options.purpose.trim() === '') {
    throw new AuditError('audit_purpose_missing', {
      status: 400,
      publicMessage: 'Say why the log is read (--purpose): it is written in the log.',
    });
  }
  const earlier = await prepareFolder(options.out, describeQuestion(options), options.resume ?? false);
  const tree = await loadTree(options.database, options.clock);
  if (tree.head.size === 0) {
    throw new AuditError('audit_log_empty', {
      status: 409,
      publicMessage: 'No event is in the tree yet. Check that the sequencer runs, then try again.',
    });
  }
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
      ...(options.maskOthers ? { masked: true } : {}),
    },
  });
  return writeExport(options, earlier, tree);
}

/** A state of the tree, and an instant before it was read: what a witness saw by then, this state contains. */
interface TreeState {
  readonly createdAt: Date;
  readonly head: Head;
}

async function loadTree(database: Queryable, clock: Clock = systemClock): Promise<TreeState> {
  const createdAt = clock.now();
  return { createdAt, head: await loadHead(database) };
}

async function writeExport(
  options: ExportOptions,
  earlier: ExportState | undefined,
  start: TreeState,
): Promise<ExportResult> {
  const { database, out } = options;
  const selection = await buildSelection(options);
  const maskKey = earlier ? Buffer.from(earlier.maskKey, 'base64') : randomBytes(32);
  const { actions } = options.audit;
  const isMasked = options.maskOthers === true && selection.pseudonym !== undefined;
  const writer = openRowWriter({
    format: options.format ?? 'ndjson',
    bom: options.bom ?? false,
    mask: isMasked ? buildMask({ own: selection.pseudonym!, key: maskKey, actions }) : undefined,
    actions,
  });
  const file = earlier
    ? await continueFile(out, writer.file, earlier.bytes)
    : await makeFile(out, writer.file);
  if (!file) throw notResumable();
  const walk: Walk = {
    options,
    selection,
    writer,
    file,
    state: earlier ?? {
      question: describeQuestion(options),
      next: 0,
      bytes: 0,
      events: 0,
      absent: 0,
      maskKey: maskKey.toString('base64'),
    },
  };
  const reading = {
    isolation: 'repeatable read',
    readOnly: true,
    scope: options.scope ?? 'all',
    maxAttempts: 1,
  } as const;
  try {
    if (!earlier) await file.write(writer.head);
    for (let more = true; more; ) {
      more = await database.transaction((tx) => writePiece(tx, walk, start.head), reading);
    }
    return await database.transaction(async (tx) => {
      // what is absent may have been redacted on the way; its reason was sequenced before, and is in the tree by now
      const tree = walk.state.absent === 0 ? start : await loadTree(tx, options.clock);
      while (await writePiece(tx, walk, tree.head));
      return conclude(tx, walk, tree, isMasked);
    }, reading);
  } finally {
    await file.close().catch(() => {});
  }
}

interface Walk {
  readonly options: ExportOptions;
  readonly selection: ExportSelection;
  readonly writer: RowWriter;
  readonly file: ExportFile;
  state: ExportState;
}

/** Writes the next piece, and how far it came. False at the end of the tree. */
async function writePiece(tx: Tx, walk: Walk, head: Head): Promise<boolean> {
  const { options, state, file, writer } = walk;
  const most = options.pieceSize ?? 5_000;
  const rows = await loadRows(tx, walk.selection, { first: state.next, end: head.size, most });
  await file.write(Buffer.concat(rows.map((row) => writer.write(row))));
  const absent = rows.filter((row) => row.payload === null).length;
  const more = rows.length === most;
  walk.state = {
    ...state,
    next: more ? rows.at(-1)!.leaf_index + 1 : head.size,
    bytes: file.bytes,
    events: state.events + rows.length - absent,
    absent: state.absent + absent,
  };
  await saveState(options.out, walk.state);
  options.onProgress?.({ leaf: walk.state.next, size: head.size, events: walk.state.events });
  return more;
}

async function conclude(tx: Tx, walk: Walk, tree: TreeState, isMasked: boolean): Promise<ExportResult> {
  const { options, selection, writer } = walk;
  const { out, keys } = options;
  const { head, createdAt } = tree;
  const files: Record<string, JsonValue> = { [writer.file]: await walk.file.finish() };
  const companions = ['checkpoint', 'leaves.bin', 'cosigned.ndjson'];
  for (const name of companions) await rm(path.join(out, name), { force: true });
  const checkpoint = await makeFile(out, 'checkpoint');
  await checkpoint.write(Buffer.from(head.note, 'utf8'));
  files['checkpoint'] = await checkpoint.finish();
  if ((options.format ?? 'ndjson') === 'ndjson') {
    const leaves = await makeFile(out, 'leaves.bin');
    for await (const hashes of streamLeafHashes(tx, head.size)) await leaves.write(hashes);
    files['leaves.bin'] = await leaves.finish();
    const cosigned = await loadCosigned(tx, head.size);
    if (cosigned.length > 0) {
      const file = await makeFile(out, 'cosigned.ndjson');
      for (const { at, note } of cosigned)
        await file.write(Buffer.from(`${JSON.stringify({ at: at.toISOString(), note })}\n`));
      files['cosigned.ndjson'] = await file.finish();
    }
  }
  const { events, absent } = walk.state;
  const manifest = canonicalJson({
    format: FORMAT,
    form: options.format ?? 'ndjson',
    origin: parseCheckpointText(head.note)!.origin,
    verifierKey: keys.verifierKey,
    ...(keys.successions?.length ? { successions: [...keys.successions] } : {}),
    createdAt: createdAt.toISOString(),
    purpose: options.purpose,
    selection: describeSelection(selection, options.scope ?? 'all'),
    masked: isMasked,
    tree: { size: head.size, root: head.root.toString('base64') },
    counts: { events, absent },
    files,
  });
  const signed = signNote(`${FORMAT}\n${sha256(manifest).toString('hex')}\n`, keys);
  await writeFile(path.join(out, 'manifest.sig'), signed, { mode: 0o600 });
  await writeFile(path.join(out, 'manifest.json'), manifest, { mode: 0o600 });
  await dropState(out);
  return { size: head.size, events, absent, verifierKey: keys.verifierKey };
}

async function buildSelection(options: ExportOptions): Promise<ExportSelection> {
  const pseudonym =
    options.person === undefined
      ? undefined
      : // a person without pseudonym is named nowhere: the nil UUID selects nothing
        ((await loadPseudonym(options.database, options.person)) ?? NOBODY);
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

/** A digest of everything that decides which bytes are written. */
function describeQuestion(options: ExportOptions): string {
  const { format, bom, maskOthers, from, to, person, scope } = options;
  return sha256(
    canonicalJson([
      format ?? 'ndjson',
      bom ?? false,
      maskOthers ?? false,
      from?.toISOString() ?? null,
      to?.toISOString() ?? null,
      person ?? null,
      scope ?? 'all',
    ]),
  ).toString('hex');
}
