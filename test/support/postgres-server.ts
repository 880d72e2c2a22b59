import { mkdtemp, rm } from 'node:fs/promises';
import { startEmbeddedServer } from '@socle/db';
import { TEST_SERVER_VARIABLE } from '@socle/db/testing';

/**
 * One throw-away PostgreSQL for the whole test run, whatever projects take part; each test file clones a database of its own
 * from it.
 */
export async function setup(): Promise<() => Promise<void>> {
  // Another project of this run already started it, and stops it.
  if (process.env[TEST_SERVER_VARIABLE]) return async () => {};
  const folder = await mkdtemp('/tmp/socle-test-');
  const server = await startEmbeddedServer({ folder, throwAway: true, maxConnections: 400, mayMove: false });
  process.env[TEST_SERVER_VARIABLE] = server.adminUrl;
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
