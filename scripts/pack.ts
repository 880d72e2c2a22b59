// `npm run pack`: builds the publishable form of every package into var/pack: JavaScript and declarations in dist/, a manifest
// whose exports point there, and a tarball. In the repository itself packages export their TypeScript directly.
import { spawnSync } from 'node:child_process';
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly [member: string]: unknown;
}

/** A package that was built. */
export interface PackedPackage {
  readonly name: string;
  /** Path of its tarball. */
  readonly tarball: string;
  /** Path of its unpacked form. */
  readonly folder: string;
}

const REPOSITORY = path.resolve(import.meta.dirname, '..');
/** Folders of a package that are published beside dist/, where they exist. */
const KEPT = ['migrations', 'browser', 'assets', 'README.md'];

/** Builds every package of packages/ into `out`, in the order of their dependencies. Throws when one does not build. */
export async function packAll(out: string): Promise<PackedPackage[]> {
  await rm(out, { recursive: true, force: true });
  await mkdir(path.join(out, 'tarballs'), { recursive: true });
  const packed: PackedPackage[] = [];
  for (const { folder, manifest } of await sortByDependency())
    packed.push(await packOne(out, folder, manifest));
  return packed;
}

async function sortByDependency(): Promise<{ folder: string; manifest: Manifest }[]> {
  const names = await readdir(path.join(REPOSITORY, 'packages'));
  const waiting = await Promise.all(
    names.map(async (name) => {
      const folder = path.join(REPOSITORY, 'packages', name);
      return {
        folder,
        manifest: JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as Manifest,
      };
    }),
  );
  const sorted: typeof waiting = [];
  while (waiting.length > 0) {
    const done = new Set(sorted.map(({ manifest }) => manifest.name));
    const index = waiting.findIndex(({ manifest }) =>
      Object.keys(manifest.dependencies ?? {}).every((name) => !name.startsWith('@socle/') || done.has(name)),
    );
    if (index < 0) throw new Error('the packages depend on one another in a circle');
    sorted.push(...waiting.splice(index, 1));
  }
  return sorted;
}

async function packOne(out: string, source: string, manifest: Manifest): Promise<PackedPackage> {
  const build = path.join(out, 'build', path.basename(source));
  await cp(path.join(source, 'src'), path.join(build, 'src'), {
    recursive: true,
    filter: (file) => !file.endsWith('.test.ts'),
  });
  await writeFile(path.join(build, 'package.json'), JSON.stringify({ name: manifest.name, type: 'module' }));
  await writeFile(
    path.join(build, 'tsconfig.json'),
    JSON.stringify({
      extends: path.relative(build, path.join(REPOSITORY, 'tsconfig.json')),
      compilerOptions: {
        noEmit: false,
        rootDir: 'src',
        outDir: 'dist',
        declaration: true,
        allowImportingTsExtensions: false,
        rewriteRelativeImportExtensions: true,
      },
      include: ['src'],
      exclude: [],
    }),
  );
  run('tsc', ['-p', 'tsconfig.json'], build);

  const folder = path.join(out, 'node_modules', manifest.name);
  await mkdir(folder, { recursive: true });
  await cp(path.join(build, 'dist'), path.join(folder, 'dist'), { recursive: true });
  for (const kept of KEPT) {
    await cp(path.join(source, kept), path.join(folder, kept), { recursive: true }).catch(() => {});
  }
  await cp(path.join(REPOSITORY, 'LICENSE'), path.join(folder, 'LICENSE'));
  await writeFile(
    path.join(folder, 'package.json'),
    `${JSON.stringify(publishedManifest(manifest), null, 2)}\n`,
  );
  const tarball = run(
    'npm',
    ['pack', '--silent', '--pack-destination', path.join(out, 'tarballs')],
    folder,
  ).trim();
  return { name: manifest.name, tarball: path.join(out, 'tarballs', tarball), folder };
}

function publishedManifest(manifest: Manifest): unknown {
  const { devDependencies: _devDependencies, ...kept } = manifest;
  const exports = Object.fromEntries(
    Object.entries(manifest.exports).map(([name, file]) => {
      const built = file.replace(/^\.\/src\//, './dist/').replace(/\.ts$/, '');
      return [name, { types: `${built}.d.ts`, default: `${built}.js` }];
    }),
  );
  return {
    ...kept,
    exports,
    files: ['dist', ...KEPT.filter((name) => name !== 'README.md')],
    engines: { node: '>=24' },
  };
}

function run(command: string, args: readonly string[], cwd: string): string {
  const bin = path.join(REPOSITORY, 'node_modules/.bin');
  const result = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` },
  });
  if (result.status !== 0) {
    throw new Error(`${command} ${args.join(' ')} failed in ${cwd}:\n${result.stdout}${result.stderr}`);
  }
  return result.stdout;
}
