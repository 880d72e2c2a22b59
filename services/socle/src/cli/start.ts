import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { systemClock } from '@socle/base';
import type { Identity } from '@socle/identity';
import { migrate } from '@socle/db';
import { endDueSessions } from '@socle/directory';
import { composeAnchors, composeSequencer, composeSocle, type Socle } from '../compose.ts';
import { loadConfig } from '../config.ts';
import { prepareDemo, type DemoResult } from '../demo/prepare-demo.ts';
import { ServiceError } from '../errors.ts';
import { buildServer } from '../http/server.ts';
import { openMetrics } from '../http/health.ts';
import { openLog } from '../log.ts';
import { watchMetrics } from '../metrics.ts';
import { migrationSets, ownerRole, requireCurrentSchema } from '../migration-sets.ts';
import { openRuntimeDatabase, requireLogin, type RuntimeDatabase } from '../runtime-database.ts';
import { EXIT, type Command, type CommandIo } from './command.ts';
import { REPOSITORY_ROOT } from './session.ts';

/** `socle start`. */
export const startCommand: Command = {
  name: 'start',
  summary: 'Starts the service',
  usage: `
Usage: socle start [--demo [--module FILE]…]

Starts the service on SOCLE_HOST:SOCLE_PORT and serves until it is told to stop (SIGINT, SIGTERM).
  --demo          imports the demo territory and makes its accounts; localhost only
  --module FILE   with --demo: registers the school module that FILE describes, with a new key and a database of its own
SIGHUP reads the policies folder again; policies that are refused leave those in force as they are.
Without SOCLE_DATABASE_URL an embedded PostgreSQL is started in SOCLE_DATA_DIR.
`,
  async run(args, io) {
    const { values } = parseArgs({
      args: [...args],
      options: { demo: { type: 'boolean' }, module: { type: 'string', multiple: true } },
    });
    const startedAt = Date.now();
    const config = loadConfig(io.env, REPOSITORY_ROOT);
    if (values.demo && !config.isLocal) {
      throw new ServiceError('demo_refused', {
        status: 400,
        publicMessage:
          'The demo is refused: SOCLE_ISSUER is not on localhost. Its passwords are printed, so it must stay on one machine.',
      });
    }
    const log = openLog(config.logLevel);
    const stopSignal = waitForStop();
    const runtime = await openRuntimeDatabase({
      config,
      log,
      mayJoin: false,
      onNotice: (text) => io.stderr(`${text}\n`),
    });
    let running: RunningService | undefined;
    try {
      if (runtime.provisionModule) {
        await migrate({ url: requireLogin(runtime, 'migrator'), ownerRole, sets: migrationSets });
      } else await requireCurrentSchema(runtime.socle.app);
      const socle = await composeSocle({ config, databaseUrl: runtime.socle.app, clock: systemClock, log });
      running = await serve(socle, runtime);
      io.stderr(`${describeHashing(socle.identity.passwordHashing)}\n`);
      const demo = values.demo
        ? await prepareDemo(socle, runtime, await readDocuments(values.module ?? []), io)
        : undefined;
      announce(io, config.issuer, demo, Date.now() - startedAt);
      const why = await Promise.race([stopSignal, runtime.crashed.then(() => 'crashed' as const)]);
      if (why !== 'crashed') return EXIT.done;
      io.stderr(
        'socle start: PostgreSQL stopped by itself; see postgres.log in its folder. Start again to recover.\n',
      );
      return EXIT.unavailable;
    } finally {
      await running?.close();
      await runtime.close();
    }
  },
};

/** The sentence that says how passwords are hashed, and what would make it quicker. */
function describeHashing({ memoryKib, iterations, build }: Identity['passwordHashing']): string {
  const cost = `passwords: argon2id, ${memoryKib / 1024} MiB, ${iterations} passes`;
  return build === 'compiled'
    ? `${cost}, compiled for this processor`
    : `${cost}, by the prebuilt argon2: "npm run build:argon2" compiles one for this processor, which takes half the time`;
}

interface RunningService {
  close(): Promise<void>;
}

async function serve(socle: Socle, runtime: RuntimeDatabase): Promise<RunningService> {
  const sequencer = composeSequencer(socle, requireLogin(runtime, 'sequencer'));
  const metrics = openMetrics();
  const anchors = composeAnchors(socle, requireLogin(runtime, 'sequencer'));
  watchMetrics(metrics, socle, { sequencer, anchors });
  const app = await buildServer(socle, metrics, [
    { name: 'database', check: async () => void (await socle.database.query('SELECT 1')) },
  ]);
  const sweep = setInterval(() => {
    socle.identity
      .runDueWork()
      .then(() => socle.identity.sweepExpired())
      .then(() => socle.views.endOverdue())
      .then(() => endDueSessions(socle.database, socle.directoryPorts.sessions, () => socle.clock.now()))
      .catch(() =>
        socle.log.warn({}, 'due work of identity or the directory failed; it is tried again in a minute'),
      );
  }, 60_000);
  sweep.unref();
  const reload = (): void => {
    socle.policies.reload().then(
      (number) => socle.log.info({ number }, 'policies in force after SIGHUP'),
      (error: unknown) => socle.log.error({ name: (error as Error).name }, 'policies not reloaded'),
    );
  };
  process.on('SIGHUP', reload);
  async function close(): Promise<void> {
    clearInterval(sweep);
    process.off('SIGHUP', reload);
    await app.close();
    await anchors.close();
    await sequencer.close();
    await socle.close();
  }
  try {
    await app.listen({ host: socle.config.host, port: socle.config.port });
  } catch (error) {
    await close();
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new ServiceError('port_in_use', {
      status: 503,
      publicMessage: `Port ${socle.config.port} is in use. Stop what listens there, or choose another with SOCLE_PORT (and SOCLE_ISSUER).`,
    });
  }
  return { close };
}

function announce(io: CommandIo, issuer: string, demo: DemoResult | undefined, milliseconds: number): void {
  if (process.send)
    process.send({ ready: true, issuer, accountsFile: demo?.accountsFile, modules: demo?.modules ?? {} });
  else io.stdout(`socle ready: ${issuer} (${milliseconds} ms)\n`);
}

async function readDocuments(files: readonly string[]): Promise<unknown[]> {
  return Promise.all(files.map(async (file) => JSON.parse(await readFile(file, 'utf8')) as unknown));
}

function waitForStop(): Promise<'stop'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve('stop'));
    // the launcher went away: nobody is left to stop us
    process.once('disconnect', () => resolve('stop'));
  });
}
