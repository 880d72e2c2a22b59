// `npm run test:pack`: packs every package, installs the tarballs in an empty folder as a stranger would, and runs the lines under
// "Use" in each README against a throw-away PostgreSQL.
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { provisionDatabase, startEmbeddedServer } from '@socle/db';
import { packAll } from './pack.ts';

const packed = await packAll(path.resolve('var/pack'));
console.log(`packed ${packed.length} packages`);

let failed = 0;
for (const { name, folder } of packed) {
  const lint = spawnSync(path.resolve('node_modules/.bin/publint'), ['--strict', folder], {
    encoding: 'utf8',
  });
  if (lint.status === 0) continue;
  failed += 1;
  console.log(`FAILED publint ${name}\n${lint.stdout}${lint.stderr}`);
}

const stranger = await mkdtemp('/tmp/socle-pack-');
const server = await startEmbeddedServer({
  folder: path.join(stranger, 'postgres'),
  throwAway: true,
  mayMove: true,
});
let passed = 0;
try {
  await writeFile(
    path.join(stranger, 'package.json'),
    JSON.stringify({ name: 'stranger', private: true, type: 'module' }),
  );
  npm(['install', '--no-audit', '--no-fund', '--silent', ...packed.map(({ tarball }) => tarball)]);
  const library = await provisionDatabase({
    adminUrl: server.adminUrl,
    name: 'library',
    password: server.password,
  });
  await mkdir(path.join(stranger, 'library-migrations'));
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keyFile = path.join(stranger, 'library.key.json');
  await writeFile(keyFile, JSON.stringify({ ...privateKey.export({ format: 'jwk' }), alg: 'ES256' }), {
    mode: 0o600,
  });
  const logins = await provisionDatabase({
    adminUrl: server.adminUrl,
    name: 'socle',
    password: server.password,
    extraLogins: ['sequencer'],
  });
  for (const { name, folder } of packed) {
    const example = readExample(await readFile(path.join(folder, 'README.md'), 'utf8'));
    if (!example) {
      failed += 1;
      console.log(`FAILED ${name}: its README has no TypeScript lines under "Use"`);
      continue;
    }
    const file = path.join(stranger, `${name.split('/')[1]}.ts`);
    await writeFile(file, example);
    const result = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', file], {
      cwd: stranger,
      encoding: 'utf8',
      timeout: 60_000,
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: logins.app,
        MIGRATOR_DATABASE_URL: logins.migrator,
        SEQUENCER_DATABASE_URL: logins.others.sequencer,
        POLICIES_DIR: path.resolve('policies'),
        LIBRARY_DATABASE_URL: library.app,
        LIBRARY_MIGRATOR_URL: library.migrator,
        LIBRARY_CLIENT_KEY_FILE: keyFile,
        LIBRARY_PORT: '39005',
      },
    });
    if (result.status === 0) passed += 1;
    else failed += 1;
    console.log(
      `${result.status === 0 ? 'ok    ' : 'FAILED'} ${name}${result.status === 0 ? '' : `\n${result.stdout}${result.stderr}`}`,
    );
  }
} finally {
  await server.stop();
  await rm(stranger, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed === packed.length ? 0 : 1;

function npm(args: readonly string[]): void {
  const result = spawnSync('npm', args, { cwd: stranger, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`npm ${args[0]} failed:\n${result.stdout}${result.stderr}`);
}

/** The first TypeScript block under the head "Use". */
function readExample(readme: string): string | undefined {
  const section = /^## Use$([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(readme)?.[1];
  return section && /```ts\n([\s\S]*?)```/.exec(section)?.[1];
}
