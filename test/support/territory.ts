import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, readFile, readdir, readlink, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';

/** One line of `var/demo-accounts.json`. */
export interface DemoAccount {
  readonly username: string;
  readonly password: string;
  readonly role: string;
  readonly school: string | null;
  readonly displayName: string;
  readonly note: string;
  /** For a pupil who signs in with a badge. */
  readonly badge?: string;
  readonly badgeCode?: string;
  readonly pictures?: readonly string[];
  /** Base32, where the sign-in asks for a code. */
  readonly totpSecret?: string;
}

/** Where the services listen. */
export interface Ports {
  readonly socle: number;
  readonly grades: number;
}

/** The whole workspace, running in processes of its own as `npm start` runs it. */
export interface Territory {
  readonly issuer: string;
  readonly gradesUrl: string;
  readonly ports: Ports;
  readonly dataDir: string;
  readonly accounts: readonly DemoAccount[];
  /** The account of a role; the first one where several hold it. */
  account(role: string): DemoAccount;
  /** Variables with which the command line finds this territory. */
  readonly env: Readonly<Record<string, string>>;
  /** Ctrl-C; the data stays. */
  stop(): Promise<void>;
  /** kill -9 of the launcher, the services and PostgreSQL, all at once. */
  kill(): Promise<void>;
  /** Stops and deletes the data. */
  remove(): Promise<void>;
}

export interface TerritoryOptions {
  /** Data of an earlier territory, to start it again. Default: a new folder. */
  readonly dataDir?: string;
  /** Ports of an earlier territory: the demo's addresses are part of its data. Default: free ones. */
  readonly ports?: Ports;
}

/** A territory that may not be ready yet. */
export interface LaunchedTerritory {
  readonly ports: Ports;
  /** Resolves after so long, or as soon as it is ready. */
  waitMs(milliseconds: number): Promise<void>;
  ready(): Promise<Territory>;
  kill(): Promise<void>;
}

const START_TIMEOUT_MS = 90_000;
const REPOSITORY = path.resolve(import.meta.dirname, '../..');

/** Starts the workspace on free ports and a throw-away folder, and waits for the line `socle ready`. */
export async function startTerritory(options: TerritoryOptions = {}): Promise<Territory> {
  return (await launchTerritory(options)).ready();
}

/** Starts the workspace without waiting. */
export async function launchTerritory(options: TerritoryOptions = {}): Promise<LaunchedTerritory> {
  const dataDir = options.dataDir ?? (await mkdtemp('/tmp/socle-territory-'));
  await chmod(dataDir, 0o755); // run as root, PostgreSQL's account must be able to enter
  const ports = options.ports ?? { socle: await findFreePort(), grades: await findFreePort() };
  const issuer = `http://localhost:${ports.socle}`;
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '/',
    SOCLE_ISSUER: issuer,
    SOCLE_PORT: String(ports.socle),
    SOCLE_DATA_DIR: dataDir,
    SOCLE_LOG_LEVEL: 'warn',
    GRADES_PORT: String(ports.grades),
  };
  const child = spawn(process.execPath, ['scripts/start.ts'], {
    cwd: REPOSITORY,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const started = waitUntilReady(child);
  started.catch(() => {}); // a kill on the way is the caller's doing
  return {
    ports,
    waitMs: (milliseconds) =>
      Promise.race([
        new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
        started.catch(() => {}),
      ]),
    async ready() {
      await started;
      return describeTerritory(child, { issuer, ports, dataDir, env });
    },
    kill: () => killAll(child, dataDir),
  };
}

async function describeTerritory(
  child: ChildProcess,
  place: Pick<Territory, 'issuer' | 'ports' | 'dataDir' | 'env'>,
): Promise<Territory> {
  const { dataDir } = place;
  const accounts = JSON.parse(
    await readFile(path.join(dataDir, 'demo-accounts.json'), 'utf8'),
  ) as DemoAccount[];
  async function stop(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    await exited;
  }
  return {
    ...place,
    gradesUrl: `http://localhost:${place.ports.grades}`,
    accounts,
    account(role) {
      const found = accounts.find((account) => account.role === role);
      if (!found) throw new Error(`the demo has no ${role}`);
      return found;
    },
    stop,
    kill: () => killAll(child, dataDir),
    async remove() {
      await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function waitUntilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(
      () => reject(new Error(`the territory did not start:\n${output}`)),
      START_TIMEOUT_MS,
    );
    child.stdout!.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (/^socle ready: /m.test(output)) {
        clearTimeout(timer);
        resolve();
      }
    });
    child.stderr!.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`the territory ended with code ${code}:\n${output}`));
    });
  });
}

/** Every process that was started for this data folder: children of the launcher, and PostgreSQL with its backends. */
async function killAll(launcher: ChildProcess, dataDir: string): Promise<void> {
  const pids = new Set<number>([launcher.pid!]);
  for (const name of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '');
    const commandLine = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    const cwd = await readlink(`/proc/${name}/cwd`).catch(() => '');
    const ours =
      environment.includes(`SOCLE_DATA_DIR=${dataDir}\0`) ||
      commandLine.includes(dataDir) ||
      cwd.startsWith(dataDir) ||
      environment.includes(encodeURIComponent(dataDir));
    if (ours && Number(name) !== process.pid) pids.add(Number(name));
  }
  const ended = launcher.exitCode !== null || launcher.signalCode !== null;
  const gone = ended ? Promise.resolve() : new Promise((resolve) => launcher.once('exit', resolve));
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // it ended by itself in between
    }
  }
  await gone;
}

/** A loopback port that nothing listens on now. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
