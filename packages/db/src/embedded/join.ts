import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { findServerAccount } from './account.ts';
import { prepareFolders } from './folders.ts';

/** A server that another process owns. */
export interface JoinedServer {
  readonly adminUrl: string;
  readonly password: string;
}

/** Finds the embedded server that another process of this machine runs on `folder`; undefined when none answers. */
export async function joinEmbeddedServer(folder: string): Promise<JoinedServer | undefined> {
  const folders = await prepareFolders(folder, await findServerAccount(), true);
  const password = (await readFile(path.join(folders.root, 'password'), 'utf8').catch(() => '')).trim();
  if (!password) return undefined;
  const adminUrl = `postgres://postgres:${password}@/postgres?host=${encodeURIComponent(folders.socket)}`;
  const client = new pg.Client({ connectionString: adminUrl });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return { adminUrl, password };
  } catch {
    return undefined;
  }
}
