import path from 'node:path';
import { invariant } from '@socle/base';
import type { Socle } from '../compose.ts';
import { ensureClientKey } from '../modules/client-key.ts';
import { parseModuleDocument } from '../modules/document.ts';
import { registerModule } from '../modules/register-module.ts';
import type { RuntimeDatabase } from '../runtime-database.ts';

/** Environment with which a module's process starts, without `SOCLE_ISSUER`. */
export type ModuleEnvironment = Readonly<Record<string, string>>;

/**
 * Registers a module of this machine: a key of its own, a database of its own with its two logins, and its client.
 * Where `<MODULE>_PORT` is set, the addresses of the document follow it.
 */
export async function prepareModule(
  socle: Socle,
  runtime: RuntimeDatabase,
  document: unknown,
  env: NodeJS.ProcessEnv,
): Promise<{ id: string; environment: ModuleEnvironment }> {
  const { module } = parseModuleDocument(document);
  const prefix = module.id.toUpperCase().replaceAll('-', '_');
  const keyFile = path.join(socle.config.dataDir, 'modules', `${module.id}.key.json`);
  const { publicJwk } = await ensureClientKey(keyFile);
  const local = withPort(document, module.url, env[`${prefix}_PORT`]) as { client: Record<string, unknown> };
  await registerModule(
    socle,
    { ...local, client: { ...local.client, jwks: { keys: [publicJwk] } } },
    { actor: { kind: 'system', id: 'demo' } },
  );
  invariant(runtime.provisionModule, 'the demo runs on the embedded server');
  const logins = await runtime.provisionModule(module.id.replaceAll('-', '_'));
  return {
    id: module.id,
    environment: {
      [`${prefix}_DATABASE_URL`]: logins.app,
      [`${prefix}_MIGRATOR_URL`]: logins.migrator,
      [`${prefix}_CLIENT_KEY_FILE`]: keyFile,
    },
  };
}

/** The document with every address of the module moved to another port. */
function withPort(document: unknown, url: string, port: string | undefined): unknown {
  if (!port) return document;
  const from = new URL(url).origin;
  const to = new URL(url);
  to.port = port;
  return JSON.parse(JSON.stringify(document).replaceAll(`"${from}`, `"${to.origin}`)) as unknown;
}
