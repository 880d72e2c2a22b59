import { generateKeyPair, exportJWK, type JWK } from 'jose';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { invariant } from '@socle/base';
import type { Socle } from '../compose.ts';
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
  const { publicJwk } = await loadOrMakeKey(keyFile);
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

async function loadOrMakeKey(file: string): Promise<{ publicJwk: JWK }> {
  const known = await readFile(file, 'utf8').catch(() => undefined);
  if (known) return { publicJwk: publicPart(JSON.parse(known) as JWK) };
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk: JWK = {
    ...(await exportJWK(privateKey)),
    alg: 'ES256',
    use: 'sig',
    kid: `${path.basename(file, '.key.json')}-1`,
  };
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.new`;
  await writeFile(draft, JSON.stringify(jwk), { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, file);
  return { publicJwk: publicPart(jwk) };
}

function publicPart({ kty, crv, x, y, alg, use, kid }: JWK): JWK {
  return { kty, crv, x, y, alg, use, kid } as JWK;
}

/** The document with every address of the module moved to another port. */
function withPort(document: unknown, url: string, port: string | undefined): unknown {
  if (!port) return document;
  const from = new URL(url).origin;
  const to = new URL(url);
  to.port = port;
  return JSON.parse(JSON.stringify(document).replaceAll(`"${from}`, `"${to.origin}`)) as unknown;
}
