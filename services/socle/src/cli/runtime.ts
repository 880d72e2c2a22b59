import { systemClock } from '@socle/base';
import { composeSocle, type Socle } from '../compose.ts';
import { openLog } from '../log.ts';
import { requireCurrentSchema } from '../migration-sets.ts';
import type { CommandIo } from './command.ts';
import { openDatabaseSession } from './session.ts';

/** The actor of what an operator does on the command line; the operating system says who may run it. */
export const COMMAND_LINE = { actor: { kind: 'system', id: 'command-line' } } as const;

/** The composed service without its server: beside a running one, or alone. */
export interface OpenedSocle {
  readonly socle: Socle;
  close(): Promise<void>;
}

/** Opens what a command works on. The caller closes it. */
export async function openSocle(io: CommandIo): Promise<OpenedSocle> {
  const { config, database } = await openDatabaseSession(io);
  try {
    await requireCurrentSchema(database.socle.app);
    const socle = await composeSocle({
      config,
      databaseUrl: database.socle.app,
      clock: systemClock,
      log: openLog('silent'),
    });
    return {
      socle,
      async close() {
        await socle.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Runs `work` with the composed service, and closes it whatever happens. */
export async function withSocle<T>(io: CommandIo, work: (socle: Socle) => Promise<T>): Promise<T> {
  const { socle, close } = await openSocle(io);
  try {
    return await work(socle);
  } finally {
    await close();
  }
}
