import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateAaf } from '@socle/directory';
import { runSocle } from '../support/command-line.ts';
import { mayMount } from '../support/small-disk.ts';

const run = promisify(execFile);
const SMALL_MIB = 160;
const LARGE_MIB = 600;

describe.runIf(mayMount())('a disk that fills up in the middle of an import', () => {
  let folder: string;
  let disk: string;
  let env: Record<string, string>;
  let counts: { pupils: number; relatives: number; staff: number };

  beforeAll(async () => {
    folder = await mkdtemp('/tmp/socle-disk-');
    await run('chmod', ['755', folder]);
    disk = path.join(folder, 'disk');
    await mkdir(disk);
    await run('mount', ['-t', 'tmpfs', '-o', `size=${SMALL_MIB}m,mode=755`, 'tmpfs', disk]);
    env = { PATH: process.env.PATH ?? '', SOCLE_DATA_DIR: disk, SOCLE_LOG_LEVEL: 'silent' };
    const feed = await generateAaf({
      folder: path.join(folder, 'aaf'),
      pupils: 3_000,
      schools: 12,
      seed: 'disk',
      date: new Date('2026-09-01'),
    });
    counts = feed.counts;
    expect((await runSocle(env, ['migrate'])).code).toBe(0);
    // what is left must not be enough for the feed
    await writeFile(path.join(disk, 'ballast'), Buffer.alloc(await freeBytes(disk, 12)));
  });
  afterAll(async () => {
    await run('umount', [disk]);
    await rm(folder, { recursive: true, force: true });
  });

  const importFeed = () => runSocle(env, ['import', 'aaf', path.join(folder, 'aaf'), '--json']);

  it('says so in one line, exits with 3, and the import is finished once there is room', async () => {
    const full = await importFeed();
    expect(full.code, full.stderr).toBe(3);
    expect(full.stderr.trim().split('\n').at(-1)).toMatch(
      /no disk space left|database does not answer|disk/i,
    );
    await rm(path.join(disk, 'ballast'));
    await run('mount', ['-o', `remount,size=${LARGE_MIB}m`, disk]);

    const again = await importFeed();
    expect(again.code, again.stderr).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({
      pupils: counts.pupils,
      relatives: counts.relatives,
      staff: counts.staff,
    });
    const settled = await importFeed();
    expect(JSON.parse(settled.stdout)).toMatchObject({ created: 0, changed: 0, refused: 0 });
    expect(await readdir(disk)).toContain('postgres');
  });
});

/** Bytes to fill so that `leftMiB` stay free. */
async function freeBytes(folder: string, leftMiB: number): Promise<number> {
  const { stdout } = await run('df', ['--output=avail', '-B1', folder]);
  return Number(stdout.trim().split('\n').at(-1)) - leftMiB * 2 ** 20;
}
