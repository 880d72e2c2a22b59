import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AuditError } from '../errors.ts';

/** How far an export has come: enough to go on after it was interrupted. */
export interface ExportState {
  /** What was asked for; another question cannot go on with these files. */
  readonly question: string;
  /** Leaves below this one are written. */
  readonly next: number;
  /** Length of the file of events by then. */
  readonly bytes: number;
  readonly events: number;
  readonly absent: number;
  /** Key of the masks of this export, base64. */
  readonly maskKey: string;
}

const FILE = 'export.partial.json';

/**
 * Makes the folder, or finds where an interrupted export of the same question stands in it.
 *
 * @throws AuditError `audit_export_folder_not_empty` when it holds anything and `resume` is false,
 *   `audit_export_not_resumable` when there is nothing to go on with, or it answers another question.
 */
export async function prepareFolder(
  folder: string,
  question: string,
  resume: boolean,
): Promise<ExportState | undefined> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const isEmpty = (await readdir(folder)).length === 0;
  if (!resume && !isEmpty) {
    throw new AuditError('audit_export_folder_not_empty', {
      status: 409,
      publicMessage: 'The folder to export to is not empty. Name another one, or go on with --resume.',
    });
  }
  if (!resume || isEmpty) return undefined;
  const state = await loadState(folder);
  if (state?.question !== question) throw notResumable();
  return state;
}

/** Replaces the state in one step. */
export async function saveState(folder: string, state: ExportState): Promise<void> {
  const draft = path.join(folder, `${FILE}.new`);
  await writeFile(draft, JSON.stringify(state), { mode: 0o600 });
  await rename(draft, path.join(folder, FILE));
}

/** Takes the state away: the export is whole. */
export async function dropState(folder: string): Promise<void> {
  await rm(path.join(folder, FILE), { force: true });
}

/** Says that these files cannot be gone on with. */
export function notResumable(): AuditError {
  return new AuditError('audit_export_not_resumable', {
    status: 409,
    publicMessage: 'This folder holds no interrupted export of the same question. Export to an empty folder.',
  });
}

async function loadState(folder: string): Promise<ExportState | undefined> {
  try {
    return JSON.parse(await readFile(path.join(folder, FILE), 'utf8')) as ExportState;
  } catch {
    return undefined;
  }
}

/** Whether an export was begun in this folder and interrupted. */
export async function hasExportState(folder: string): Promise<boolean> {
  return readFile(path.join(folder, FILE)).then(
    () => true,
    () => false,
  );
}
