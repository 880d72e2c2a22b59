import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly type: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const root = JSON.parse(await readFile('package.json', 'utf8')) as Manifest;
const rooms = await Promise.all(
  ['packages', 'services']
    .flatMap((top) => top)
    .map(async (top) => (await readdir(top)).map((name) => `${top}/${name}`)),
).then((folders) =>
  Promise.all(
    folders.flat().map(async (folder) => ({
      folder,
      manifest: JSON.parse(await readFile(`${folder}/package.json`, 'utf8')) as Manifest,
      index: await readFile(`${folder}/src/index.ts`, 'utf8'),
    })),
  ),
);

/** Names that an index gives to the outside, types included. */
function exportedNames(index: string): string[] {
  const code = index.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
  const lists = [...code.matchAll(/export\s+(?:type\s+)?\{([^}]*)\}/g)].flatMap((match) =>
    match[1]!
      .split(',')
      .map(
        (entry) =>
          entry
            .trim()
            .replace(/^type\s+/, '')
            .split(/\s+as\s+/)
            .at(-1)!,
      )
      .filter(Boolean),
  );
  const declared = [
    ...code.matchAll(/export\s+(?:const|function|class|interface|type|async function)\s+(\w+)/g),
  ].map((match) => match[1]!);
  return [...lists, ...declared];
}

describe('what packages export', () => {
  it('sees every room and a plausible number of names', () => {
    expect(rooms.length).toBeGreaterThanOrEqual(10);
    expect(rooms.flatMap(({ index }) => exportedNames(index)).length).toBeGreaterThan(250);
  });

  it.each(rooms.map(({ manifest, index }) => [manifest.name, index] as const))(
    '%s names what it exports, one by one, once, and has no default',
    (_name, index) => {
      expect(index).not.toMatch(/export\s+\*|export\s+default/);
      const names = exportedNames(index);
      expect(names.length).toBeGreaterThan(0);
      expect(names.filter((name, position) => names.indexOf(name) !== position)).toEqual([]);
    },
  );

  it.each(rooms.map((room) => [room.manifest.name, room] as const))(
    '%s exports TypeScript that exists, under its root and at most its testing door',
    (_name, { folder, manifest }) => {
      const doors = Object.entries(manifest.exports);
      expect(doors.map(([door]) => door).filter((door) => door !== '.' && door !== './testing')).toEqual([]);
      for (const [, file] of doors) expect(existsSync(path.join(folder, file)), file).toBe(true);
    },
  );

  it('nobody inside a package imports its own index', async () => {
    let seen = 0;
    const wrong: string[] = [];
    for (const { folder } of rooms) {
      const files = (await readdir(`${folder}/src`, { recursive: true })).filter((name) =>
        name.endsWith('.ts'),
      );
      for (const file of files) {
        const text = await readFile(`${folder}/src/${file}`, 'utf8');
        const imports = [...text.matchAll(/from\s+'(\.[^']+)'/g)].map((match) =>
          path.posix.join(path.posix.dirname(`src/${file}`), match[1]!),
        );
        seen += imports.length;
        if (imports.includes('src/index.ts') && !file.endsWith('.test.ts') && !file.startsWith('testing/'))
          wrong.push(`${folder}/src/${file}`);
      }
    }
    expect(seen).toBeGreaterThan(1_000);
    expect(wrong).toEqual([]);
  });

  it('has one version in lockstep, one licence, and exact pins', () => {
    for (const { manifest } of rooms) {
      expect(manifest.version, manifest.name).toBe(root.version);
      expect(manifest.license, manifest.name).toBe('EUPL-1.2');
      expect(manifest.type, manifest.name).toBe('module');
      const pins = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
      for (const [name, version] of pins)
        expect(version, `${manifest.name} → ${name}`).toMatch(/^\d+\.\d+\.\d+/);
      for (const [name, version] of pins.filter(([pin]) => pin.startsWith('@socle/')))
        expect(version, name).toBe(root.version);
    }
  });
});
