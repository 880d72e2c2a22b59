import { createHash } from 'node:crypto';
import { createConnection, createServer } from 'node:net';
import { DbError } from '../errors.ts';

/** Held for as long as this process owns a data directory. */
export interface Ownership {
  release(): Promise<void>;
}

/**
 * Takes sole ownership of a data directory, by listening on an abstract unix socket named after it: the kernel
 * gives the name to one process at a time and takes it back at its death, kill -9 included, so there is no
 * stale lock to clean up. Whoever connects is told the owner's process id.
 *
 * @throws DbError `database_in_use`, which names the process that holds it.
 */
export async function takeOwnership(folder: string): Promise<Ownership> {
  const name = `\0socle-data-${createHash('sha256').update(folder).digest('hex').slice(0, 32)}`;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(String(process.pid));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return reject(error);
      void askOwner(name).then((owner) => reject(inUse(folder, owner)));
    });
    server.listen(name, resolve);
  });
  server.unref();
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

function askOwner(name: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = createConnection(name);
    const finish = () => resolve(/^\d+$/.test(answer) ? `process ${answer}` : 'another process');
    socket.setTimeout(1_000, () => socket.destroy());
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.on('error', () => {});
    socket.on('close', finish);
  });
}

function inUse(folder: string, owner: string): DbError {
  return new DbError('database_in_use', {
    status: 503,
    publicMessage: `The data directory ${folder} is in use by ${owner}. Stop it first, or give this one another directory with SOCLE_DATA_DIR.`,
  });
}
