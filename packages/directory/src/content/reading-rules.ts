import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { migrations } from '../migration-set.ts';

const PLACES = ['../aaf/', '../import/'];

/**
 * Names the rules by which records become rows: a digest of the files that hold them, and the numbers of the migrations. The same
 * record may mean something else to the next release, and then a feed that says the same is to be read again.
 */
export async function loadReadingRules(): Promise<string> {
  const hash = createHash('sha256');
  let files = 0;
  for (const place of PLACES) {
    const folder = new URL(place, import.meta.url);
    const names = (await readdir(folder)).filter((name) => /(?<!\.d|\.test)\.(ts|js)$/.test(name));
    for (const name of names.toSorted()) {
      hash.update(`${place}${name}\0`).update(await readFile(new URL(name, folder)));
      files += 1;
    }
  }
  if (files < PLACES.length) throw new Error('the files that hold the rules are not there');
  for (const name of (await readdir(migrations.folder)).toSorted()) hash.update(`${name}\0`);
  return hash.digest('hex');
}
