import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isSocleError, Secret, type Log } from '@socle/base';
import Fastify, { LogController, type FastifyBaseLogger } from 'fastify';
import { openClient } from '../open-client.ts';
import { ClientError } from '../errors.ts';
import { openModuleDatabase } from './database.ts';
import { stackOf } from './error-answers.ts';
import { addHealthRoutes } from './health.ts';
import type { ModuleOptions, ModuleParts, RunningModule } from './module.ts';
import { addPageRoutes } from './page-routes.ts';
import { addSecurityHeaders, buildSecurityHeaders } from './security-headers.ts';

const MAX_BODY_BYTES = 256 * 1024;

/**
 * Opens the database (with migrations), the client, the HTTP server with the module's routes, and listens. When any of
 * it fails, what was opened is closed again.
 *
 * @throws ClientError `module_config_invalid`, DbError, or the listening error.
 */
export async function startModule(options: ModuleOptions): Promise<RunningModule> {
  const { config } = options;
  const log = buildLog(options.log);
  const privateKeyJwk = await loadPrivateKey(config.clientKeyFile);
  const database = await openModuleDatabase({
    url: config.databaseUrl,
    ...(config.migratorUrl === undefined ? {} : { migratorUrl: config.migratorUrl }),
    name: options.name,
    migrations: options.migrations,
    log,
  });
  try {
    const client = await openClient({
      ...config,
      privateKeyJwk,
      database,
      log,
      title: options.title,
      actions: options.actions,
    });
    const parts: ModuleParts = { config, client, database };
    const headers = buildSecurityHeaders(config);
    const app = Fastify({
      loggerInstance: options.log,
      // Request lines would hold addresses with codes; modules log what they mean to.
      logController: new LogController({ disableRequestLogging: true }),
      // An address that is none is refused before any hook runs.
      frameworkErrors: (error, request, reply) => {
        void client.errorHandler(error, request, reply.headers(headers));
      },
      genReqId: () => randomUUID(),
      bodyLimit: MAX_BODY_BYTES,
      trustProxy: false,
      requestTimeout: 30_000,
      forceCloseConnections: 'idle',
    });
    addSecurityHeaders(app, headers);
    await app.register(client.plugin);
    addHealthRoutes(app, parts);
    await options.routes(app, parts);
    addPageRoutes(app, { assets: client.assets, baseUrl: config.baseUrl });
    try {
      await app.listen({ host: config.host, port: config.port });
    } catch (error) {
      await app.close();
      await client.close();
      throw error;
    }
    client.startDelivery();
    return {
      ...parts,
      app,
      async stop() {
        await app.close();
        await client.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/**
 * Runs a module until SIGTERM or SIGINT, then stops it in order. When it cannot start, logs one line that says what to
 * do and exits with 3 (a dependency is unavailable) or 2 (the configuration is wrong).
 */
export async function runModule(options: ModuleOptions): Promise<void> {
  const log = buildLog(options.log);
  let running: RunningModule;
  try {
    running = await startModule(options);
  } catch (error) {
    const expected = isSocleError(error);
    log.error(
      { code: expected ? error.code : 'internal', stack: expected ? null : stackOf(error) },
      expected ? error.publicMessage : 'the module could not start',
    );
    process.exitCode = isSocleError(error, 'module_config_invalid') ? 2 : 3;
    return;
  }
  log.info({ address: options.config.baseUrl }, `${options.name} ready`);
  const signal = await nextSignal();
  log.info({ signal }, `${options.name} stops`);
  await running.stop();
}

function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => resolve(name));
  });
}

async function loadPrivateKey(file: string): Promise<Secret> {
  try {
    return new Secret(await readFile(file));
  } catch (cause) {
    throw new ClientError('module_config_invalid', {
      status: 503,
      publicMessage:
        "The file of the module's private key cannot be read. Register the module, or correct its path.",
      cause,
    });
  }
}

function buildLog(logger: FastifyBaseLogger): Log {
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}
