import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { isUuid } from '@socle/base';
import type { Config } from '../config.ts';

/** Feeds that wait to be applied go after two days: a second person has a day to answer. */
const KEPT_MS = 2 * 86_400_000;

/** Where uploads are kept on this machine. */
export function uploadsFolder({ dataDir }: Pick<Config, 'dataDir'>): string {
  return path.join(dataDir, 'uploads');
}

/** A feed that waits, and the name of the source that it is to be imported as. */
export interface KeptUpload {
  readonly file: string;
  readonly source: string;
}

/** Keeps a file that was received under the id of its rehearsal, and forgets those that are too old. */
export async function keepUpload(
  config: Pick<Config, 'dataDir'>,
  id: string,
  received: { readonly path: string; readonly name: string; readonly source: string },
  now: Date,
): Promise<string> {
  const root = uploadsFolder(config);
  await forgetOldUploads(root, now);
  const folder = path.join(root, id, received.source);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, received.name);
  await rename(received.path, file);
  return file;
}

/** The file of a rehearsal; undefined when it was applied, is too old, or was received by another machine. */
export async function findUpload(
  config: Pick<Config, 'dataDir'>,
  id: string,
): Promise<KeptUpload | undefined> {
  if (!isUuid(id)) return undefined;
  const folder = path.join(uploadsFolder(config), id);
  const [source] = await readdir(folder).catch(() => []);
  if (source === undefined) return undefined;
  const [name] = await readdir(path.join(folder, source)).catch(() => []);
  return name === undefined ? undefined : { file: path.join(folder, source, name), source };
}

/** Forgets the file of a rehearsal. */
export async function dropUpload(config: Pick<Config, 'dataDir'>, id: string): Promise<void> {
  if (isUuid(id)) await rm(path.join(uploadsFolder(config), id), { recursive: true, force: true });
}

async function forgetOldUploads(root: string, now: Date): Promise<void> {
  for (const name of await readdir(root).catch(() => [])) {
    const entry = path.join(root, name);
    const info = await stat(entry).catch(() => undefined);
    if (info && now.getTime() - info.mtimeMs > KEPT_MS) await rm(entry, { recursive: true, force: true });
  }
}
