import { createHash } from 'node:crypto';
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';

/** Tells machines (and containers) apart that share a temporary folder: each knows only its own processes. */
const machine = () => createHash('sha256').update(hostname()).digest('hex').slice(0, 12);

const NAME = /^socle-feed-([0-9a-f]{12})-(\d{1,10})-[A-Za-z0-9]{6}$/;

/** Makes a private folder for unpacked files, whose name says which process of which machine answers for it. */
export async function makeOwnFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), `socle-feed-${machine()}-${process.pid}-`));
}

/**
 * Removes the folders that killed processes left: named by makeOwnFolder on this machine, of this account, of a process that is
 * no more. Whatever else is in the temporary folder is left alone, links among it. Never throws.
 */
export async function removeLeftFolders(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names) {
    const match = NAME.exec(name);
    if (!match || match[1] !== machine() || isAlive(Number(match[2]))) continue;
    const folder = path.join(tmpdir(), name);
    const info = await lstat(folder).catch(() => undefined);
    if (info?.isDirectory() && info.uid === process.getuid?.()) {
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
