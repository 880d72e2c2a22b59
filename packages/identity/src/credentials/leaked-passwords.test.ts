import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildLeakedPasswords } from './build-leaked-passwords.ts';
import { openLeakedPasswords } from './leaked-passwords.ts';

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex').toUpperCase();

describe('the list of leaked passwords', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp('/tmp/socle-leaked-');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const file = (name: string) => path.join(folder, name);

  it('finds every password of a file of digests, and none of ten thousand others', async () => {
    const known = Array.from({ length: 5_000 }, (_, n) => `mot de passe ${n}`);
    const lines = known.map((password, n) => `${sha1(password)}:${n + 1}`).toSorted();
    await writeFile(file('digests.txt'), lines.join('\r\n'));
    const built = await buildLeakedPasswords({ from: file('digests.txt'), to: file('all.bin') });
    expect(built.entries).toBe(5_000);
    const list = await openLeakedPasswords(file('all.bin'));
    expect(list.size).toBe(5_000);
    for (const password of known) expect(await list.has(password)).toBe(true);
    let found = 0;
    for (let n = 0; n < 10_000; n += 1) if (await list.has(`autre ${n}`)) found += 1;
    expect(found).toBe(0);
    await list.close();
  });

  it('leaves out what was seen less often than asked', async () => {
    const lines = [`${sha1('rare')}:2`, `${sha1('frequent')}:900`].toSorted();
    await writeFile(file('counts.txt'), lines.join('\n'));
    const built = await buildLeakedPasswords({
      from: file('counts.txt'),
      to: file('counts.bin'),
      minCount: 10,
    });
    expect(built).toMatchObject({ entries: 1, skipped: 1 });
    const list = await openLeakedPasswords(file('counts.bin'));
    expect([await list.has('rare'), await list.has('frequent')]).toEqual([false, true]);
    await list.close();
  });

  it('takes passwords in clear in any order, composed as they are when they are checked', async () => {
    await writeFile(file('plain.txt'), ['zèbre'.normalize('NFD'), 'abeille', 'abeille', ''].join('\n'));
    const built = await buildLeakedPasswords({ from: file('plain.txt'), to: file('plain.bin') });
    expect(built.entries).toBe(2);
    const list = await openLeakedPasswords(file('plain.bin'));
    expect(await list.has('zèbre')).toBe(true);
    expect(await list.has('zebre')).toBe(false);
    await list.close();
    expect((await readFile(file('plain.bin'))).includes('abeille')).toBe(false);
  });

  it('refuses digests out of order or mixed with passwords, and leaves no half list behind', async () => {
    await writeFile(file('unsorted.txt'), [sha1('a'), sha1('b')].toSorted().toReversed().join('\n'));
    await writeFile(file('mixed.txt'), `motdepasse\n${sha1('a')}`);
    for (const name of ['unsorted.txt', 'mixed.txt']) {
      await expect(buildLeakedPasswords({ from: file(name), to: file('bad.bin') })).rejects.toMatchObject({
        code: 'leaked_list_refused',
      });
    }
    expect((await readdir(folder)).filter((name) => name.startsWith('bad'))).toEqual([]);
  });

  it('refuses to open something else, or a list that was cut', async () => {
    await writeFile(file('other.bin'), 'not a list at all');
    await writeFile(file('cut.txt'), 'abeille\nzebre');
    await buildLeakedPasswords({ from: file('cut.txt'), to: file('cut.bin') });
    await truncate(file('cut.bin'), 8 + 65_537 * 8 + 4);
    for (const name of ['other.bin', 'cut.bin', 'missing.bin']) {
      await expect(openLeakedPasswords(file(name))).rejects.toMatchObject({ code: 'leaked_list_refused' });
    }
  });
});
