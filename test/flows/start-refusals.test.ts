import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEmbeddedServer } from '@socle/db';
import { runSocle } from '../support/command-line.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const REFUSED = 1;
const USAGE = 2;
const UNAVAILABLE = 3;

/** One line for the person: no stack, no second line. */
function expectOneLine(stderr: string, words: RegExp): void {
  const lines = stderr
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('{'));
  expect(lines, stderr).toHaveLength(1);
  expect(lines[0]).toMatch(words);
}

describe('what a wrong start gets: one clear line and a distinct exit code', () => {
  let dataDir: string;
  let env: Record<string, string>;

  beforeEach(async () => {
    dataDir = await mkdtemp('/tmp/socle-start-');
    await chmod(dataDir, 0o755);
    env = {
      PATH: process.env.PATH ?? '',
      SOCLE_DATA_DIR: dataDir,
      SOCLE_PORT: '0',
      SOCLE_LOG_LEVEL: 'silent',
    };
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it('an unknown variable: refused, with the one that was meant', async () => {
    const result = await runSocle({ ...env, SOCLE_ISUER: 'http://localhost:3000' }, ['start']);
    expect(result.code).toBe(REFUSED);
    expectOneLine(result.stderr, /SOCLE_ISUER is not a variable of Socle \(did you mean SOCLE_ISSUER\?\)/);
    expect(existsSync(path.join(dataDir, 'postgres'))).toBe(false);
  });

  it('an issuer that is not on localhost: the demo is refused', async () => {
    const production = {
      ...env,
      SOCLE_ISSUER: 'https://ent.example.org',
      SOCLE_DATABASE_URL: 'postgres://x@/x?host=/nowhere',
      SOCLE_SEQUENCER_DATABASE_URL: 'postgres://x@/x?host=/nowhere',
      SOCLE_MASTER_KEY_FILE: '/nowhere',
    };
    const result = await runSocle(production, ['start', '--demo']);
    expect(result.code).toBe(REFUSED);
    expectOneLine(result.stderr, /demo is refused.*localhost/);
  });

  it('an unknown command or option: usage', async () => {
    const command = await runSocle(env, ['sart']);
    expect(command.code).toBe(USAGE);
    expectOneLine(command.stderr, /no command "sart".*start/);
    const option = await runSocle(env, ['start', '--dmeo']);
    expect(option.code).toBe(USAGE);
    expectOneLine(option.stderr, /--dmeo/);
    expect((await runSocle(env, ['--help'])).code).toBe(0);
  });

  it('a database that is stopped: unavailable, nothing written', async () => {
    const configured = { ...env, SOCLE_DATABASE_URL: 'postgres://socle_app@/socle?host=/tmp/no-such-socket' };
    for (const args of [['start'], ['account', 'find', 'zoe.lanoe'], ['import', 'aaf', '/tmp']]) {
      const result = await runSocle(configured, args);
      expect(result.code, args.join(' ')).toBe(UNAVAILABLE);
      expectOneLine(result.stderr, /database does not answer/);
    }
  });

  it('a second instance on the same directory: unavailable, with the process that holds it', async () => {
    const server = await startEmbeddedServer({ folder: path.join(dataDir, 'postgres'), throwAway: true });
    try {
      const result = await runSocle(env, ['start']);
      expect(result.code).toBe(UNAVAILABLE);
      expectOneLine(result.stderr, new RegExp(`in use by process ${process.pid}`));
    } finally {
      await server.stop();
    }
  });

  it('a port that is taken: unavailable, and the launcher stops everything it had started', async () => {
    const { server, port } = await listen();
    try {
      const child = spawn(process.execPath, ['scripts/start.ts'], {
        cwd: ROOT,
        env: { ...env, SOCLE_PORT: String(port), SOCLE_ISSUER: `http://localhost:${port}` },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let stderr = '';
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      const code = await new Promise((resolve) => child.once('exit', resolve));
      expect(code).toBe(UNAVAILABLE);
      expect(stderr).toContain(`Port ${port} is in use`);
      expect(existsSync(path.join(dataDir, 'postgres/data/postmaster.pid'))).toBe(false);
    } finally {
      server.close();
    }
  });

  it('a master key that others can read, or that is none: refused', async () => {
    const file = path.join(dataDir, 'master.key');
    for (const [content, mode, words] of [
      ['c2hvcnQ=\n', 0o600, /32 bytes/],
      [`${Buffer.alloc(32, 1).toString('base64')}\n`, 0o644, /chmod 600/],
    ] as const) {
      await writeFile(file, content);
      await chmod(file, mode);
      const result = await runSocle({ ...env, SOCLE_MASTER_KEY_FILE: file }, ['account', 'find', 'x']);
      expect(result.code).not.toBe(0);
      expect(result.stderr).toMatch(/migrat|Master key refused/);
      const started = await runSocle({ ...env, SOCLE_MASTER_KEY_FILE: file }, ['start']);
      expect(started.code).toBe(REFUSED);
      expectOneLine(started.stderr, words);
    }
  });

  it('an old Node without the locked runtime: one line that says how to get it', async () => {
    const launcher = await readFile(path.join(ROOT, 'scripts/with-node24.mjs'), 'utf8');
    const copy = path.join(dataDir, 'scripts');
    await promisify(execFile)('mkdir', ['-p', copy]);
    // a place without node_modules, and a runtime that says it is old: the file itself is the real one
    await writeFile(path.join(copy, 'with-node24.mjs'), launcher);
    await writeFile(
      path.join(copy, 'old.mjs'),
      `Object.defineProperty(process.versions, 'node', { value: '20.20.2' });`,
    );
    const failure = await promisify(execFile)(process.execPath, [
      '--import',
      path.join(copy, 'old.mjs'),
      path.join(copy, 'with-node24.mjs'),
      'scripts/start.ts',
    ]).catch((error: { code: number; stderr: string }) => error);
    expect(failure).toMatchObject({ code: UNAVAILABLE });
    expectOneLine(
      (failure as { stderr: string }).stderr,
      /needs Node 24 or newer, and this is Node 20\.20\.2: run "npm ci"/,
    );
  });
});

async function listen(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as { port: number }).port };
}
