// `npm start`: the whole workspace on this machine. Starts the socle with the demo territory, then every school
// module of services/ that has a module.json, each in a process of its own; Ctrl-C stops them all, modules first.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

interface ReadyMessage {
  readonly ready: true;
  readonly issuer: string;
  readonly accountsFile?: string;
  /** Environment of each module, by its id: its database, its key. */
  readonly modules: Readonly<Record<string, Record<string, string>>>;
}

interface DemoAccount {
  readonly username: string;
  readonly password: string;
  readonly role: string;
  readonly school: string | null;
  readonly displayName: string;
  readonly note: string;
}

const STOP_TIMEOUT_MS = 20_000;
const MODULE_READY_TIMEOUT_MS = 30_000;
const startedAt = Date.now();
const children: { name: string; process: ChildProcess }[] = [];
let stopping = false;

process.on('SIGINT', () => void stop(0));
process.on('SIGTERM', () => void stop(0));

const documents = (await readdir('services'))
  .map((name) => path.join('services', name, 'module.json'))
  .filter(existsSync);
const modules = await Promise.all(
  documents.map(async (file) => {
    const document = JSON.parse(await readFile(file, 'utf8')) as { module: { id: string; url: string } };
    return { file, folder: path.dirname(file), ...document.module };
  }),
);

const ready = await startSocle(modules.map(({ file }) => file));
for (const module of modules) await startModule(module, ready);
await printSummary(ready);

function startSocle(moduleFiles: readonly string[]): Promise<ReadyMessage> {
  const args = [
    'services/socle/src/main.ts',
    'start',
    '--demo',
    ...moduleFiles.flatMap((file) => ['--module', file]),
  ];
  const child = start('socle', args, process.env, ['inherit', 'inherit', 'inherit', 'ipc']);
  return new Promise((resolve) => child.once('message', (message) => resolve(message as ReadyMessage)));
}

async function startModule(
  module: { id: string; folder: string; url: string },
  socle: ReadyMessage,
): Promise<void> {
  const env: NodeJS.ProcessEnv = {
    ...withoutSocleVariables(process.env),
    SOCLE_ISSUER: socle.issuer,
    ...socle.modules[module.id],
  };
  start(module.id, [path.join(module.folder, 'src/main.ts')], env, ['inherit', 'inherit', 'inherit']);
  const port = portOf(module);
  const deadline = Date.now() + MODULE_READY_TIMEOUT_MS;
  while (!stopping) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    if (Date.now() > deadline) {
      console.error(`${module.id} did not become ready within ${MODULE_READY_TIMEOUT_MS / 1000} s`);
      await stop(1);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function start(
  name: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  stdio: ('inherit' | 'ipc')[],
): ChildProcess {
  // detached: Ctrl-C in a terminal reaches this process alone, which then stops the others in the right order
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    env,
    stdio,
    detached: true,
  });
  children.push({ name, process: child });
  child.once('exit', (code) => {
    if (stopping) return;
    if (name !== 'socle') console.error(`${name} stopped (code ${code}); stopping the others`);
    void stop(code === 0 ? 1 : (code ?? 1));
  });
  return child;
}

async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  for (const { process: child } of children.toReversed()) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    child.kill('SIGTERM');
    await exited;
    clearTimeout(timer);
  }
  process.exit(code);
}

async function printSummary(socle: ReadyMessage): Promise<void> {
  console.log('');
  console.log(`  portal   ${socle.issuer}/`);
  for (const module of modules) {
    const url = new URL(module.url);
    url.port = portOf(module);
    console.log(`  ${module.id.padEnd(8)} ${url.href}`);
  }
  if (socle.accountsFile) {
    const accounts = JSON.parse(await readFile(socle.accountsFile, 'utf8')) as DemoAccount[];
    console.log(`\n  demo accounts (also in ${path.relative(process.cwd(), socle.accountsFile)}):\n`);
    const width = Math.max(...accounts.map((account) => account.username.length));
    for (const account of accounts) {
      console.log(
        `  ${account.username.padEnd(width)}  ${account.password.padEnd(18)}  ${account.role.padEnd(16)}  ${account.displayName}`,
      );
    }
  }
  console.log(`\nsocle ready: ${socle.issuer} (${Date.now() - startedAt} ms)`);
}

/** Where a module listens: `<MODULE>_PORT`, else the port of its registration document. */
function portOf(module: { id: string; url: string }): string {
  return process.env[`${module.id.toUpperCase()}_PORT`] ?? new URL(module.url).port;
}

function withoutSocleVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('SOCLE_')));
}
