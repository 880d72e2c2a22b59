import { createHash } from 'node:crypto';
import { chmod, chown, cp, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { DbError } from '../errors.ts';
import type { ServerAccount } from './account.ts';

/** Where an embedded server keeps its things. */
export interface ServerFolders {
  /** Holds everything below; the folder that was asked for, or one that the server's account can enter. */
  readonly root: string;
  /** PostgreSQL's own data directory. */
  readonly data: string;
  /** Holds the unix socket; short enough for the 107 bytes that a socket path may have. */
  readonly socket: string;
  /** Set when `root` is not the folder that was asked for: the sentence to tell the person. */
  readonly notice?: string;
}

const FALLBACK_ROOT = '/var/lib/socle';
const MAX_SOCKET_PATH_BYTES = 107;

/** Makes the folders, owned by the server's account, and says so when another root had to be taken. */
export async function prepareFolders(
  wanted: string,
  account: ServerAccount | undefined,
  mayMove: boolean,
): Promise<ServerFolders> {
  const asked = path.resolve(wanted);
  const tag = createHash('sha256').update(asked).digest('hex').slice(0, 12);
  let root = asked;
  let notice: string | undefined;
  if (account) {
    const barrier = await findClosedParent(path.dirname(asked), account);
    if (barrier) {
      if (!mayMove) throw unusable(asked, `the account ${account.name} cannot enter ${barrier}`);
      root = path.join(FALLBACK_ROOT, tag);
      notice = `PostgreSQL runs as ${account.name}, which cannot enter ${barrier}: its data is kept in ${root} (choose another place with SOCLE_DATA_DIR).`;
    }
  }
  const data = path.join(root, 'data');
  const local = path.join(root, 'socket');
  const fits = Buffer.byteLength(`${local}/.s.PGSQL.5432.lock`) <= MAX_SOCKET_PATH_BYTES;
  const socket = fits ? local : path.join('/tmp', `socle-${process.getuid?.() ?? 0}-${tag}`);
  try {
    // parents that are missing are made enterable, the server's own folders are closed
    await mkdir(path.dirname(root), { recursive: true, mode: 0o755 });
    for (const folder of [root, data, socket]) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      if (account) await chown(folder, account.uid, account.gid);
      await chmod(folder, 0o700);
    }
  } catch (error) {
    throw unusable(root, (error as Error).message, error);
  }
  return notice ? { root, data, socket, notice } : { root, data, socket };
}

/** A copy of PostgreSQL that the server's account can reach, when the installed one lies behind a closed folder. */
export async function reachableInstallation(
  installed: string,
  account: ServerAccount | undefined,
): Promise<string> {
  if (!account || !(await findClosedParent(installed, account))) return installed;
  const tag = createHash('sha256').update(installed).digest('hex').slice(0, 12);
  const copy = path.join(FALLBACK_ROOT, `postgresql-${tag}`);
  await mkdir(FALLBACK_ROOT, { recursive: true, mode: 0o755 });
  await cp(installed, copy, { recursive: true, force: true, verbatimSymlinks: true });
  await chmod(copy, 0o755);
  return copy;
}

async function findClosedParent(folder: string, account: ServerAccount): Promise<string | undefined> {
  const parts = path.resolve(folder).split(path.sep);
  for (let depth = 1; depth <= parts.length; depth += 1) {
    const current = parts.slice(0, depth).join(path.sep) || path.sep;
    const info = await stat(current).catch(() => undefined);
    if (!info) return undefined; // what does not exist yet will be made enterable
    const bit = info.uid === account.uid ? 0o100 : info.gid === account.gid ? 0o010 : 0o001;
    if ((info.mode & bit) === 0) return current;
  }
  return undefined;
}

function unusable(folder: string, why: string, cause?: unknown): DbError {
  return new DbError('database_folder_unusable', {
    status: 503,
    publicMessage: `The folder ${folder} cannot hold the database: ${why}. Name another one with SOCLE_DATA_DIR.`,
    cause,
  });
}
