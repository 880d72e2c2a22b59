import { readFile, readdir } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

/** The floor of each room (docs/architecture.md). A file imports from lower floors only. */
const FLOORS: Readonly<Record<string, number>> = {
  '@socle/base': 0,
  '@socle/db': 1,
  '@socle/pages': 1,
  '@socle/authorization': 1,
  '@socle/audit': 2,
  '@socle/client': 2,
  '@socle/directory': 3,
  '@socle/identity': 3,
  '@socle/service': 4,
  '@socle/grades': 4,
};

/** A module may import these two of ours and nothing else. */
const MODULE_MAY_IMPORT = new Set(['@socle/client', '@socle/pages']);

/** Vendors that stay in their place: the files that may import them. */
const VENDOR_PLACES: Readonly<Record<string, { readonly pattern: RegExp; readonly atMost: number }>> = {
  casbin: { pattern: /^packages\/authorization\/src\/casbin-[a-z-]+\.ts$/, atMost: 1 },
  'oidc-provider': { pattern: /^packages\/identity\/src\//, atMost: 2 },
  pg: { pattern: /^packages\/db\/src\//, atMost: 20 },
  kysely: { pattern: /^packages\/(db\/src\/|[a-z]+\/src\/(.*\/)?[a-z-]*(store|tables)\.ts$)/, atMost: 40 },
  pino: { pattern: /^services\/[a-z]+\/src\/(main|log)\.ts$|^services\/socle\/src\/cli\//, atMost: 4 },
};

interface SourceFile {
  readonly file: string;
  readonly room: string;
  readonly imports: readonly string[];
}

const rooms = await loadRooms();
const files = (await Promise.all(rooms.map(loadFiles))).flat();

describe('the floors of the house', () => {
  it('sees every room and a plausible number of files and imports', () => {
    expect(rooms.map((room) => room.name).toSorted()).toEqual(Object.keys(FLOORS).toSorted());
    expect(files.length).toBeGreaterThan(80);
    expect(files.flatMap((file) => file.imports).length).toBeGreaterThan(300);
  });

  it('imports only from lower floors, and only what the manifest declares', () => {
    const wrong: string[] = [];
    for (const { file, room, imports } of files) {
      const declared = rooms.find((candidate) => candidate.name === room)!.declared;
      for (const specifier of imports) {
        const target = packageName(specifier);
        if (target === undefined || isBuiltin(specifier)) continue;
        if (target === room) wrong.push(`${file} imports its own package by name`);
        else if (target.startsWith('@socle/')) {
          if (FLOORS[target] === undefined) wrong.push(`${file} imports ${target}, which has no floor`);
          else if (FLOORS[target] >= FLOORS[room]!)
            wrong.push(`${file} (floor ${FLOORS[room]}) imports ${target} (floor ${FLOORS[target]})`);
          if (!declared.has(target))
            wrong.push(`${file} imports ${target}, which its manifest does not declare`);
        } else if (!declared.has(target) && !declared.has(`@types/${target}`)) {
          wrong.push(`${file} imports ${target}, which its manifest does not declare`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('never reaches into another package by path', () => {
    const wrong = files.flatMap(({ file, imports }) =>
      imports
        .filter((specifier) => specifier.startsWith('.'))
        .filter((specifier) => {
          const target = path.posix.join(path.posix.dirname(file), specifier);
          return target.split('/').slice(0, 2).join('/') !== file.split('/').slice(0, 2).join('/');
        })
        .map((specifier) => `${file} imports ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it('lets a school module import the client and the page kit only', () => {
    const modules = files.filter(({ room }) => FLOORS[room] === 4 && room !== '@socle/service');
    expect(modules.length).toBeGreaterThan(10);
    const wrong = modules.flatMap(({ file, imports }) =>
      imports
        .map(packageName)
        .filter(
          (name): name is string => name?.startsWith('@socle/') === true && !MODULE_MAY_IMPORT.has(name),
        )
        .map((name) => `${file} imports ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it.each(Object.entries(VENDOR_PLACES))('keeps %s in its place', (vendor, place) => {
    const importers = files.filter(({ imports }) =>
      imports.some((specifier) => packageName(specifier) === vendor),
    );
    expect(importers.length).toBeGreaterThan(0);
    expect(importers.length).toBeLessThanOrEqual(place.atMost);
    expect(importers.map(({ file }) => file).filter((file) => !place.pattern.test(file))).toEqual([]);
  });

  it('keeps each file under 400 lines, and has no drawer', async () => {
    const long: string[] = [];
    for (const { file } of files) {
      const lines = (await readFile(file, 'utf8')).split('\n').length;
      if (lines > 400) long.push(`${file}: ${lines}`);
    }
    expect(long).toEqual([]);
    const drawers = files.filter(({ file }) =>
      /(^|\/)(utils?|helpers?|common|shared|core|misc|manager)(\/|\.ts$)/.test(file),
    );
    expect(drawers.map(({ file }) => file)).toEqual([]);
  });

  it('has no cycle between files', () => {
    expect(findCycle(files)).toEqual([]);
  });
});

async function loadRooms(): Promise<{ name: string; folder: string; declared: Set<string> }[]> {
  const folders = (
    await Promise.all(
      ['packages', 'services'].map(async (top) => (await readdir(top)).map((name) => `${top}/${name}`)),
    )
  ).flat();
  return Promise.all(
    folders.map(async (folder) => {
      const manifest = JSON.parse(await readFile(`${folder}/package.json`, 'utf8')) as {
        name: string;
        dependencies?: Record<string, string>;
        optionalDependencies?: Record<string, string>;
      };
      const declared = new Set([
        ...Object.keys(manifest.dependencies ?? {}),
        ...Object.keys(manifest.optionalDependencies ?? {}),
      ]);
      return { name: manifest.name, folder, declared };
    }),
  );
}

/** Source files of a room; its tests may import what they like. */
async function loadFiles(room: { name: string; folder: string }): Promise<SourceFile[]> {
  const names = (await readdir(`${room.folder}/src`, { recursive: true })).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  );
  return Promise.all(
    names.map(async (name) => {
      const file = `${room.folder}/src/${name}`;
      return { file, room: room.name, imports: findImports(await readFile(file, 'utf8')) };
    }),
  );
}

function findImports(source: string): string[] {
  const code = source.replace(/^\s*(\/\/|\*|\/\*).*$/gm, '');
  const statements = code.matchAll(
    /^(?:import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm,
  );
  return [...statements].map((match) => (match[1] ?? match[2] ?? match[3])!);
}

function packageName(specifier: string): string | undefined {
  if (specifier.startsWith('.')) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier);
}

function findCycle(sources: readonly SourceFile[]): string[] {
  const graph = new Map(
    sources.map(({ file, imports }) => [
      file,
      imports
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => path.posix.join(path.posix.dirname(file), specifier)),
    ]),
  );
  const done = new Set<string>();
  const trail: string[] = [];
  function visit(file: string): string[] {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (done.has(file)) return [];
    trail.push(file);
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next);
      if (cycle.length > 0) return cycle;
    }
    trail.pop();
    done.add(file);
    return [];
  }
  for (const file of graph.keys()) {
    const cycle = visit(file);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
