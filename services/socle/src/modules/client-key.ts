import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** A client's key for private_key_jwt (RFC 7523): what the socle is told of it. */
export interface ClientKey {
  /** Public part, for the `jwks` of the client's metadata. */
  readonly publicJwk: JWK;
}

/**
 * Makes an ES256 key, writes its private part to `file` (mode 0600, whole or not at all) and gives the public part.
 * Its id is its RFC 7638 thumbprint. A key that is there already is kept.
 */
export async function ensureClientKey(file: string): Promise<ClientKey> {
  const known = await readFile(file, 'utf8').catch(() => undefined);
  if (known) return { publicJwk: publicPart(JSON.parse(known) as JWK) };
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const bare = await exportJWK(privateKey);
  const jwk: JWK = { ...bare, alg: 'ES256', use: 'sig', kid: await calculateJwkThumbprint(bare) };
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
