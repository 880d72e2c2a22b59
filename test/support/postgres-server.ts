import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbeddedServer } from '@socle/db';
import { TEST_SERVER_VARIABLE } from '@socle/db/testing';

/**
 * One throw-away PostgreSQL for the whole test run, whatever projects take part; each test file clones a database of its own
 * from it.
 */
export async function setup(): Promise<() => Promise<void>> {
  // Another project of this run already started it, and stops it.
  if (process.env[TEST_SERVER_VARIABLE]) return async () => {};
  const folder = await mkdtemp(path.join(await chooseRoot(), 'socle-test-'));
  const server = await startEmbeddedServer({ folder, throwAway: true, maxConnections: 400, mayMove: false });
  process.env[TEST_SERVER_VARIABLE] = server.adminUrl;
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

/** Memory where there is plenty: a clone of a template is then a matter of milliseconds, on most disks of half a second. */
const MEMORY = '/dev/shm';
const ENOUGH_BYTES = 8 * 1024 ** 3;

async function chooseRoot(): Promise<string> {
  const found = await statfs(MEMORY).catch(() => undefined);
  return found && found.bavail * found.bsize >= ENOUGH_BYTES ? MEMORY : tmpdir();
}
