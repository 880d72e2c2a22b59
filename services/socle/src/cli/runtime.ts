import { systemClock } from '@socle/base';
import { migrate } from '@socle/db';
import { composeSocle, type Socle } from '../compose.ts';
import { ServiceError } from '../errors.ts';
import { openLog } from '../log.ts';
import { migrationSets, ownerRole } from '../migration-sets.ts';
import type { RuntimeDatabase } from '../runtime-database.ts';
import type { CommandIo } from './command.ts';
import { withDatabase } from './session.ts';

/** The actor of what an operator does on the command line; the operating system says who may run it. */
export const COMMAND_LINE = { actor: { kind: 'system', id: 'command-line' } } as const;

/** Runs `work` with the composed service, without serving: beside a running one, or alone. */
export async function withSocle<T>(
  io: CommandIo,
  work: (socle: Socle, database: RuntimeDatabase) => Promise<T>,
): Promise<T> {
  return withDatabase(io, async ({ config, database }) => {
    await requireCurrentSchema(database);
    const socle = await composeSocle({
      config,
      databaseUrl: database.socle.app,
      clock: systemClock,
      log: openLog('silent'),
    });
    try {
      return await work(socle, database);
    } finally {
      await socle.close();
    }
  });
}

async function requireCurrentSchema(database: RuntimeDatabase): Promise<void> {
  const { pending } = await migrate({
    url: database.socle.migrator ?? database.socle.app,
    ...(database.socle.migrator ? { ownerRole } : {}),
    sets: migrationSets,
    checkOnly: true,
  });
  if (pending.length === 0) return;
  throw new ServiceError('not_ready', {
    status: 503,
    publicMessage: `The database lacks ${pending.length} migrations. Run "socle migrate" first.`,
  });
}
