import { readFile } from 'node:fs/promises';

/** The system account that PostgreSQL runs under; undefined when the present one will do. */
export interface ServerAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const CANDIDATES = ['postgres', 'nobody'];

/**
 * PostgreSQL refuses to run as root: then it runs as `postgres` where that account exists, else as `nobody`.
 * Gives undefined for an ordinary user.
 */
export async function findServerAccount(): Promise<ServerAccount | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const candidate of CANDIDATES) {
    const line = lines.find((fields) => fields[0] === candidate);
    if (line) return { name: candidate, uid: Number(line[2]), gid: Number(line[3]) };
  }
  return undefined;
}
