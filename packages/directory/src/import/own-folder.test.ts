import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { makeOwnFolder, removeLeftFolders } from './own-folder.ts';

const exists = (place: string) =>
  access(place).then(
    () => true,
    () => false,
  );

it('removes what a killed process left, and nothing of a living one, of another machine, or that is a link', async () => {
  const own = await makeOwnFolder();
  const child = spawn(process.execPath, ['-e', '']);
  const dead = child.pid!;
  await once(child, 'exit');
  const like = (machine: string, pid: number) => {
    const [, , mine] = path.basename(own).split('-');
    return path.join(tmpdir(), `socle-feed-${machine || mine}-${pid}-zzzzzz`);
  };
  const left = like('', dead);
  await mkdir(left);
  await writeFile(path.join(left, 'feed.xml'), 'left');
  const elsewhere = like('0123456789ab', dead);
  await mkdir(elsewhere);
  const target = await mkdtemp(path.join(tmpdir(), 'socle-kept-'));
  const link = left.replace('zzzzzz', 'zzzzzy');
  await symlink(target, link);
  const other = left.replace('zzzzzz', 'zzzzzz.bak');
  await mkdir(other);
  try {
    await removeLeftFolders();
    expect(await exists(left)).toBe(false);
    for (const kept of [own, elsewhere, target, link, other]) expect(await exists(kept), kept).toBe(true);
    // The same folder, were it of a dead process, would go: what kept it is the process alone.
    const orphan = own.replace(`-${process.pid}-`, `-${dead}-`);
    await rename(own, orphan);
    await removeLeftFolders();
    expect(await exists(orphan)).toBe(false);
  } finally {
    for (const place of [own, left, elsewhere, link, other, target])
      await rm(place, { recursive: true, force: true });
  }
});
