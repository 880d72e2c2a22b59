import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { SaxesParser } from 'saxes';

/** One record of a written file, as a stranger to the generator would read it. */
export interface WrittenRecord {
  readonly file: string;
  readonly operational: readonly [name: string, value: string];
  readonly id: string;
  /** In file order; an empty `value` is an empty string. */
  readonly attributes: ReadonlyMap<string, readonly string[]>;
}

/** Reads one file with a strict XML parser of its own; throws where it is not well-formed. For tests. */
function parseWrittenFile(file: string, text: string): WrittenRecord[] {
  const parser = new SaxesParser();
  const records: WrittenRecord[] = [];
  let content = '';
  let id = '';
  let name = '';
  let operational: [string, string] = ['', ''];
  let attributes = new Map<string, string[]>();
  const stack: string[] = [];
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', (tag) => {
    stack.push(tag.name);
    content = '';
    if (tag.name === 'addRequest') attributes = new Map();
    if (tag.name !== 'attr') return;
    name = tag.attributes['name'] ?? '';
    if (attributes.has(name)) throw new Error(`${file}: ${name} twice in one record`);
    if (stack.includes('attributes')) attributes.set(name, []);
  });
  parser.on('text', (piece) => {
    content += piece;
  });
  parser.on('closetag', (tag) => {
    stack.pop();
    if (tag.name === 'id') id = content;
    if (tag.name === 'value') {
      if (stack.includes('attributes')) attributes.get(name)!.push(content);
      else operational = [name, content];
    }
    if (tag.name === 'addRequest') records.push({ file, operational, id, attributes });
    content = '';
  });
  parser.write(text).close();
  return records;
}

/** Every record of a folder, by file type (`2D Eleve`). For tests. */
export async function parseWrittenFeed(folder: string): Promise<Map<string, WrittenRecord[]>> {
  const byType = new Map<string, WrittenRecord[]>();
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.xml')).sort()) {
    const match = /^ENT([12]D)VA-SOCLE_Complet_\d{8}_([A-Za-z]+)_\d{4}\.xml$/.exec(file);
    if (!match) throw new Error(`unexpected file name ${file}`);
    const type = `${match[1]!} ${match[2]!}`;
    const records = byType.get(type) ?? [];
    byType.set(type, records);
    for (const record of parseWrittenFile(file, await readFile(path.join(folder, file), 'utf8')))
      records.push(record);
  }
  return byType;
}
