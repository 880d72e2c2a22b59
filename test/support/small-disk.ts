import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A disk of memory that can be filled up. */
export interface SmallDisk {
  readonly folder: string;
  /** Leaves so many MiB free. */
  fill(leftMiB: number): Promise<void>;
  /** Gives the space back. */
  relieve(): Promise<void>;
  close(): Promise<void>;
}

/** Mounts one of `sizeMiB` under a folder that is there. */
export async function mountSmallDisk(under: string, sizeMiB: number): Promise<SmallDisk> {
  const folder = path.join(under, 'disk');
  const ballast = path.join(folder, 'ballast');
  await run('chmod', ['755', under]);
  await mkdir(folder);
  await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeMiB}m,mode=755`, 'tmpfs', folder]);
  return {
    folder,
    async fill(leftMiB) {
      const { stdout } = await run('df', ['--output=avail', '-B1', folder]);
      const free = Number(stdout.trim().split('\n').at(-1));
      await writeFile(ballast, Buffer.alloc(Math.max(0, free - leftMiB * 2 ** 20)));
    },
    relieve: () => rm(ballast, { force: true }),
    close: async () => void (await run('umount', [folder])),
  };
}

/** Whether this process may mount a small memory disk: root outside most containers. */
export function mayMount(): boolean {
  const folder = mkdtempSync('/tmp/socle-mount-');
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]).status === 0;
  if (mounted) spawnSync('umount', [folder]);
  rmdirSync(folder);
  return mounted;
}
