import { readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Path of the feed's first file of a type. */
export async function findFile(folder: string, type: string): Promise<string> {
  const name = (await readdir(folder)).sort().find((entry) => entry.includes(`_${type}_`));
  if (!name) throw new Error(`the feed has no ${type} file`);
  return path.join(folder, name);
}

/** Changes the text of one file; fails when the change changes nothing. */
export async function rewrite(folder: string, type: string, change: (text: string) => string): Promise<void> {
  const file = await findFile(folder, type);
  const before = await readFile(file, 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`the ${type} file was left as it was`);
  await writeFile(file, after);
}

/** Changes the bytes of every XML file. */
export async function rewriteAll(
  folder: string,
  change: (text: string) => string | Uint8Array,
): Promise<void> {
  let changed = 0;
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.xml')) continue;
    const file = path.join(folder, name);
    const before = await readFile(file, 'utf8');
    const after = change(before);
    if (after !== before) changed += 1;
    await writeFile(file, after);
  }
  if (changed === 0) throw new Error('no file was changed');
}

/** Removes the feed's file of a type. */
export async function removeFile(folder: string, type: string): Promise<void> {
  await rm(await findFile(folder, type));
}

/** Renames every XML file. */
export async function renameAll(folder: string, change: (name: string) => string): Promise<void> {
  for (const name of await readdir(folder))
    if (name.endsWith('.xml')) await rename(path.join(folder, name), path.join(folder, change(name)));
}

/** Bytes of a text in ISO-8859-15; fails for a character that it lacks. */
export function encodeLatin9(text: string): Uint8Array {
  const moved: Readonly<Record<string, number>> = {
    '€': 0xa4,
    Š: 0xa6,
    š: 0xa8,
    Ž: 0xb4,
    ž: 0xb8,
    Œ: 0xbc,
    œ: 0xbd,
    Ÿ: 0xbe,
  };
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) {
    const code = moved[text[i]!] ?? text.charCodeAt(i);
    if (code > 0xff) throw new Error('a character is not in ISO-8859-15');
    bytes[i] = code;
  }
  return bytes;
}
