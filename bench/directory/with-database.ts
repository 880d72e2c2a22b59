import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrations as auditMigrations } from '@socle/audit';
import {
  databaseUrl,
  migrate,
  openDatabase,
  provisionDatabase,
  startEmbeddedServer,
  type Database,
} from '@socle/db';
import { migrations } from '@socle/directory';

/**
 * An empty directory on a throw-away PostgreSQL: `work` gets the administrator's connections, which fill it with statements of any
 * length, and the service's own. All is removed afterwards.
 */
export async function withDirectoryDatabase<T>(
  work: (admin: Database, database: Database) => Promise<T>,
): Promise<T> {
  const root = await mkdtemp(path.join(tmpdir(), 'socle-bench-directory-'));
  const server = await startEmbeddedServer({ folder: path.join(root, 'postgres'), throwAway: true });
  try {
    const logins = await provisionDatabase({
      adminUrl: server.adminUrl,
      name: 'socle',
      password: 'bench',
      extraLogins: ['sequencer'],
    });
    await migrate({ url: logins.migrator, ownerRole: 'socle_owner', sets: [auditMigrations, migrations] });
    const admin = openDatabase({
      url: databaseUrl(server.adminUrl, { database: 'socle' }),
      maxConnections: 2,
      statementTimeoutMs: 0,
    });
    const database = openDatabase({ url: logins.app });
    try {
      return await work(admin, database);
    } finally {
      await Promise.all([admin.close(), database.close()]);
    }
  } finally {
    await server.stop();
    await rm(root, { recursive: true, force: true });
  }
}
