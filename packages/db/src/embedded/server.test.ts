import { execFile, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { findServerAccount } from './account.ts';
import { joinEmbeddedServer } from './join.ts';
import { startEmbeddedServer, type EmbeddedServer } from './server.ts';

const folders: string[] = [];
const servers: EmbeddedServer[] = [];

async function start(folder: string, throwAway = true): Promise<EmbeddedServer> {
  const server = await startEmbeddedServer({ folder, throwAway, mayMove: false, maxConnections: 20 });
  servers.push(server);
  return server;
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp('/tmp/socle-db-');
  folders.push(folder);
  return folder;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

describe('startEmbeddedServer', () => {
  it('keeps what was committed across a stop and a start', async () => {
    const folder = await newFolder();
    const first = await start(folder);
    await query(first.adminUrl, 'CREATE TABLE kept AS SELECT 42 AS n');
    await first.stop();
    const second = await start(folder);
    expect(await query(second.adminUrl, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
  });

  it('starts again after its postmaster was killed outright', async () => {
    const folder = await newFolder();
    const first = await start(folder, false);
    await query(first.adminUrl, 'CREATE TABLE kept AS SELECT 42 AS n');
    process.kill(first.pid, 'SIGKILL');
    await first.crashed;
    await first.stop();
    const second = await start(folder, false);
    expect(await query(second.adminUrl, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
  });

  it('starts although the number of a killed postmaster belongs to another process by now', async () => {
    const folder = await newFolder();
    const first = await start(folder, false);
    await query(first.adminUrl, 'CREATE TABLE kept AS SELECT 42 AS n');
    const pidFile = path.join(folder, 'data/postmaster.pid');
    const lines = (await readFile(pidFile, 'utf8')).split('\n');
    process.kill(first.pid, 'SIGKILL');
    await first.crashed;
    await first.stop();
    // a process of PostgreSQL's own account, so that its check of the number finds it alive
    const account = await findServerAccount();
    const other = spawn('sleep', ['60'], account ? { uid: account.uid, gid: account.gid } : {});
    try {
      for (const file of [pidFile, path.join(folder, 'socket/.s.PGSQL.5432.lock')]) {
        await writeFile(file, [String(other.pid), ...lines.slice(1)].join('\n'));
      }
      const second = await start(folder, false);
      expect(await query(second.adminUrl, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
    } finally {
      other.kill();
    }
  });

  it('refuses a second owner of the same folder, naming the first, and lets it join', async () => {
    const folder = await newFolder();
    const first = await start(folder);
    await expect(start(folder)).rejects.toMatchObject({
      code: 'database_in_use',
      publicMessage: expect.stringContaining(`process ${process.pid}`),
    });
    const joined = await joinEmbeddedServer(folder);
    expect(joined?.adminUrl).toBe(first.adminUrl);
  });

  it('listens on no TCP port', async () => {
    const server = await start(await newFolder());
    const { stdout } = await promisify(execFile)('cat', [
      `/proc/${server.pid}/net/tcp`,
      `/proc/${server.pid}/net/tcp6`,
    ]);
    const inodes = new Set(
      (await promisify(execFile)('ls', ['-l', `/proc/${server.pid}/fd`])).stdout.match(/(?<=socket:\[)\d+/g),
    );
    const listening = stdout
      .split('\n')
      .filter((line) => / 0A /.test(line) && inodes.has(line.trim().split(/\s+/)[9] ?? ''));
    expect(inodes.size).toBeGreaterThan(0);
    expect(listening).toEqual([]);
  });

  it('makes the folders above its own so that its account can enter them', async () => {
    const parent = await newFolder();
    await chmod(parent, 0o755);
    const server = await startEmbeddedServer({
      folder: path.join(parent, 'var', 'postgres'),
      throwAway: true,
      mayMove: false,
    });
    servers.push(server);
    expect((await stat(path.join(parent, 'var'))).mode & 0o777).toBe(0o755);
    expect((await stat(path.join(parent, 'var', 'postgres'))).mode & 0o777).toBe(0o700);
  });

  it('keeps its password in a file that others cannot read, and refuses a wrong one', async () => {
    const folder = await newFolder();
    const server = await start(folder);
    const file = path.join(folder, 'password');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readFile(file, 'utf8')).length).toBeGreaterThanOrEqual(32);
    await expect(query(server.adminUrl.replace(server.password, 'wrong'), 'SELECT 1')).rejects.toThrow(
      /password/,
    );
  });

  it('says which folder it cannot use, and how to name another', async () => {
    const folder = await newFolder();
    await writeFile(path.join(folder, 'file'), '');
    await expect(start(path.join(folder, 'file'))).rejects.toMatchObject({
      code: 'database_folder_unusable',
      publicMessage: expect.stringContaining('SOCLE_DATA_DIR'),
    });
  });

  it.runIf(process.getuid?.() === 0)(
    'run as root, moves its data out of a folder that its account cannot enter, and says so',
    async () => {
      const parent = await newFolder();
      await chmod(parent, 0o755);
      const closed = path.join(parent, 'closed');
      await mkdir(closed, { mode: 0o700 });
      await expect(
        startEmbeddedServer({ folder: path.join(closed, 'pg'), mayMove: false, throwAway: true }),
      ).rejects.toMatchObject({
        code: 'database_folder_unusable',
      });
      const server = await startEmbeddedServer({ folder: path.join(closed, 'pg'), throwAway: true });
      servers.push(server);
      folders.push(server.folders.root);
      expect(server.folders.notice).toContain(closed);
      expect(await query(server.adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    },
  );
});
